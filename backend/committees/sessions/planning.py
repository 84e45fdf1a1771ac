"""Before a session: planned, convened, moved to another hour, called off, convened a second time."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from backend.core.calendar import local
from backend.core.errors import INVALID, FieldError
from backend.core.tx import Tx

from ..lifecycle import (
    AGENDA_EMPTY,
    NO_PROCEDURE,
    NOTICE_SHORT,
    SECOND_REFUSED,
    SESSION,
    SESSION_CLOSED,
    SESSION_PAST,
)
from ..models import AgendaItem, Committee, CommitteeSession, Procedure, SessionState
from .hours import believable


def plan_session(
    tx: Tx, committee_id: UUID, scheduled_at: datetime, place: str, second_of: CommitteeSession | None = None
) -> CommitteeSession:
    """Plan a session under the procedure in force that day; numbered by year (2026-02).

    Raises `no_procedure`, or `session_in_the_past` for a day that is over.
    """
    believable(scheduled_at, "scheduled_at")
    committee = tx.get(Committee, committee_id, "committee.convene")  # locked: numbers follow each other
    day = local(scheduled_at).date()
    procedure_id = _procedure_on(tx, committee_id, scheduled_at)
    if day < local(tx.now).date():
        raise SESSION_PAST(day=day.isoformat())
    same_year = CommitteeSession.number.startswith(f"{day.year}-")
    held = select(func.count()).where(CommitteeSession.committee_id == committee_id, same_year)
    session = CommitteeSession(
        committee_id=committee_id,
        procedure_id=procedure_id,
        province_code=committee.province_code,
        number=f"{day.year}-{(tx.session.scalar(held) or 0) + 1:02d}",
        scheduled_at=scheduled_at,
        place=place,
        second_of_id=second_of.id if second_of else None,
    )
    tx.add(session, "session.run")
    tx.emit("session.planned", session, number=session.number, scheduled_at=scheduled_at.isoformat())
    return session


def convene(tx: Tx, session_id: UUID, late_because: str = "", version: int | None = None) -> CommitteeSession:
    """Send the convocation to the seats and their alternates; again after a change of agenda.

    Too late for the procedure's notice, it is refused (`notice_too_short`) unless a reason is given, which
    the minutes then say. A second convocation keeps the delay that `plan_second` checked.
    """
    session = tx.get(CommitteeSession, session_id, "session.run", version=version)
    _still_planned(session)
    if session.scheduled_at <= tx.now:
        raise SESSION_PAST(day=local(session.scheduled_at).date().isoformat())
    points = select(func.count()).where(AgendaItem.session_id == session_id)
    if not tx.session.scalar(points):
        raise AGENDA_EMPTY()
    rules = tx.session.get_one(Procedure, session.procedure_id)
    days = (local(session.scheduled_at).date() - local(tx.now).date()).days
    first = session.convened_at is None
    if first and session.second_of_id is None and days < rules.notice_days:
        if not late_because.strip():
            raise NOTICE_SHORT(days=days, needed=rules.notice_days)
        session.late_notice = late_because.strip()
    session.convened_at = tx.now
    session.sequence += 0 if first else 1
    tx.emit("session.convened", session, **_told(session))
    return session


def move_session(
    tx: Tx, session_id: UUID, scheduled_at: datetime, place: str, version: int | None = None
) -> CommitteeSession:
    """Another hour or place. Whoever was convened is told, with the calendar file that replaces hers."""
    session = tx.get(CommitteeSession, session_id, "session.run", version=version)
    _still_planned(session)
    believable(scheduled_at, "moved_to")
    if scheduled_at <= tx.now:
        raise SESSION_PAST(day=local(scheduled_at).date().isoformat())
    session.procedure_id = _procedure_on(tx, session.committee_id, scheduled_at)
    session.scheduled_at, session.place = scheduled_at, place
    session.sequence += 1 if session.convened_at else 0
    tx.emit("session.moved", session, told=session.convened_at is not None, **_told(session))
    return session


def cancel_session(tx: Tx, session_id: UUID, reason: str, version: int | None = None) -> CommitteeSession:
    """Call it off, with a reason; whoever was convened is told, and her calendar forgets it."""
    session = tx.get(CommitteeSession, session_id, "session.run", version=version)
    if not reason.strip():
        raise INVALID([FieldError("reason", "missing")])
    session.sequence += 1 if session.convened_at else 0
    told = {"reason": reason.strip(), "told": session.convened_at is not None}
    SESSION.fire(tx, session, "cancel", **told, **_told(session))
    return session


def plan_second(tx: Tx, session_id: UUID, scheduled_at: datetime, place: str) -> CommitteeSession:
    """After a session that lapsed: the second one, after the procedure's delay, with the same agenda."""
    lapsed = tx.get(CommitteeSession, session_id, "session.run")
    rules = tx.session.get_one(Procedure, lapsed.procedure_id)
    if lapsed.state is not SessionState.LAPSED or rules.second_after_days is None:
        raise SECOND_REFUSED(why="not_lapsed" if rules.second_after_days is not None else "no_rule", days=0)
    believable(scheduled_at, "second_at")
    earliest = local(lapsed.scheduled_at).date() + timedelta(days=rules.second_after_days)
    if local(scheduled_at).date() < earliest:
        raise SECOND_REFUSED(why="too_early", days=rules.second_after_days, earliest=earliest.isoformat())
    held = select(CommitteeSession.id).where(
        CommitteeSession.second_of_id == session_id, CommitteeSession.state != SessionState.CANCELLED
    )
    if tx.session.scalar(held.limit(1)):
        raise SECOND_REFUSED(why="planned", days=rules.second_after_days)
    second = plan_session(tx, lapsed.committee_id, scheduled_at, place, lapsed)
    points = select(AgendaItem).where(AgendaItem.session_id == session_id).order_by(AgendaItem.position)
    tx.session.add_all(
        AgendaItem(
            session_id=second.id, position=item.position, kind=item.kind, title=item.title,
            subject_id=item.subject_id,
        )
        for item in tx.session.scalars(points)
    )  # fmt: skip
    return second


def _procedure_on(tx: Tx, committee_id: UUID, moment: datetime) -> UUID:
    day = local(moment).date()
    in_force = (
        select(Procedure.id)
        .where(Procedure.committee_id == committee_id, Procedure.effective_on <= day)
        .order_by(Procedure.effective_on.desc(), Procedure.number.desc())
    )
    found = tx.session.scalar(in_force.limit(1))
    if found is None:
        raise NO_PROCEDURE(on=day.isoformat())
    return found


def _still_planned(session: CommitteeSession) -> None:
    if session.state is not SessionState.PLANNED:
        raise SESSION_CLOSED(number=session.number)


def _told(session: CommitteeSession) -> dict[str, object]:
    return {
        "number": session.number,
        "sequence": session.sequence,
        "scheduled_at": session.scheduled_at.isoformat(),
        "place": session.place,
    }
