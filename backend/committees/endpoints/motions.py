"""Motions and votes over JSON."""

from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import select

from backend.core.errors import NOT_FOUND
from backend.core.tx import Tx, transaction
from backend.web.deps import CurrentActor, OncePerKey

from .. import commands, queries, sessions
from ..models import BallotChoice, Motion
from ..queries import Counted
from ..session_schemas import BallotIn, BallotOut, MotionIn, MotionOut, PapersIn

router = APIRouter()


def motion_out(counted: Counted) -> MotionOut:
    """A motion as the API tells it."""
    motion, tally = counted.motion, counted.tally
    return MotionOut(
        id=motion.id,
        session_id=motion.session_id,
        number=motion.number,
        text=motion.text,
        state=motion.state,
        opened_at=motion.opened_at,
        closed_at=motion.closed_at,
        votes_for=tally.votes_for,
        votes_against=tally.votes_against,
        abstentions=tally.abstentions,
        ballots={str(seat): choice for seat, choice in counted.ballots.items()},
        kind=motion.kind,
        reason=motion.reason,
        secret=motion.secret,
        result=motion.result,
    )


def _one_motion(tx: Tx, motion: Motion) -> MotionOut:
    tx.session.flush()
    counted = queries.motions(tx, motion.session_id, motion.id)
    if not counted:  # about what is hidden from her
        raise NOT_FOUND(thing="motion")
    return motion_out(counted[0])


@router.post("/committee-sessions/{session_id}/motions", status_code=201)
def open_motion(session_id: UUID, body: MotionIn, actor: CurrentActor, once: OncePerKey) -> MotionOut:
    """Put a question to the vote."""
    with transaction(actor) as tx:

        def make() -> MotionOut:
            made = sessions.open_motion(
                tx,
                session_id,
                body.text.model_dump(),
                reason=body.reason,
                secret=body.secret,
                item_id=body.item_id,
            )
            return _one_motion(tx, made)

        return once(tx, body, make)  # type: ignore[no-any-return]


@router.get("/motions/{motion_id}")
def get_motion(motion_id: UUID, actor: CurrentActor) -> MotionOut:
    """A motion with its votes."""
    with transaction(actor) as tx:
        return _one_motion(tx, tx.get(Motion, motion_id, "motion.read"))


@router.post("/motions/{motion_id}/ballots", status_code=201)
def cast_ballot(motion_id: UUID, body: BallotIn, actor: CurrentActor, once: OncePerKey) -> BallotOut:
    """Record a seat's vote, by its holder or by whoever runs the session; it does not change."""
    with transaction(actor) as tx:

        def make() -> BallotOut:
            ballot = sessions.cast(tx, motion_id, body.seat_id, body.choice, dissent=body.dissent)
            return BallotOut.model_validate(ballot)

        if tx.session.scalar(select(Motion.secret).where(Motion.id == motion_id)):
            return make()  # no copy of the answer, nor of what was asked, is kept under a key
        return once(tx, body, make)  # type: ignore[no-any-return]


@router.post("/motions/{motion_id}/close")
def close_motion(motion_id: UUID, actor: CurrentActor) -> MotionOut:
    """Count the votes: adopted or rejected under the session's procedure."""
    with transaction(actor) as tx:
        return _one_motion(tx, commands.close_motion(tx, motion_id))


@router.post("/motions/{motion_id}/papers")
def record_papers(motion_id: UUID, body: PapersIn, actor: CurrentActor) -> MotionOut:
    """Papers of a secret vote drawn from an urn: which seats put one in, and how many of each choice."""
    counts = {
        BallotChoice.FOR: body.votes_for,
        BallotChoice.AGAINST: body.votes_against,
        BallotChoice.ABSTAIN: body.abstentions,
    }
    with transaction(actor) as tx:
        return _one_motion(tx, sessions.record_papers(tx, motion_id, body.seats, counts))


@router.post("/motions/{motion_id}/withdraw")
def withdraw_motion(motion_id: UUID, actor: CurrentActor) -> MotionOut:
    """Take a motion back before it is counted."""
    with transaction(actor) as tx:
        return _one_motion(tx, sessions.withdraw_motion(tx, motion_id))
