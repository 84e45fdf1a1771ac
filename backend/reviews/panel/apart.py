"""The study of a panel in a process of its own (`core.apart`)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ...calls.callfile.models import Grid
from ...core import apart

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
    return Studied(**apart.ask(__name__, asked, LONGEST))


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


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """What `studied` asks."""
    grid = Grid.model_validate_json(asked["grid"])
    return asdict(study_here(grid, [Signed(**one) for one in asked["reviews"]], asked["hidden"]))


if __name__ == "__main__":
    apart.serve(answer)
