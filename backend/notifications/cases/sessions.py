"""Sessions of committees: who is called to them, and what changes."""

from collections.abc import Sequence

from sqlalchemy import select

from ...committees.attendance import mandated
from ...committees.models import Committee, CommitteeSession, Seat
from ...core.events import Event
from ...core.tx import Tx
from .case import Case, Cases


def convocation(tx: Tx, events: Sequence[Event]) -> Cases:
    """To every seat whose mandate runs that day, and to the alternates; a change only to who was convened."""
    for event in events:
        if not event.data.get("told", True):
            continue
        session = tx.session.get_one(CommitteeSession, event.subject_id)
        committee = tx.session.get_one(Committee, session.committee_id)
        people = tx.session.scalars(select(Seat.person_id).where(mandated(session)).distinct()).all()
        params = {
            "session": str(session.id),
            "number": event.data["number"],
            "committee": committee.name,
            "scheduled_at": event.data["scheduled_at"],
            "place": event.data["place"] or "–",
            "reason": event.data.get("reason", ""),
            "link_path": f"/sessions/{session.id}",
        }
        yield Case(event.id, event.name, params, session.province_code, people=tuple(people))
