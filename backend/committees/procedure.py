"""The arithmetic of a committee's rules of procedure: quorum and majority as exact fractions, no rounding.

Every committee sets its own (règlement intérieur); nothing here is a constant of the programme.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from .models import BallotChoice


@dataclass(frozen=True)
class Quorum:
    """How many voting seats there are, are taken, and must be."""

    seats: int
    present: int
    needed: int

    @property
    def reached(self) -> bool:
        return self.present >= self.needed


def count_quorum(seats: int, present: int, of: int, over: int) -> Quorum:
    """Present voting seats must be at least ⌈seats × of / over⌉, and at least one."""
    return Quorum(seats, present, max(1, -(-seats * of // over)))


@dataclass(frozen=True)
class Tally:
    """The votes of a motion: abstentions are not expressed votes."""

    votes_for: int
    votes_against: int
    abstentions: int
    chair: BallotChoice | None = None

    @property
    def expressed(self) -> int:
        return self.votes_for + self.votes_against


def count(ballots: Iterable[tuple[BallotChoice, bool]]) -> Tally:
    """The tally of ballots, each with whether it is the chair's."""
    found = dict.fromkeys(BallotChoice, 0)
    chair = None
    for choice, chairs in ballots:
        found[choice] += 1
        chair = choice if chairs else chair
    return Tally(found[BallotChoice.FOR], found[BallotChoice.AGAINST], found[BallotChoice.ABSTAIN], chair)


def carried(tally: Tally, of: int, over: int, *, casting_vote: bool) -> bool:
    """Votes for must be strictly above expressed votes × of / over.

    At a tie (as many for as against) that stands exactly at the threshold, the chair's vote for carries the
    motion when the procedure gives her a casting vote. Without an expressed vote nothing is carried.
    """
    reached, threshold = tally.votes_for * over, tally.expressed * of
    if reached > threshold:
        return True
    tie = tally.votes_for == tally.votes_against > 0 and reached == threshold
    return casting_vote and tie and tally.chair is BallotChoice.FOR
