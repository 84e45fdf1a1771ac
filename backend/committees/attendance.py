"""Who counts at a session: voting seats whose mandate runs that day, and those of them that are taken."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from backend.core.calendar import local
from backend.core.tx import Tx

from .models import Attendance, CommitteeSession, Presence, Procedure, Seat
from .procedure import Quorum, count_quorum

TAKEN = (Presence.PRESENT, Presence.REMOTE)


def mandated(session: CommitteeSession) -> ColumnElement[bool]:
    """The seats of the session's committee whose mandate runs on its day (the last day included)."""
    day = local(session.scheduled_at).date()
    return and_(
        Seat.committee_id == session.committee_id,
        Seat.from_on <= day,
        or_(Seat.until_on.is_(None), Seat.until_on >= day),
    )


def quorum(tx: Tx, session: CommitteeSession, excluding: Collection[UUID] = ()) -> Quorum:
    """The quorum of the session; seats excluded (recused on a file) are not present, but remain seats."""
    present = and_(Attendance.presence.in_(TAKEN), Seat.id.not_in(list(excluding)))
    statement = (
        select(
            func.count(Seat.id),
            func.count(Seat.id).filter(present),
            Procedure.quorum_of,
            Procedure.quorum_over,
        )
        .select_from(Procedure)
        .outerjoin(Seat, and_(mandated(session), Seat.votes))
        .outerjoin(Attendance, and_(Attendance.seat_id == Seat.id, Attendance.session_id == session.id))
        .where(Procedure.id == session.procedure_id)
        .group_by(Procedure.id)
    )
    return count_quorum(*tx.session.execute(statement).one())
