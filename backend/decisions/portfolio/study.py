"""What to know about the best portfolio: the price of each bound, on whom it weighs, who is nearest.

A price is what the best portfolio would gain if that bound alone were lifted: the problem is solved again
without it. A dossier is displaced by a bound when it is in that other portfolio and not in this one.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from .conflict import conflict, nearest
from .problem import Problem
from .program import TooHard
from .solve import solve, with_another
from .told import Near, Price, Solution, Study


def study_yielding(problem: Problem, order: Sequence[str], seconds: float | None = None) -> Study:
    """The study once bounds that cannot all hold have given way, as little as can be.

    The last one of `order` (their keys) that is in the conflict gives way first: to the nearest limit with
    which those of the conflict hold, or altogether when there is none. `Study.lowered` tells each.
    """
    lowered: dict[str, int | None] = {}
    found = study(problem, seconds)
    first, inputs = found.conflict, problem.fingerprint
    while found.conflict and found.conflict.bounds:
        last = max(found.conflict.bounds, key=lambda one: order.index(one.key))
        core = {one.key for one in found.conflict.bounds}
        kept = [one for one in problem.bounds if one.key != last.key]
        before = next(one for one in problem.bounds if one.key == last.key)
        limit = nearest(problem.without(*(one.key for one in kept if one.key not in core)), before)
        if limit is not None:
            kept.append(replace(before, limit=limit))
        lowered[last.key] = limit
        problem = Problem(problem.files, problem.envelope, tuple(kept))
        found = study(problem, seconds)
    return replace(found, inputs=inputs, conflict=first, lowered=lowered)


def study(problem: Problem, seconds: float | None = None) -> Study:
    """Solve and price; bounds are left unpriced once `seconds` are over (None: never)."""
    until = None if seconds is None else time.monotonic() + seconds
    try:
        solution = solve(problem)
        if solution is None:
            return Study(problem.fingerprint, conflict=conflict(problem))
    except TooHard:
        return Study(problem.fingerprint, hard=True)
    prices, unpriced = _prices(problem, solution, until)
    displaced: dict[str, tuple[str, ...]] = {}
    needed: dict[str, tuple[str, ...]] = {}
    for price in prices:
        for id_ in price.enters:
            displaced[id_] = (*displaced.get(id_, ()), price.key)
        for id_ in price.leaves:
            needed[id_] = (*needed.get(id_, ()), price.key)
    return Study(
        problem.fingerprint,
        solution,
        None,
        prices,
        unpriced,
        _by_benefit(problem, solution, until),
        _by_money(problem, solution),
        displaced=displaced,
        needed=needed,
    )


def _prices(
    problem: Problem, solution: Solution, until: float | None
) -> tuple[tuple[Price, ...], tuple[str, ...]]:
    found: list[Price] = []
    unpriced: list[str] = []
    for bound in problem.bounds:
        if _over(until):
            unpriced.append(bound.key)
            continue
        try:
            other = solve(problem.without(bound.key))
        except TooHard:
            other = None
        if other is None:
            unpriced.append(bound.key)
            continue
        enters = tuple(one.id for one in problem.files if one.id in other.granted.keys() - solution.granted)
        leaves = tuple(one.id for one in problem.files if one.id in solution.granted.keys() - other.granted)
        gained = other.benefit - solution.benefit
        found.append(Price(bound.key, gained, other.score - solution.score, enters, leaves))
    return tuple(found), tuple(unpriced)


def _by_benefit(problem: Problem, solution: Solution, until: float | None) -> Near | None:
    """The dossier that would enter with the smallest rise of its own benefit, all else being equal."""
    if _over(until):
        return None
    try:
        found = with_another(problem, solution.granted.keys())
    except TooHard:
        return None
    if found is None:
        return None
    first = next(one for one in problem.files if one.id in found - solution.granted.keys())
    return Near(first.id, solution.benefit - problem.benefit(found) + 1)


def _by_money(problem: Problem, solution: Solution) -> Near | None:
    """The dossier that could be added with the smallest rise of the envelope, nobody leaving."""
    left = problem.envelope - solution.spent
    near = None
    for one in problem.files:
        if one.id in solution.granted:
            continue
        more = {**solution.granted, one.id: one.least}
        fits = all(bound.holds(more) for bound in problem.bounds)
        if fits and (near is None or one.least - left < near.missing):
            near = Near(one.id, max(one.least - left, 0))
    return near


def _over(until: float | None) -> bool:
    return until is not None and time.monotonic() > until
