"""With real commits: numbers follow each other, nobody votes twice at once."""

from concurrent.futures import ThreadPoolExecutor

from backend.committees import commands
from backend.committees.models import Ballot, BallotChoice
from backend.core.actor import SYSTEM
from backend.core.errors import Problem
from backend.core.tx import transaction
from tests.committees import given
from tests.world import build


def test_sessions_planned_at_once_have_their_own_numbers(committed: str) -> None:
    world = build()
    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(lambda _: given.session(world).number, range(8)))
    year = given.WHEN.year
    assert sorted(numbers) == [f"{year}-{n:02d}" for n in range(1, 9)]


def test_a_seat_that_votes_from_two_tabs_votes_once(committed: str) -> None:
    world = build()
    motion = given.motion(world, given.open_session(world).id)

    def vote(choice: BallotChoice) -> str:
        try:
            with transaction(world.evaluator) as tx:
                commands.cast(tx, motion.id, world.seats["evaluator"], choice)
        except Problem as refusal:
            return refusal.code
        return "cast"

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(vote, [BallotChoice.FOR, BallotChoice.AGAINST] * 4))
    with transaction(SYSTEM) as tx:
        (kept,) = tx.session.query(Ballot).all()
    same = [BallotChoice.FOR, BallotChoice.AGAINST].index(kept.choice)
    assert answers.count("already_voted") == 4
    assert all(answers[i] == "cast" for i in range(same, 8, 2))
