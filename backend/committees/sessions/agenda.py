"""The points of a session: their order, the one before the members now, when each began and ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from backend.core.calendar import local
from backend.core.errors import INVALID, NOT_FOUND, FieldError
from backend.core.tx import Tx

from ..lifecycle import AGENDA_FROZEN, SESSION_CLOSED, SESSION_NOT_OPEN
from ..models import AgendaItem, CommitteeSession, ItemKind, SessionState
from .hours import believable

MOST = 60
"""Points of one session."""


@dataclass(frozen=True)
class Point:
    """What a point is: its kind and title, what it is about, the hour given to who presents."""

    kind: ItemKind
    title: Mapping[str, str]
    subject_id: UUID | None = None
    starts_at: datetime | None = None


def add_item(tx: Tx, session_id: UUID, point: Point) -> AgendaItem:
    """A point at the end; once the session is open it is marked as added in session."""
    session = tx.get(CommitteeSession, session_id, "session.run")
    if session.state not in (SessionState.PLANNED, SessionState.OPEN):
        raise SESSION_CLOSED(number=session.number)
    taken = list(tx.session.scalars(select(AgendaItem.position).where(AgendaItem.session_id == session_id)))
    if len(taken) >= MOST:
        raise INVALID([FieldError("title", "too_many", {"most": MOST})])
    if point.starts_at:
        believable(point.starts_at, "starts_at")
    if point.starts_at and local(point.starts_at).date() != local(session.scheduled_at).date():
        raise INVALID([FieldError("starts_at", "another_day")])
    item = AgendaItem(
        session_id=session_id,
        position=max(taken, default=-1) + 1,
        kind=point.kind,
        title=dict(point.title),
        subject_id=point.subject_id,
        starts_at=point.starts_at,
        added=session.state is SessionState.OPEN,
    )
    tx.session.add(item)
    tx.session.flush()
    tx.emit("agenda.changed", session, item=str(item.id), added=item.added)
    return item


def move_item(tx: Tx, session_id: UUID, item_id: UUID, *, up: bool) -> AgendaItem:
    """One place up or down, before the session opens; at the end of the list nothing moves."""
    session, item = _one(tx, session_id, item_id)
    _not_frozen(session)
    before = AgendaItem.position < item.position if up else AgendaItem.position > item.position
    nearest = AgendaItem.position.desc() if up else AgendaItem.position
    other = tx.session.scalars(
        select(AgendaItem).where(AgendaItem.session_id == session_id, before).order_by(nearest).limit(1)
    ).one_or_none()
    if other is not None:
        item.position, other.position = other.position, item.position
    tx.emit("agenda.changed", session, item=str(item.id), up=up)
    return item


def drop_item(tx: Tx, session_id: UUID, item_id: UUID) -> None:
    """Take a point off, before the session opens."""
    session, item = _one(tx, session_id, item_id)
    _not_frozen(session)
    tx.session.delete(item)
    tx.emit("agenda.changed", session, item=str(item.id), dropped=True)


def take_item(tx: Tx, session_id: UUID, item_id: UUID) -> AgendaItem:
    """Put a point before the members: everybody's page shows it. The one before it ends now."""
    session, item = _one(tx, session_id, item_id)
    _open(session)
    if session.current_item_id and session.current_item_id != item_id:
        finish_item(tx, session_id, session.current_item_id)
    item.taken_at = item.taken_at or tx.now
    item.done_at = None
    session.current_item_id = item.id
    tx.emit("item.taken", session, item=str(item.id))
    return item


def finish_item(tx: Tx, session_id: UUID, item_id: UUID, notes: str | None = None) -> AgendaItem:
    """The point is over; `notes` is what the minutes say of it."""
    session, item = _one(tx, session_id, item_id)
    _open(session)
    item.taken_at = item.taken_at or tx.now
    item.done_at = item.done_at or tx.now
    if notes is not None:
        item.notes = notes.strip()
    if session.current_item_id == item.id:
        session.current_item_id = None
    tx.emit("item.done", session, item=str(item.id))
    return item


def _one(tx: Tx, session_id: UUID, item_id: UUID) -> tuple[CommitteeSession, AgendaItem]:
    session = tx.get(CommitteeSession, session_id, "session.run")  # locked: the points change one at a time
    asked = select(AgendaItem).where(AgendaItem.id == item_id, AgendaItem.session_id == session_id)
    item = tx.session.scalars(asked).one_or_none()
    if item is None:
        raise NOT_FOUND(thing="agenda_item")
    return session, item


def _not_frozen(session: CommitteeSession) -> None:
    if session.state is not SessionState.PLANNED:
        raise AGENDA_FROZEN(number=session.number)


def _open(session: CommitteeSession) -> None:
    if session.state is not SessionState.OPEN:
        raise SESSION_NOT_OPEN(number=session.number, state=f"state.committee_session.{session.state}")
