"""A portfolio found in a process of its own (`core.apart`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from subprocess import TimeoutExpired
from typing import Any

from ...core import apart
from .problem import Problem
from .told import Study

LONGEST = 240
"""Seconds for a whole study, after which the process is ended."""


def studied(problem: Problem, seconds: float | None = None, order: Sequence[str] | None = None) -> Study:
    """The study of a problem; with `order`, bounds that cannot all hold give way (`study_yielding`).

    CalledProcessError when the process fails.
    """
    asked = {"problem": problem.as_json(), "seconds": seconds, "order": order}
    try:
        return Study.from_json(apart.ask(__name__, asked, LONGEST))
    except TimeoutExpired:
        return Study(problem.fingerprint, hard=True)


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """What `studied` asks."""
    from .study import study, study_yielding

    problem, seconds, order = Problem.from_json(asked["problem"]), asked["seconds"], asked["order"]
    return asdict(study(problem, seconds) if order is None else study_yielding(problem, order, seconds))


if __name__ == "__main__":
    apart.serve(answer)
