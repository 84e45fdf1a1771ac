"""Ready decisions: proposed to an open session, put to the vote, adopted."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.committees.models import BallotChoice, Presence
from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from backend.decisions import commands, letters
from backend.decisions.models import Decision
from backend.decisions.results import publishing
from tests.committees import given as committees
from tests.reviews import given as reviews


def an_open_session(world: Any, absent: Sequence[str] = ()) -> UUID:
    """A session with everybody present but those named; `world.session` is its id."""
    present = {
        seat: Presence.ABSENT if name in absent else Presence.PRESENT for name, seat in world.seats.items()
    }
    world.session = committees.open_session(world, present).id
    return UUID(str(world.session))


def proposed(world: Any, count: int = 3, requested: Sequence[int] | None = None) -> commands.Proposal:
    """Scored dossiers proposed to an open session: the last of three is below the pass mark."""
    reviews.scored(world, count, requested)
    session_id = an_open_session(world)
    with transaction(world.officer) as tx:
        return commands.propose(tx, session_id, world.call)


def put(world: Any, count: int = 3, requested: Sequence[int] | None = None) -> list[UUID]:
    """The motions on proposals, open."""
    proposed(world, count, requested)
    with transaction(world.officer) as tx:
        return [motion.id for motion in commands.put_to_vote(tx, world.session, world.call)]


def voted(world: Any, motion_id: UUID, votes_for: Sequence[str], votes_against: Sequence[str] = ()) -> None:
    """Ballots of the cast's seats."""
    with transaction(world.officer) as tx:
        for names, choice in ((votes_for, BallotChoice.FOR), (votes_against, BallotChoice.AGAINST)):
            for name in names:
                commands.vote(tx, motion_id, world.seats[name], choice)


def adopted(world: Any, count: int = 3, requested: Sequence[int] | None = None) -> list[Decision]:
    """The committee's act on scored dossiers, by rank; the call is decided."""
    for motion_id in put(world, count, requested):
        voted(world, motion_id, ("chair", "evaluator", "second"))
        with transaction(world.officer) as tx:
            commands.close_vote(tx, motion_id)
    released(world)
    return decisions()


def released(world: Any, call_id: UUID | None = None) -> None:
    """The letters on what was adopted, written and released: holders may read their decisions."""
    with transaction(world.officer) as tx:
        letters.release(tx, call_id or world.call)


def published(world: Any, call_id: UUID | None = None) -> None:
    """The results of the call are public."""
    with transaction(world.officer) as tx:
        publishing.publish(tx, call_id or world.call)


def decisions() -> list[Decision]:
    """Every decision, by rank."""
    with transaction(SYSTEM) as tx:
        return list(tx.session.scalars(select(Decision).order_by(Decision.rank, Decision.id)))
