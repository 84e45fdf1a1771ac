"""The best portfolio, exactly, and the only one: ties are broken until none is left.

In this order, each before all that follow: the sum of the benefits; the sum of the scores; the ranks (of two
portfolios, the one that funds the best ranked dossier in which they differ). Where amounts may be less than
what is asked, as much money as can be is then granted, the best ranked first (`shares_out`).

HiGHS searches in doubles; what it finds is computed again in whole centimes. A portfolio that only rounding
had let pass is excluded by a row of its own and the search goes on: excluding it excludes nothing else.
"""

from __future__ import annotations

from collections.abc import Collection
from math import inf

import numpy as np

from .problem import Problem
from .program import Program, Row, TooHard, Vector
from .told import Solution

BATCH = 16
"""Dossiers whose ranks are compared at once: powers of two up to 2^15 stay exact."""
CORE = 150
"""Dossiers among which the first search is made."""
RETRIES = 50


def solve(problem: Problem) -> Solution | None:
    """The best portfolio; None when no portfolio respects the bounds. Raises TooHard."""
    program = Program.of(problem)
    benefits = program.column(one.benefit for one in problem.files)
    scores = program.column(one.score for one in problem.files)
    chosen = _first(program, benefits)
    if chosen is None:
        return None
    aims = [benefits] if np.array_equal(benefits, scores) else [benefits, scores]
    for aim in aims:
        chosen = chosen if aim is benefits else _again(program, aim)
        reached = int(aim @ chosen)
        relaxed = program.relaxed(aim) if program.size else None
        if relaxed:
            program.settle(relaxed, reached)
        program.rows.append(Row(aim, reached, inf))
    chosen = _by_rank(program, chosen)
    granted = amounts(program, chosen)
    if granted is None or problem.breaks(granted):
        raise TooHard("unverified")
    return Solution(granted, problem.benefit(granted), problem.score(granted))


def with_another(problem: Problem, funded: Collection[str]) -> frozenset[str] | None:
    """The portfolio of the highest benefit among those with a dossier besides these; None without any."""
    program = Program.of(problem, alike=False)
    others = program.column(int(one.id not in funded) for one in problem.files)
    program.rows.append(Row(others, 1, inf))
    chosen = _searched(program, program.column(one.benefit for one in problem.files))
    if chosen is None:
        return None
    return frozenset(problem.files[at].id for at in _funded(program, chosen))


def feasible(problem: Problem) -> bool:
    """Whether any portfolio respects the bounds under the envelope."""
    program = Program.of(problem)
    return _searched(program, np.zeros(len(program.high))) is not None


def _first(program: Program, gains: Vector) -> Vector | None:
    """The best columns, sought first among the dossiers that the relaxation hardly decides.

    They are the core of the problem (Balas and Zemel, *Operations Research* 28, 1980): when every dossier
    outside it is decided alike by all portfolios as good as what is found, nothing better exists.
    """
    relaxed = program.relaxed(gains) if program.size > CORE else None
    if relaxed is None:
        return _searched(program, gains)
    low, high = program.low.copy(), program.high.copy()
    outside = relaxed.surest(program.open())[:-CORE]
    for at in outside:
        program.fix(at, round(relaxed.columns[at]))
    found = _searched(program, gains)
    program.low, program.high = low, high
    if found is not None:
        program.settle(relaxed, int(gains @ found))
        if not set(outside) & set(program.open()):
            return found
    return _searched(program, gains)


def _by_rank(program: Program, chosen: Vector) -> Vector:
    """Of the portfolios of equal worth, the one that comes first by rank."""
    free = program.open()
    for start in range(0, len(free), BATCH):
        batch = free[start : start + BATCH]
        if any(chosen[at] < 1 for at in batch):
            gains = np.zeros(len(program.high))
            gains[batch] = [2.0 ** (BATCH - 1 - k) for k in range(len(batch))]
            chosen = _again(program, gains)
        for at in batch:
            program.fix(at, int(chosen[at]))
    return chosen


def _again(program: Program, gains: Vector) -> Vector:
    """A search that has a solution, the one found before."""
    chosen = _searched(program, gains)
    if chosen is None:
        raise TooHard("lost")
    return chosen


def _searched(program: Program, gains: Vector) -> Vector | None:
    """The best columns, those of a portfolio that respects everything in whole centimes."""
    for _ in range(RETRIES):
        found = program.best(gains)
        if found is None or amounts(program, found) is not None:
            return found
        funded = set(_funded(program, found))
        apart = program.column(-1 if at in funded else 1 for at in range(program.size))
        program.rows.append(Row(apart, 1 - len(funded), inf))
    raise TooHard("rounding")


def _funded(program: Program, chosen: Vector) -> list[int]:
    return [at for at in range(program.size) if chosen[at] > 0.5]


def amounts(program: Program, chosen: Vector) -> dict[str, int] | None:
    """What each dossier of a portfolio gets; None when it does not respect the problem in whole centimes."""
    problem = program.problem
    files = [problem.files[at] for at in _funded(program, chosen)]
    granted: dict[str, int] | None = {one.id: one.asked for one in files}
    if granted is not None and problem.breaks(granted) and program.ranged:
        granted = _shared_out(problem, frozenset(granted))
    return None if granted is None or problem.breaks(granted) else granted


def _shared_out(problem: Problem, chosen: frozenset[str]) -> dict[str, int] | None:
    """As much money as can be for these dossiers, then to the best ranked first (weights by rank)."""
    files = tuple(one for one in problem.files if one.id in chosen)
    program = Program.of(Problem(files, problem.envelope, problem.bounds))
    size, program.whole = len(files), True
    for at in range(size):
        program.fix(at, 1)
    every = program.money(range(size))
    found = program.best(every)
    if found is None:
        return None
    program.rows.append(Row(every, float(every @ found), inf))
    by_rank = np.zeros(len(program.high))
    by_rank[size:] = [size - at for at in range(size)]
    found = program.best(by_rank)
    return None if found is None else program.granted(found)
