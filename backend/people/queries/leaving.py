"""Members who left a list within the day: who they were, as the trail kept it, and what became of the list.

Nothing more is kept for it than the trail keeps anyway, which forgets a person who is erased. The number of a
card is not in it: it is gone with her who was removed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from ...core.audit import RowChange
from ...core.events import Event
from ...core.tx import Tx
from ..models import Member, Organisation, Sex
from ..own_data import ERASED_NAME

UNDO = timedelta(days=1)
"""How long who was removed may be put back, as with a paper."""
LEAVING = ("member.removed", "members.replaced")
OF_LISTS = (*LEAVING, "member.restored", "members.imported")
FORGOTTEN = ("•", ERASED_NAME)
"""What stands in the trail for the name of somebody who was erased."""


@dataclass(frozen=True)
class Left:
    """A member who was removed: what she was in the list, by whom and when she was taken off it."""

    id: UUID
    position: int
    name: str
    sex: Sex
    birth_year: int
    office: str | None
    at: datetime
    by: str


def left(tx: Tx, organisation: Organisation) -> list[Left]:
    """Who may still be put back, the latest first: two statements. The caller may read the members."""
    events = tx.session.scalars(
        select(Event)
        .where(Event.subject_id == organisation.id, Event.name.in_(LEAVING), Event.at > tx.now - UNDO)
        .order_by(Event.seq)
    )
    gone = {key: event for event in events for key in event.data.get("removed", ())}
    here = {str(member.id) for member in organisation.members}
    rows = _rows(tx, gone.keys() - here)
    found = [
        Left(UUID(key), *_said(rows[key]), at=gone[key].at, by=gone[key].actor_name or "")
        for key in gone
        if key in rows and rows[key].get("name") not in FORGOTTEN
    ]
    return sorted(found, key=lambda one: (one.at, -one.position), reverse=True)


def _rows(tx: Tx, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What the trail kept of rows that were deleted, by their keys."""
    asked = (
        select(RowChange.row_id, RowChange.old)
        .where(
            RowChange.table_name == Member.__tablename__,
            RowChange.row_id.in_(sorted(keys)),
            RowChange.action == "delete",
        )
        .order_by(RowChange.id)
    )
    return {key: old for key, old in tx.session.execute(asked) if old}


def _said(old: dict[str, Any]) -> tuple[int, str, Sex, int, str | None]:
    return old["position"], old["name"], Sex(old["sex"]), old["birth_year"], old.get("office")


def list_changes(tx: Tx, organisation: Organisation, most: int = 20) -> Sequence[Event]:
    """What happened to the list of members, the latest first."""
    asked = select(Event).where(Event.subject_id == organisation.id, Event.name.in_(OF_LISTS))
    return tx.session.scalars(asked.order_by(Event.seq.desc()).limit(most)).all()
