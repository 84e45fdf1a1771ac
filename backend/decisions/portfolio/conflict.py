"""When no portfolio respects the bounds: which cannot stand together, and what each would have to be.

The subset is minimal: without any one of its bounds a portfolio exists (deletion filter: Chinneck,
Feasibility and Infeasibility in Optimization, 2008). How far each would have to give way is another program.
"""

from __future__ import annotations

from .problem import Bound, Problem
from .program import Program, TooHard, Vector
from .solve import feasible
from .told import Conflict, Yield


def conflict(problem: Problem) -> Conflict:
    """Of a problem without a portfolio. Raises TooHard."""
    kept = problem
    for bound in problem.bounds:
        fewer = kept.without(bound.key)
        if not feasible(fewer):
            kept = fewer
    every = sum(one.asked for one in problem.files)
    rich = feasible(Problem(kept.files, every, kept.bounds))
    found = tuple(Yield(one.key, nearest(problem, one)) for one in kept.bounds)
    return Conflict(found, rich, _cheapest(problem, every))


def nearest(problem: Problem, bound: Bound) -> int | None:
    """The limit nearest to a bound's own with which every other bound can hold; None for a share."""
    if bound.measure == "share":
        return None
    rest = problem.without(bound.key)
    program = Program.of(rest, alike=False)
    weights = program.row_of(Bound(bound.code, bound.side, bound.measure, 0, bound.files)).coefficients
    granted = _granted(program, weights if bound.side == "floor" else -weights)
    return None if granted is None else bound.weighs(granted)[0]


def _granted(program: Program, gains: Vector) -> dict[str, int] | None:
    """The amounts that maximise the gains, checked in whole centimes."""
    program.whole = True
    found = program.best(gains)
    if found is None:
        return None
    granted = program.granted(found)
    if program.problem.breaks(granted):
        raise TooHard("rounding")
    return granted


def _cheapest(problem: Problem, every: int) -> int | None:
    """The smallest envelope under which every bound can hold, whole centimes."""
    program = Program.of(Problem(problem.files, every, problem.bounds), alike=False)
    granted = _granted(program, -program.money(range(program.size)))
    return None if granted is None else sum(granted.values())
