"""A session from its opening to its end: it may lapse without quorum, be adjourned, and go on another day."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from backend.core.calendar import local
from backend.core.tx import Tx

from .. import hooks
from ..lifecycle import SESSION, SESSION_PAST
from ..models import AgendaItem, Attendance, CommitteeSession, Presence
from .agenda import finish_item
from .hours import believable


def open_session(tx: Tx, session_id: UUID, version: int | None = None) -> CommitteeSession:
    """Open it, if the quorum is reached (`no_quorum` otherwise)."""
    session = tx.get(CommitteeSession, session_id, "session.run", version=version)
    SESSION.fire(tx, session, "open")
    session.opened_at = tx.now
    return session


def lapse_session(tx: Tx, session_id: UUID, version: int | None = None) -> CommitteeSession:
    """State at its hour that the quorum is not reached: it may be convened a second time."""
    session = tx.get(CommitteeSession, session_id, "session.run", version=version)
    SESSION.fire(tx, session, "lapse")
    session.closed_at = tx.now
    hooks.ended(tx, session)
    return session


def adjourn_session(
    tx: Tx, session_id: UUID, resumes_at: datetime, version: int | None = None
) -> CommitteeSession:
    """Stop until another day. The roll of this sitting is kept; that of the next is taken anew."""
    session = tx.get(CommitteeSession, session_id, "session.run", version=version)
    believable(resumes_at, "resumes_at")
    if resumes_at <= tx.now:
        raise SESSION_PAST(day=local(resumes_at).date().isoformat())
    if session.current_item_id:
        finish_item(tx, session_id, session.current_item_id)
    SESSION.fire(tx, session, "adjourn", resumes_at=resumes_at.isoformat())
    session.earlier = [*session.earlier, _sitting(tx, session)]
    tx.session.execute(delete(Attendance).where(Attendance.session_id == session.id))
    session.adjourned_at, session.resumes_at = tx.now, resumes_at
    return session


def resume_session(tx: Tx, session_id: UUID, version: int | None = None) -> CommitteeSession:
    """Go on, with the roll of the new sitting and its quorum."""
    session = tx.get(CommitteeSession, session_id, "session.run", version=version)
    SESSION.fire(tx, session, "resume")
    session.resumes_at = tx.now
    return session


def close_session(tx: Tx, session_id: UUID, version: int | None = None) -> CommitteeSession:
    """Close it; a motion still open must be closed first (`motion_pending`), each file be decided or set
    aside by a motion (`files_undecided`, which names them).
    """
    session = tx.get(CommitteeSession, session_id, "session.run", version=version)
    SESSION.fire(tx, session, "close")
    if session.current_item_id:
        tx.session.get_one(AgendaItem, session.current_item_id).done_at = tx.now
    session.closed_at = tx.now
    session.current_item_id = None
    hooks.ended(tx, session)
    return session


def _sitting(tx: Tx, session: CommitteeSession) -> dict[str, Any]:
    """The sitting that ends, as its roll stands."""
    noted = select(Attendance).where(Attendance.session_id == session.id).order_by(Attendance.seat_id)
    began = session.resumes_at or session.opened_at
    return {
        "opened_at": began.isoformat() if began else None,
        "adjourned_at": tx.now.isoformat(),
        "roll": [
            {
                "seat": str(row.seat_id),
                "presence": row.presence.value,
                "stand_in": str(row.stand_in_id) if row.stand_in_id else None,
                "arrived_at": row.arrived_at.isoformat() if row.arrived_at else None,
                "left_at": row.left_at.isoformat() if row.left_at else None,
            }
            for row in tx.session.scalars(noted)
            if row.presence is not Presence.ABSENT or row.left_at
        ],
    }
