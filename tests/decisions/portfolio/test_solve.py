"""The best portfolio against every portfolio of a few dossiers; what never may happen."""

from dataclasses import replace
from fractions import Fraction
from random import Random
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.decisions.portfolio import solve as solving
from backend.decisions.portfolio.conflict import conflict
from backend.decisions.portfolio.problem import Bound, File, Problem
from backend.decisions.portfolio.solve import feasible, solve
from backend.decisions.portfolio.study import study, study_yielding

from . import brute
from .cases import problems

few = settings(max_examples=40, deadline=None)


@few
@given(problems(9))
def test_it_is_the_best_of_all_and_ties_end_with_the_ranks(problem: Problem) -> None:
    found = solve(problem)
    assert (found.granted if found else None) == brute.best(problem)
    assert feasible(problem) == (found is not None)


@few
@given(problems(9), st.integers(1, 6))
def test_it_is_so_when_a_core_is_searched_first(problem: Problem, core: int) -> None:
    with patch.object(solving, "CORE", core):
        found = solve(problem)
    assert (found.granted if found else None) == brute.best(problem)


@few
@given(problems(4, 2, ranged=True), st.integers(1, 3))
def test_a_core_with_amounts_within_a_range(problem: Problem, core: int) -> None:
    with patch.object(solving, "CORE", core):
        found = solve(problem)
    assert found == solve(problem)


@settings(max_examples=4, deadline=None)
@given(problems(12))
def test_twelve_dossiers(problem: Problem) -> None:
    found = solve(problem)
    assert (found.granted if found else None) == brute.best(problem)


@few
@given(problems(4, 2, ranged=True))
def test_amounts_within_a_range(problem: Problem) -> None:
    found, wanted = solve(problem), brute.best(problem)
    if wanted is None:
        assert found is None
        return
    assert found
    assert problem.breaks(found.granted) == []
    assert brute.key(problem, dict(found.granted)) == brute.key(problem, wanted)


@few
@given(problems(10), st.randoms())
def test_the_order_in_which_dossiers_come_changes_nothing(problem: Problem, random: Random) -> None:
    shuffled, bounds = list(problem.files), list(problem.bounds)
    random.shuffle(shuffled)
    random.shuffle(bounds)
    other = Problem(tuple(shuffled), problem.envelope, tuple(bounds))
    assert (other.fingerprint, solve(other)) == (problem.fingerprint, solve(problem))
    assert Problem.from_json(problem.as_json()) == problem


@few
@given(problems(10))
def test_lifting_a_bound_or_adding_money_never_lowers_the_optimum(problem: Problem) -> None:
    found = solve(problem)
    richer = solve(Problem(problem.files, problem.envelope * 2 + 1, problem.bounds))
    if not found:
        return
    assert found.spent <= problem.envelope
    assert problem.breaks(found.granted) == []
    assert richer
    assert richer.benefit >= found.benefit
    for bound in problem.bounds:
        other = solve(problem.without(bound.key))
        assert other
        assert other.benefit >= found.benefit
        assert other.score >= found.score or other.benefit > found.benefit


@few
@given(problems(7))
def test_a_conflict_is_one_and_the_smallest(problem: Problem) -> None:
    if any(True for _ in brute.portfolios(problem)):
        return
    found = conflict(problem)
    keys = [one.key for one in found.bounds]
    others = [bound.key for bound in problem.bounds if bound.key not in keys]
    core = problem.without(*others)
    assert brute.best(core) is None
    for key in keys:
        assert brute.best(core.without(key)) is not None
    rich = Problem(core.files, sum(one.asked for one in core.files), core.bounds)
    assert found.by_money == (brute.best(rich) is not None)
    if found.envelope is not None:
        assert brute.best(Problem(problem.files, found.envelope, problem.bounds)) is not None
        assert brute.best(Problem(problem.files, found.envelope - 1, problem.bounds)) is None
    for one in found.bounds:
        _gives_way_just_enough(problem, one.key, one.limit)


def _gives_way_just_enough(problem: Problem, key: str, limit: int | None) -> None:
    bound = next(one for one in problem.bounds if one.key == key)
    if limit is None:
        assert bound.measure == "share" or brute.best(problem.without(key)) is None
        return
    rest = tuple(one for one in problem.bounds if one.key != key)
    changed = [limit, limit + (1 if bound.side == "floor" else -1)]
    able = [
        n >= 0
        and brute.best(
            Problem(
                problem.files,
                problem.envelope,
                (*rest, Bound(bound.code, bound.side, bound.measure, n, bound.files)),
            )
        )
        is not None
        for n in changed
    ]
    assert able == [True, False]


@few
@given(problems(7, 3))
def test_prices_displaced_and_nearest_are_those_of_the_problem_solved_again(problem: Problem) -> None:
    told = study(problem)
    if told.solution is None:
        assert told.conflict
        return
    assert [one.key for one in told.prices] == [one.key for one in problem.bounds]
    for price in told.prices:
        other = brute.best(problem.without(price.key))
        assert other is not None
        assert price.benefit == problem.benefit(other) - told.solution.benefit
        assert price.score == problem.score(other) - told.solution.score
        assert set(price.enters) == other.keys() - told.solution.granted
        assert all(price.key in told.displaced[id_] for id_ in price.enters)
        assert all(price.key in told.needed[id_] for id_ in price.leaves)
    if told.by_benefit:
        _enters_with(problem, told.by_benefit.id, told.by_benefit.missing)
    if told.by_money:
        near = told.by_money
        more = {**told.solution.granted, near.id: problem.by_id[near.id].least}
        assert Problem(problem.files, problem.envelope + near.missing, problem.bounds).breaks(more) == []


def _enters_with(problem: Problem, id_: str, missing: int) -> None:
    """With that much more benefit it is funded; nobody is with less."""
    for one in problem.files:
        for more, enters in ((missing, one.id == id_), (missing - 2, False)):
            raised = tuple(
                replace(f, benefit=f.benefit + (more if f is one else 0)) for f in problem.files if more >= 0
            )
            found = brute.best(Problem(raised, problem.envelope, problem.bounds)) if raised else None
            before = brute.best(problem)
            if found is None or before is None or one.id in before:
                continue
            assert (one.id in found) or not enters
            assert more == missing or one.id not in found


def test_bounds_that_cannot_all_hold_give_way_from_the_last_as_little_as_can_be() -> None:
    files = tuple(File(f"d{n}", n + 1, 90 - n, 90 - n, 100, 100) for n in range(6))
    low, high = frozenset({"d4", "d5"}), frozenset({"d0", "d1", "d2"})
    bounds = (
        Bound("first", "floor", "count", 2, high),
        Bound("second", "floor", "count", 2, low),
        Bound("third", "floor", "count", 1, frozenset()),
    )
    told = study_yielding(Problem(files, 300, bounds), ["first.floor", "second.floor", "third.floor"])
    assert told.lowered == {"third.floor": 0, "second.floor": 1}
    assert told.solution
    assert list(told.solution.granted) == ["d0", "d1", "d4"]


def test_nothing_to_fund_and_floors_without_anybody() -> None:
    assert solve(Problem((), 100)).granted == {}  # type: ignore[union-attr]
    empty = Problem((), 100, (Bound("women", "floor", "count", 1, frozenset()),))
    assert solve(empty) is None
    found = conflict(empty)
    assert [(one.key, one.limit) for one in found.bounds] == [("women.floor", 0)]
    assert (found.by_money, found.envelope) == (False, None)


def test_a_dossier_above_the_envelope_is_left() -> None:
    rich, poor = File("a", 1, 90, 90, 200, 200), File("b", 2, 70, 70, 100, 100)
    found = solve(Problem((rich, poor), 150))
    assert found
    assert found.granted == {"b": 100}


def test_rounding_never_lets_a_centime_too_many_through() -> None:
    """Amounts that differ by a centime in thirty million: doubles alone would take both."""
    files = tuple(
        File(f"d{n}", n + 1, 9000, 9000, 30_000_000_000 + n % 2, 30_000_000_000 + n % 2) for n in range(8)
    )
    found = solve(Problem(files, 4 * 30_000_000_000 + 1))
    assert found
    assert found.spent <= 4 * 30_000_000_000 + 1
    assert len(found.granted) == 4
    assert list(found.granted) == ["d0", "d1", "d2", "d4"]


@pytest.mark.parametrize(
    "make",
    [
        lambda: File("a", 1, 1, 1, 0, 0),
        lambda: File("a", 1, 1, 1, 10, 11),
        lambda: File("a", 1, 1, -1, 10, 10),
        lambda: Bound("b", "floor", "share", 1, frozenset()),
        lambda: Bound("b", "floor", "share", Fraction(3, 2), frozenset()),
        lambda: Bound("b", "floor", "money", Fraction(1, 2), frozenset()),
        lambda: Problem((), -1),
        lambda: Problem((File("a", 1, 1, 1, 10, 10),) * 2, 1),
        lambda: Problem((), 1, (Bound("b", "floor", "count", 1, frozenset()),) * 2),
    ],
)
def test_what_is_no_problem_is_refused(make: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        make()  # type: ignore[operator]


def test_money_granted_before_above_the_envelope_is_a_conflict_of_no_bound() -> None:
    held = File("d0", 1, 90, 90, 100, 100, held=True)
    told = study_yielding(Problem((held,), 50), [])
    assert told.solution is None
    assert told.conflict
    assert told.conflict.bounds == ()
