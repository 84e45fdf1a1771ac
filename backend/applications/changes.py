"""The history of a dossier's fields: a row for each that was changed, by whom, from what to what."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, desc, or_, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from uuid_utils.compat import uuid7

from ..core.events import Event
from ..core.paging import Key, Page, paginate
from ..core.tx import Tx
from ..people.models import Person
from .fields import same
from .models import Application, FieldChange
from .sections import ROWS, WRITTEN

TYPING = timedelta(minutes=10)
"""Between two changes of a field that are one to who reads the history."""
Change = tuple[str, Any, Any]
"""A field's path, what it said, what it says."""


@dataclass(frozen=True)
class Author:
    """Who changed a field last, and when."""

    name: str
    change: FieldChange


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    """The fields in which a section differs, those of lists row by row."""
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if same(old, new):
            continue
        if name in ROWS:
            yield from _rows(name, old or (), new or ())
        else:
            yield name, old, new


def _rows(rows: str, old: Any, new: Any) -> Iterator[Change]:
    for i in range(max(len(old), len(new))):
        one, other = (side[i] if i < len(side) else {} for side in (old, new))
        for name in {**one, **other}:
            if not same(one.get(name), other.get(name)):
                yield f"{rows}.{i}.{name}", one.get(name), other.get(name)


def record(
    tx: Tx, application: Application, section: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    """Keep what a section's save changed, field by field: one statement for all of them.

    The first save of a section has nothing to go back to: its event says who and when (`beginnings`).
    """
    if section in WRITTEN and before:
        for field, old, new in differences(before, after):
            tx.session.add(made(tx, application, uuid7(), section, (field, old, new)))


def made(tx: Tx, application: Application, key: UUID, section: str, change: Change) -> FieldChange:
    """The row that keeps a change."""
    field, before, after = change
    return FieldChange(
        id=key,
        application_id=application.id,
        section=section,
        field=field,
        before=before,
        after=after,
        person_id=tx.actor.id,
        kept_at=tx.now,
    )


def history(
    tx: Tx,
    application: Application,
    section: str | None = None,
    field: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[FieldChange]:
    """What was changed, the latest first: of the dossier, of a section, or of a field with all under it."""
    asked = select(FieldChange).where(FieldChange.application_id == application.id)
    if section:
        asked = asked.where(FieldChange.section == section)
    if field:
        asked = asked.where(
            or_(FieldChange.field == field, FieldChange.field.startswith(f"{field}.", autoescape=True))
        )
    keys = [
        Key(FieldChange.kept_at.expression, lambda row: row.kept_at, descending=True),
        Key(FieldChange.id.expression, lambda row: row.id, descending=True),
    ]
    return paginate(tx, asked, keys, cursor, limit)


@dataclass(frozen=True)
class Beginning:
    """A section was written for the first time, all of it at once: by whom, when."""

    section: str
    kept_at: datetime
    by: str


def beginnings(tx: Tx, application: Application, section: str | None = None) -> list[Beginning]:
    """The first saves of sections that no row of history tells, from their events: one statement."""
    where = Event.data["section"].as_string()
    told = (
        select(FieldChange.id)
        .where(
            and_(FieldChange.application_id == Event.subject_id, FieldChange.section == where),
            FieldChange.kept_at <= Event.at,
        )
        .exists()
    )
    saved = (
        select(where.label("section"), Event.at, Event.actor_name, told.label("told"))
        .where(Event.subject_id == application.id, Event.name == "application.saved")
        .where(where.in_([section] if section else list(WRITTEN)))
        .ext(distinct_on(where))
        .order_by(where, Event.seq)
    )
    rows = tx.session.execute(saved).all()
    return [Beginning(row.section, row.at, row.actor_name) for row in rows if not row.told]


@dataclass(frozen=True)
class Run:
    """Changes of one field by one person within minutes, the latest first: one change to who reads them."""

    rows: tuple[FieldChange, ...]

    @property
    def last(self) -> FieldChange:
        return self.rows[0]

    @property
    def first(self) -> FieldChange:
        return self.rows[-1]

    @property
    def kept_at(self) -> datetime:
        return self.last.kept_at


def runs(rows: Iterable[FieldChange]) -> list[Run]:
    """Rows, the latest first, with those of one stretch of typing together. Papers stand one by one."""
    found: list[list[FieldChange]] = []
    open_: dict[tuple[str, str], list[FieldChange]] = {}
    for row in rows:
        run = open_.get((row.section, row.field))
        if run and row.section in WRITTEN and _goes_on(row, run[-1]):
            run.append(row)
        else:
            found.append([row])
            open_[row.section, row.field] = found[-1]
    return [Run(tuple(one)) for one in found]


def _goes_on(earlier: FieldChange, later: FieldChange) -> bool:
    return earlier.person_id == later.person_id and later.kept_at - earlier.kept_at <= TYPING


def names(tx: Tx, rows: Iterable[FieldChange]) -> dict[UUID, str]:
    """The names of those who made the changes."""
    asked = select(Person.id, Person.name).where(Person.id.in_({row.person_id for row in rows}))
    return dict(tx.session.execute(asked).all())


def last(
    tx: Tx, application: Application, places: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], Author]:
    """Who changed each of these fields (section, path) last: one statement for any number."""
    asked = {(section, path) for section, path in places}
    whole = {(section, path.partition(".")[0]) for section, path in asked}
    rows = tx.session.execute(
        select(FieldChange, Person.name)
        .join(Person, Person.id == FieldChange.person_id)
        .where(
            FieldChange.application_id == application.id,
            tuple_(FieldChange.section, FieldChange.field).in_(list(asked | whole)),
        )
        .ext(distinct_on(FieldChange.section, FieldChange.field))
        .order_by(FieldChange.section, FieldChange.field, desc(FieldChange.kept_at), desc(FieldChange.id))
    ).all()
    found = {(row.section, row.field): Author(name, row) for row, name in rows}
    told = {}
    for section, path in asked:
        ones = [found[key] for key in ((section, path), (section, path.partition(".")[0])) if key in found]
        if ones:
            told[section, path] = max(ones, key=lambda one: one.change.kept_at)
    return told
