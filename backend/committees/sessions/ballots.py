"""Votes: one a seat, cast by its member, her alternate, the member who holds it, or who runs the session.

Of a secret ballot only that the seat voted is kept with it. What was chosen is added to the motion's box, a
row without history of its own: no event, no audit line, no copy of an answer says which vote came when.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select, update

from backend.core.errors import INVALID, FieldError
from backend.core.tx import Tx

from ..attendance import Place, has_voice, mandated, places
from ..attendance import counted as counted_quorum
from ..lifecycle import (
    ALREADY_VOTED,
    MANDATE_OVER,
    MOTION_CLOSED,
    NO_QUORUM,
    OWN_HAND,
    RECUSED,
    SEAT_ABSENT,
    SEAT_DOES_NOT_VOTE,
    SECRECY,
)
from ..models import Ballot, BallotBox, BallotChoice, CommitteeSession, Motion, MotionState, Procedure, Seat
from .motions import recused_on

FEWEST_PAPERS = 2
"""One paper alone would say how its seat voted."""


def cast(
    tx: Tx,
    motion_id: UUID,
    seat_id: UUID,
    choice: BallotChoice,
    excluding: Collection[UUID] = (),
    dissent: str = "",
) -> Ballot:
    """Record the vote of a seat that has a voice on the motion.

    The same choice again is the same ballot; another one is refused (`already_voted`). A secret one is never
    known again: asked twice it is refused, and nobody casts it for another but her alternate or proxy.
    """
    motion = tx.get(Motion, motion_id, "motion.vote")  # locked: nobody votes while it is being closed
    session = tx.session.get_one(CommitteeSession, motion.session_id)
    seat = _seat(tx, session, seat_id)
    cast_before = select(Ballot).where(Ballot.motion_id == motion_id, Ballot.seat_id == seat_id)
    earlier = tx.session.scalars(cast_before).one_or_none()
    if earlier is not None:
        tx.allow("ballot.cast", earlier)
        if earlier.choice is choice:
            tx.recorded = True  # nothing is written; an idempotency key may be
            return earlier
    if motion.state is not MotionState.OPEN:
        raise MOTION_CLOSED(number=motion.number, state=f"state.motion.{motion.state}")
    if earlier is not None:
        raise ALREADY_VOTED()
    if motion.secret and dissent.strip():
        raise SECRECY()
    place = _voice(tx, session, motion, seat, excluding)
    if motion.secret:
        _own_hand(tx, seat, place)
    ballot = Ballot(
        motion_id=motion_id,
        seat_id=seat_id,
        choice=None if motion.secret else choice,
        by_seat_id=place.by_seat,
        dissent=dissent.strip(),
        cast_at=tx.now,
    )
    tx.add(ballot, "ballot.cast")
    said = {"seat": str(seat_id)} | ({} if motion.secret else {"choice": choice.value})
    tx.emit("ballot.cast", motion, **said)
    if motion.secret:
        _drop_in(tx, motion_id, {choice: 1})
    return ballot


def record_papers(
    tx: Tx, motion_id: UUID, seats: Collection[UUID], counts: dict[BallotChoice, int]
) -> Motion:
    """Papers drawn from an urn: which seats put one in, and how many of each choice came out.

    For members without an account. The counts are exactly those of the seats, two at least.
    """
    motion = tx.get(Motion, motion_id, "motion.run")
    session = tx.session.get_one(CommitteeSession, motion.session_id)
    if not motion.secret:
        raise SECRECY()
    if motion.state is not MotionState.OPEN:
        raise MOTION_CLOSED(number=motion.number, state=f"state.motion.{motion.state}")
    if sum(counts.values()) != len(set(seats)) or min(counts.values(), default=0) < 0:
        raise INVALID([FieldError("votes_for", "papers_disagree", {"seats": len(set(seats))})])
    if len(set(seats)) < FEWEST_PAPERS:
        raise INVALID([FieldError("seats", "papers_too_few", {"least": FEWEST_PAPERS})])
    voted = set(tx.session.scalars(select(Ballot.seat_id).where(Ballot.motion_id == motion_id)))
    for seat_id in sorted(set(seats)):
        if seat_id in voted:
            raise ALREADY_VOTED()
        place = _voice(tx, session, motion, _seat(tx, session, seat_id), ())
        tx.session.add(Ballot(motion_id=motion_id, seat_id=seat_id, by_seat_id=place.by_seat, cast_at=tx.now))
    tx.session.flush()
    tx.emit("ballot.cast", motion, papers=[str(seat) for seat in sorted(set(seats))])
    _drop_in(tx, motion_id, counts)
    return motion


def _seat(tx: Tx, session: CommitteeSession, seat_id: UUID) -> Seat:
    """A seat of the committee whose mandate runs on the day of the sitting."""
    seat = tx.session.get(Seat, seat_id)
    if seat is None or seat.committee_id != session.committee_id:
        raise INVALID([FieldError("seat_id", "unknown_seat")])
    if tx.session.scalar(select(Seat.id).where(Seat.id == seat_id, mandated(session))) is None:
        raise MANDATE_OVER(until=seat.until_on.isoformat() if seat.until_on else "")
    return seat


def _voice(
    tx: Tx, session: CommitteeSession, motion: Motion, seat: Seat, excluding: Collection[UUID]
) -> Place:
    """The seat's place, if it has a voice on the motion now and the committee its quorum."""
    if not seat.votes or seat.alternate_of_id is not None:
        raise SEAT_DOES_NOT_VOTE()
    out = {*excluding, *recused_on(tx, session, [motion])[motion.id]}
    table = places(tx, session)
    place = table[seat.id]
    if seat.id in out or place.by_seat in out:
        raise RECUSED()
    if not has_voice(place, table, out):
        raise SEAT_ABSENT()
    rules = tx.session.get_one(Procedure, session.procedure_id)
    found = counted_quorum(table, rules, second=session.second_of_id is not None, excluding=out)
    if not found.reached:
        raise NO_QUORUM(needed=found.needed, present=found.present, seats=found.seats)
    return place


def _own_hand(tx: Tx, seat: Seat, place: Place) -> None:
    """A secret vote is cast by whoever it is: the officer who runs the session would know it."""
    voter = tx.session.get_one(Seat, place.by_seat or seat.id)
    if tx.actor.id is not None and voter.person_id != tx.actor.id:
        raise OWN_HAND()


def _drop_in(tx: Tx, motion_id: UUID, counts: dict[BallotChoice, int]) -> None:
    tx.session.execute(
        update(BallotBox)
        .where(BallotBox.motion_id == motion_id)
        .values(
            votes_for=BallotBox.votes_for + counts.get(BallotChoice.FOR, 0),
            votes_against=BallotBox.votes_against + counts.get(BallotChoice.AGAINST, 0),
            abstentions=BallotBox.abstentions + counts.get(BallotChoice.ABSTAIN, 0),
        ),
        execution_options={"synchronize_session": False},
    )
