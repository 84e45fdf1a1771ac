"""Running a session: convening, the roll, opening, motions, votes, closing."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm.attributes import flag_modified
from uuid_utils.compat import uuid7

from backend.core.calendar import local
from backend.core.errors import INVALID, FieldError
from backend.core.tx import Tx

from .attendance import TAKEN, mandated, quorum
from .lifecycle import (
    ALREADY_VOTED,
    MOTION,
    MOTION_CLOSED,
    NO_PROCEDURE,
    NO_QUORUM,
    RECUSED,
    SEAT_ABSENT,
    SEAT_DOES_NOT_VOTE,
    SESSION,
    SESSION_CLOSED,
    SESSION_NOT_OPEN,
    quorate,
)
from .models import (
    Attendance,
    Ballot,
    BallotChoice,
    Committee,
    CommitteeSession,
    Motion,
    MotionState,
    Presence,
    Procedure,
    Seat,
    SessionState,
)
from .procedure import carried, count


def plan_session(tx: Tx, committee_id: UUID, scheduled_at: datetime, place: str) -> CommitteeSession:
    """Convene the committee under the procedure in force that day; numbered by year (2026-02)."""
    committee = tx.get(Committee, committee_id, "committee.convene")  # locked: numbers follow each other
    day = local(scheduled_at).date()
    in_force = (
        select(Procedure.id)
        .where(Procedure.committee_id == committee_id, Procedure.effective_on <= day)
        .order_by(Procedure.effective_on.desc(), Procedure.number.desc())
    )
    procedure_id = tx.session.scalar(in_force.limit(1))
    if procedure_id is None:
        raise NO_PROCEDURE(on=day.isoformat())
    same_year = CommitteeSession.number.startswith(f"{day.year}-")
    held = select(func.count()).where(CommitteeSession.committee_id == committee_id, same_year)
    session = CommitteeSession(
        committee_id=committee_id,
        procedure_id=procedure_id,
        province_code=committee.province_code,
        number=f"{day.year}-{(tx.session.scalar(held) or 0) + 1:02d}",
        scheduled_at=scheduled_at,
        place=place,
    )
    tx.add(session, "session.run")
    tx.emit("session.planned", session, number=session.number, scheduled_at=scheduled_at.isoformat())
    return session


def take_attendance(
    tx: Tx, session_id: UUID, presences: Mapping[UUID, Presence], version: int | None
) -> CommitteeSession:
    """Note the whole roll: a seat that is not named is absent. Renews the session's version.

    Raises `session_closed`, or a field error on a seat without a mandate that day.
    """
    session = tx.get(CommitteeSession, session_id, "session.run", version=version)
    if session.state is SessionState.CLOSED:
        raise SESSION_CLOSED(number=session.number)
    seats = set(tx.session.scalars(select(Seat.id).where(mandated(session))))
    if unknown := [FieldError(str(seat), "unknown_seat") for seat in presences if seat not in seats]:
        raise INVALID(unknown)
    rows = [
        {
            "id": uuid7(),
            "session_id": session.id,
            "seat_id": seat,
            "presence": presences.get(seat, Presence.ABSENT),
            "noted_at": tx.now,
        }
        for seat in sorted(seats)
    ]
    if rows:
        statement = insert(Attendance)
        noted = {name: statement.excluded[name] for name in ("presence", "noted_at")}
        tx.session.execute(
            statement.on_conflict_do_update(index_elements=["session_id", "seat_id"], set_=noted), rows
        )
    flag_modified(session, "place")  # the roll stands in another table; its edit is the session's
    found = quorum(tx, session)
    tx.emit("attendance.taken", session, present=found.present, needed=found.needed, seats=found.seats)
    return session


def open_session(tx: Tx, session_id: UUID, version: int | None = None) -> CommitteeSession:
    """Open it, if the quorum is reached (`no_quorum` otherwise)."""
    session = tx.get(CommitteeSession, session_id, "session.run", version=version)
    SESSION.fire(tx, session, "open")
    session.opened_at = tx.now
    return session


def close_session(tx: Tx, session_id: UUID, version: int | None = None) -> CommitteeSession:
    """Close it; a motion still open must be closed first (`motion_pending`)."""
    session = tx.get(CommitteeSession, session_id, "session.run", version=version)
    SESSION.fire(tx, session, "close")
    session.closed_at = tx.now
    return session


def open_motion(tx: Tx, session_id: UUID, text: Mapping[str, str]) -> Motion:
    """Put a question to the vote of an open session that still has its quorum."""
    session = tx.get(CommitteeSession, session_id, "session.run")
    _running(session)
    if refusal := quorate(tx, session):
        raise refusal
    last = tx.session.scalar(select(func.max(Motion.number)).where(Motion.session_id == session_id))
    motion = Motion(
        session_id=session_id,
        province_code=session.province_code,
        number=(last or 0) + 1,
        text=dict(text),
        opened_at=tx.now,
    )
    tx.add(motion, "motion.run")
    tx.emit("motion.opened", motion, number=motion.number)
    return motion


def cast(
    tx: Tx, motion_id: UUID, seat_id: UUID, choice: BallotChoice, excluding: Collection[UUID] = ()
) -> Ballot:
    """Record the vote of a present voting seat, not recused (`excluding`), cast by its holder or by who runs
    the session.

    The same choice again is the same ballot; another one is refused (`already_voted`).
    """
    motion = tx.get(Motion, motion_id, "motion.vote")  # locked: nobody votes while it is being closed
    session = tx.session.get_one(CommitteeSession, motion.session_id)
    seat = tx.session.scalars(select(Seat).where(Seat.id == seat_id, mandated(session))).one_or_none()
    if seat is None:
        raise INVALID([FieldError("seat_id", "unknown_seat")])
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
    if not seat.votes:
        raise SEAT_DOES_NOT_VOTE()
    if seat_id in excluding:
        raise RECUSED()
    noted = select(Attendance.presence).where(
        Attendance.session_id == motion.session_id, Attendance.seat_id == seat_id
    )
    if tx.session.scalar(noted) not in TAKEN:
        raise SEAT_ABSENT()
    ballot = tx.add(
        Ballot(motion_id=motion_id, seat_id=seat_id, choice=choice, cast_at=tx.now), "ballot.cast"
    )
    tx.emit("ballot.cast", motion, seat=str(seat_id), choice=choice)
    return ballot


def close_motion(tx: Tx, motion_id: UUID, excluding: Collection[UUID] = ()) -> Motion:
    """Count the votes under the session's procedure: adopted or rejected.

    Seats in `excluding` (recused) count neither in the quorum nor in the votes. Raises `no_quorum`.
    """
    motion = tx.get(Motion, motion_id, "motion.run")
    session = tx.session.get_one(CommitteeSession, motion.session_id)
    found = quorum(tx, session, excluding)
    if motion.state is MotionState.OPEN and not found.reached:
        raise NO_QUORUM(needed=found.needed, present=found.present, seats=found.seats)
    ballots = tx.session.execute(
        select(Ballot.choice, Seat.chairs)
        .join(Seat, Seat.id == Ballot.seat_id)
        .where(Ballot.motion_id == motion_id, Ballot.seat_id.not_in(list(excluding)))
    )
    tally = count((choice, chairs) for choice, chairs in ballots if choice)
    rules = tx.session.get_one(Procedure, session.procedure_id)
    adopted = carried(tally, rules.majority_of, rules.majority_over, casting_vote=rules.casting_vote)
    MOTION.fire(
        tx,
        motion,
        "adopt" if adopted else "reject",
        votes_for=tally.votes_for,
        votes_against=tally.votes_against,
        abstentions=tally.abstentions,
        present=found.present,
        needed=found.needed,
    )
    motion.closed_at = tx.now
    return motion


def _running(session: CommitteeSession) -> None:
    if session.state is not SessionState.OPEN:
        raise SESSION_NOT_OPEN(number=session.number, state=f"state.committee_session.{session.state}")
