"""Motions: put to the vote, counted under the session's procedure, or taken back."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select

from backend.core.errors import INVALID, FieldError
from backend.core.tx import Tx

from .. import hooks
from ..attendance import quorum
from ..lifecycle import MOTION, NO_QUORUM, SECRECY, SESSION_NOT_OPEN, quorate
from ..models import (
    AgendaItem,
    Ballot,
    BallotBox,
    CommitteeSession,
    Motion,
    MotionKind,
    MotionState,
    Procedure,
    Seat,
    Secrecy,
    SessionState,
)
from ..procedure import Tally, carried, count


def open_motion(  # noqa: PLR0913 (what a motion is)
    tx: Tx,
    session_id: UUID,
    text: Mapping[str, str],
    *,
    kind: MotionKind = MotionKind.OTHER,
    reason: str = "",
    secret: bool = False,
    item_id: UUID | None = None,
) -> Motion:
    """Put a question to the vote of an open session that still has its quorum.

    Whether the ballot may be secret is the procedure's to say. A deviation has its reason.
    """
    session = tx.get(CommitteeSession, session_id, "session.run")
    running(session)
    if refusal := quorate(tx, session):
        raise refusal
    if kind is MotionKind.DEVIATION and not reason.strip():
        raise INVALID([FieldError("reason", "missing")])
    last = tx.session.scalar(select(func.max(Motion.number)).where(Motion.session_id == session_id))
    motion = Motion(
        session_id=session_id,
        province_code=session.province_code,
        number=(last or 0) + 1,
        text=dict(text),
        kind=kind,
        reason=reason.strip(),
        secret=_secret(tx, session, secret),
        item_id=_point(tx, session, item_id),
        opened_at=tx.now,
    )
    tx.add(motion, "motion.run")
    if motion.secret:
        tx.session.add(BallotBox(motion_id=motion.id))
    tx.emit("motion.opened", motion, number=motion.number, kind=motion.kind, secret=motion.secret)
    return motion


def close_motion(tx: Tx, motion_id: UUID, excluding: Collection[UUID] = ()) -> Motion:
    """Count the votes under the session's procedure: adopted or rejected; the count is kept as it was made.

    Recused seats (and those in `excluding`) count neither in the quorum nor in the votes. Raises `no_quorum`.
    """
    motion = tx.get(Motion, motion_id, "motion.run")
    session = tx.session.get_one(CommitteeSession, motion.session_id)
    out = {*excluding, *recused_on(tx, session, [motion])[motion.id]}
    found = quorum(tx, session, out)
    if motion.state is MotionState.OPEN and (refusal := hooks.uncountable(tx, motion)):
        raise refusal
    if motion.state is MotionState.OPEN and not found.reached:
        raise NO_QUORUM(needed=found.needed, present=found.present, seats=found.seats)
    tally = _tally(tx, motion, out)
    rules = tx.session.get_one(Procedure, session.procedure_id)
    adopted = carried(tally, rules.majority_of, rules.majority_over, casting_vote=rules.casting_vote)
    told = {
        "votes_for": tally.votes_for,
        "votes_against": tally.votes_against,
        "abstentions": tally.abstentions,
        "present": found.present,
        "needed": found.needed,
    }
    MOTION.fire(tx, motion, "adopt" if adopted else "reject", **told)
    motion.closed_at = tx.now
    motion.result = told | {
        "seats": found.seats,
        "casting": _casting(motion, tally, rules, adopted),
        "recused": sorted(str(seat) for seat in out),
    }
    return motion


def withdraw_motion(tx: Tx, motion_id: UUID) -> Motion:
    """Take a motion back before it is counted: what it was about may be put again, or waits for another
    session when too few members may judge it.
    """
    motion = tx.get(Motion, motion_id, "motion.run")
    MOTION.fire(tx, motion, "withdraw")
    motion.closed_at = tx.now
    tx.session.flush()
    hooks.withdrawn(tx, motion)
    return motion


def recused_on(tx: Tx, session: CommitteeSession, motions: Sequence[Motion]) -> dict[UUID, set[UUID]]:
    """By motion, the seats without a vote: tied to what it decides, or to what its point is about."""
    found = hooks.recused(tx, motions)
    items = {motion.item_id for motion in motions if motion.item_id}
    if not items:
        return found
    asked = select(AgendaItem.id, AgendaItem.subject_id).where(
        AgendaItem.id.in_(items), AgendaItem.subject_id.is_not(None)
    )
    subjects: dict[UUID, UUID] = {row.id: row.subject_id for row in tx.session.execute(asked)}
    tied = hooks.tied_seats(tx, session, set(subjects.values()))
    for motion in motions:
        if motion.item_id in subjects:
            found[motion.id] |= tied[subjects[motion.item_id]]
    return found


def running(session: CommitteeSession) -> None:
    """Refused unless the session is open."""
    if session.state is not SessionState.OPEN:
        raise SESSION_NOT_OPEN(number=session.number, state=f"state.committee_session.{session.state}")


def _tally(tx: Tx, motion: Motion, excluding: Collection[UUID]) -> Tally:
    if motion.secret:
        box = tx.session.get_one(BallotBox, motion.id, populate_existing=True)
        return Tally(box.votes_for, box.votes_against, box.abstentions)
    ballots = tx.session.execute(
        select(Ballot.choice, Seat.chairs)
        .join(Seat, Seat.id == Ballot.seat_id)
        .where(Ballot.motion_id == motion.id, Ballot.seat_id.not_in(list(excluding)))
    )
    return count((choice, chairs) for choice, chairs in ballots if choice)


def _casting(motion: Motion, tally: Tally, rules: Procedure, adopted: bool) -> str | None:
    """At a tie: whether the chair's voice made it (`used`), or could not as nobody knows it (`secret`)."""
    if not rules.casting_vote or not tally.votes_for == tally.votes_against > 0:
        return None
    if motion.secret:
        return "secret"
    return "used" if adopted or tally.chair is not None else None


def _secret(tx: Tx, session: CommitteeSession, asked: bool) -> bool:
    secrecy = tx.session.get_one(Procedure, session.procedure_id).secrecy
    if asked and secrecy is Secrecy.NEVER:
        raise SECRECY()
    return asked or secrecy is Secrecy.ALWAYS


def _point(tx: Tx, session: CommitteeSession, item_id: UUID | None) -> UUID | None:
    if item_id is None:
        return session.current_item_id
    asked = select(AgendaItem.id).where(AgendaItem.id == item_id, AgendaItem.session_id == session.id)
    if tx.session.scalar(asked) is None:
        raise INVALID([FieldError("item_id", "invalid")])
    return item_id
