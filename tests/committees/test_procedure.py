"""Quorum and majority are exact: checked against fractions, for any rules of procedure."""

from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.committees.models import BallotChoice
from backend.committees.procedure import Tally, carried, count, count_quorum

FRACTIONS = st.integers(1, 12).flatmap(lambda over: st.tuples(st.integers(0, over), st.just(over)))
VOTES = st.integers(0, 40)
CHOICES = st.sampled_from(BallotChoice)


@given(st.integers(0, 60), st.integers(0, 60), FRACTIONS)
def test_a_quorum_is_the_fraction_rounded_up(seats: int, present: int, rule: tuple[int, int]) -> None:
    found = count_quorum(seats, present, *rule)
    assert found.needed == max(1, ceil(seats * Fraction(*rule)))
    assert found.reached == (present >= found.needed)


@given(st.integers(1, 60), FRACTIONS)
def test_everybody_present_always_makes_a_quorum(seats: int, rule: tuple[int, int]) -> None:
    assert count_quorum(seats, seats, *rule).reached


@pytest.mark.parametrize(
    ("seats", "of", "over", "needed"),
    [(5, 1, 2, 3), (4, 1, 2, 2), (10, 2, 3, 7), (30, 1, 3, 10), (0, 1, 2, 1), (5, 0, 1, 1)],
)
def test_known_quorums(seats: int, of: int, over: int, needed: int) -> None:
    assert count_quorum(seats, 0, of, over).needed == needed


@given(VOTES, VOTES, VOTES, FRACTIONS, st.booleans(), st.none() | CHOICES)
def test_a_majority_is_strict_and_abstentions_do_not_count(
    votes_for: int,
    against: int,
    abstentions: int,
    rule: tuple[int, int],
    casting: bool,
    chair: BallotChoice | None,
) -> None:
    tally = Tally(votes_for, against, abstentions, chair)
    found = carried(tally, *rule, casting_vote=casting)
    above = votes_for > (votes_for + against) * Fraction(*rule)
    if above:
        assert found
    elif found:  # only a tie broken by the chair
        assert votes_for == against > 0
        assert casting
        assert chair is BallotChoice.FOR
        assert Fraction(*rule) == Fraction(1, 2)
    assert found == carried(Tally(votes_for, against, 0, chair), *rule, casting_vote=casting)


@given(VOTES, VOTES, FRACTIONS)
def test_one_more_vote_for_never_loses(votes_for: int, against: int, rule: tuple[int, int]) -> None:
    if carried(Tally(votes_for, against, 0), *rule, casting_vote=False):
        assert carried(Tally(votes_for + 1, against, 0), *rule, casting_vote=False)


@given(VOTES, VOTES)
def test_for_and_against_are_never_both_carried(votes_for: int, against: int) -> None:
    one, other = Tally(votes_for, against, 0), Tally(against, votes_for, 0)
    assert not (carried(one, 1, 2, casting_vote=False) and carried(other, 1, 2, casting_vote=False))


@pytest.mark.parametrize(
    ("tally", "of", "over", "casting", "expected"),
    [
        (Tally(0, 0, 5), 1, 2, True, False),
        (Tally(1, 0, 4), 1, 2, True, True),
        (Tally(2, 2, 0, BallotChoice.FOR), 1, 2, True, True),
        (Tally(2, 2, 0, BallotChoice.FOR), 1, 2, False, False),
        (Tally(2, 2, 0, BallotChoice.AGAINST), 1, 2, True, False),
        (Tally(2, 2, 1, BallotChoice.ABSTAIN), 1, 2, True, False),
        (Tally(2, 2, 1, None), 1, 2, True, False),
        (Tally(4, 2, 0, BallotChoice.FOR), 2, 3, True, False),
        (Tally(5, 2, 0), 2, 3, False, True),
        (Tally(2, 2, 0, BallotChoice.FOR), 2, 3, True, False),
    ],
)
def test_known_votes(tally: Tally, of: int, over: int, casting: bool, expected: bool) -> None:
    assert carried(tally, of, over, casting_vote=casting) is expected


@given(st.lists(CHOICES, max_size=30), CHOICES)
def test_ballots_are_counted_once_each(choices: list[BallotChoice], chair: BallotChoice) -> None:
    tally = count([*((choice, False) for choice in choices), (chair, True)])
    assert tally.votes_for + tally.votes_against + tally.abstentions == len(choices) + 1
    assert (tally.chair, count([]).chair) == (chair, None)
