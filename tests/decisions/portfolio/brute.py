"""Every portfolio of a few dossiers, one after the other: what the solver has to agree with."""

from collections.abc import Iterator
from itertools import product

from backend.decisions.portfolio.problem import Problem


def portfolios(problem: Problem, step: int = 1) -> Iterator[dict[str, int]]:
    """Every way to grant, in steps, that respects everything."""
    choices = [(*((0,) * (not one.held)), *range(one.least, one.asked + 1, step)) for one in problem.files]
    for amounts in product(*choices):
        granted = {one.id: n for one, n in zip(problem.files, amounts, strict=True) if n}
        if not problem.breaks(granted):
            yield granted


def key(problem: Problem, granted: dict[str, int]) -> tuple[object, ...]:
    """The order of portfolios: benefit, score, ranks, money granted."""
    chosen = tuple(one.id in granted for one in problem.files)
    return problem.benefit(granted), problem.score(granted), chosen, sum(granted.values())


def best(problem: Problem) -> dict[str, int] | None:
    """The first portfolio in that order; None when there is none."""
    return max(portfolios(problem), key=lambda one: key(problem, one), default=None)
