"""The study of a panel in a process of its own, which ends with it: numpy and scipy take some 60 MB.

`python -m backend.reviews.panel.apart` reads what is asked as JSON, and writes what is found.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TextIO

from ...calls.callfile.models import Grid

ROOT = Path(__file__).resolve().parents[3]
LONGEST = 900
"""Seconds; 10 000 dossiers take some twenty."""


@dataclass(frozen=True)
class Signed:
    """A signed review: whose, of which dossier, and its marks by criterion."""

    file: str
    evaluator: str
    marks: dict[str, int]


@dataclass(frozen=True)
class Studied:
    """The report of the whole, and of what is left without each set of dossiers (None: nothing).

    `files` are the corrected scores of the whole: file, corrected, se, rank, rank_low, rank_high
    (no rank where the model cannot tell it: `Corrected.unsure`).
    """

    whole: dict[str, Any]
    views: list[dict[str, Any] | None]
    files: list[dict[str, Any]]


def studied(grid: Grid, reviews: Sequence[Signed], hidden: Sequence[Collection[str]]) -> Studied:
    """Study the panel apart. CalledProcessError when the study fails."""
    asked = {
        "grid": grid.model_dump_json(exclude_none=True),
        "reviews": [asdict(one) for one in reviews],
        "hidden": [sorted(one) for one in hidden],
    }
    done = subprocess.run(
        [sys.executable, "-m", __name__],
        input=json.dumps(asked),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        cwd=ROOT,
        timeout=LONGEST,
    )
    return Studied(**json.loads(done.stdout))


def study_here(grid: Grid, reviews: Sequence[Signed], hidden: Sequence[Collection[str]]) -> Studied:
    """The same in this process."""
    from .report import study

    whole, found = study(grid, reviews)
    views = []
    for out in hidden:
        seen = [one for one in reviews if one.file not in out]
        views.append(study(grid, seen)[0] if seen else None)
    files = [asdict(one) for one in found.corrected.files] if found.corrected else []
    if found.corrected and found.corrected.unsure:
        files = [one | {"rank": None, "rank_low": None, "rank_high": None} for one in files]
    return Studied(whole, views, files)


def main(asked: TextIO, told: TextIO) -> None:
    """Read, study, write."""
    plain = json.load(asked)
    grid = Grid.model_validate_json(plain["grid"])
    found = study_here(grid, [Signed(**one) for one in plain["reviews"]], plain["hidden"])
    json.dump(asdict(found), told)


if __name__ == "__main__":
    main(sys.stdin, sys.stdout)
