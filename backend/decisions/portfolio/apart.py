"""A portfolio found in a process of its own, which ends with it: numpy and scipy take some 60 MB.

`python -m backend.decisions.portfolio.apart` reads a problem as JSON, and writes its study.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from .problem import Problem
from .told import Study

ROOT = Path(__file__).resolve().parents[3]
LONGEST = 240
"""Seconds for a whole study, after which the process is ended."""


def studied(problem: Problem, seconds: float | None = None, order: Sequence[str] | None = None) -> Study:
    """The study of a problem; with `order`, bounds that cannot all hold give way (`study_yielding`).

    CalledProcessError when the process fails.
    """
    asked = {"problem": problem.as_json(), "seconds": seconds, "order": order}
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__],
            input=json.dumps(asked),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            cwd=ROOT,
            timeout=LONGEST,
        )
    except subprocess.TimeoutExpired:
        return Study(problem.fingerprint, hard=True)
    return Study.from_json(json.loads(done.stdout))


def main(asked: TextIO, answer: TextIO) -> None:
    """Read, study, write."""
    from .study import study, study_yielding

    plain = json.load(asked)
    problem, seconds = Problem.from_json(plain["problem"]), plain.get("seconds")
    order = plain.get("order")
    found = study(problem, seconds) if order is None else study_yielding(problem, order, seconds)
    json.dump(asdict(found), answer)


if __name__ == "__main__":
    main(sys.stdin, sys.stdout)
