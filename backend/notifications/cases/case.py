"""One message to write, and how its facts are found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Select

from ...core.events import Event
from ...core.tx import Tx


@dataclass(frozen=True)
class Stranger:
    """Whoever wrote without an account: how to reach her, her language. Her address is read at the end."""

    by_text: bool
    language: str


@dataclass(frozen=True)
class Case:
    """A message to write: the event that it tells of, its words, its facts, and to whom."""

    event_id: UUID
    template: str
    params: dict[str, Any]
    province_code: str | None
    organisation_id: UUID | None = None  # to those who act for it
    people: tuple[UUID, ...] = field(default=())  # and to these
    phone: str | None = None  # by SMS to this number instead of by e-mail
    stranger: Stranger | None = None  # to her alone


Cases = Iterable[Case]


def rows_of(
    tx: Tx, statement: Select[*tuple[Any, ...]], key: Any, events: Sequence[Event]
) -> dict[UUID, Any]:
    """What the statement says of each event's subject, by the subject's id."""
    ids = {event.subject_id for event in events}
    found = tx.session.execute(statement.add_columns(key.label("subject")).where(key.in_(ids)))
    return {row.subject: row for row in found}
