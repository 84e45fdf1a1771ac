"""The trail: what happened, who did it, and what each row was and became."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from ...applications.models import Application, RuleResult
from ...calls.models import Call
from ...core.audit import RowChange
from ...core.calendar import CASABLANCA
from ...core.db import Base
from ...core.errors import NOT_FOUND
from ...core.events import EVENTS, Event
from ...core.paging import Key, Page, paginate
from ...core.tx import Tx
from ...people.models import Organisation, Person, SignIn
from ...reviews.models import Assignment

LIMIT = 200
"""Changes of one row shown at most: the latest ones, and the page says when there are more."""


@dataclass(frozen=True)
class Filters:
    """What the trail is narrowed to; days are Casablanca's, both included."""

    subject_type: str | None = None
    subject_id: UUID | None = None
    actor_id: UUID | None = None
    actor: str | None = None
    name: str | None = None
    since: date | None = None
    until: date | None = None


def events(tx: Tx, filters: Filters, cursor: str | None = None, limit: int = 50) -> Page[Event]:
    """Events that the reader may see, the latest first."""
    asked = select(Event)
    for condition in _conditions(filters):
        asked = asked.where(condition)
    keys = [Key(Event.seq.expression, lambda event: event.seq, True)]
    return paginate(tx, tx.visible(asked, "event.read"), keys, cursor, limit)


def _conditions(f: Filters) -> Iterable[Any]:
    if f.subject_type:
        yield Event.subject_type == f.subject_type
    if f.subject_id:
        yield Event.subject_id == f.subject_id
    if f.actor_id:
        yield Event.actor_id == f.actor_id
    if f.actor:
        yield Event.actor_name.icontains(f.actor.replace("\0", ""), autoescape=True)
    if f.name:
        yield Event.name == f.name
    if f.since:
        yield Event.at >= _midnight(f.since)
    if f.until:
        yield Event.at < _midnight(f.until + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CASABLANCA)


def signers(tx: Tx, found: Iterable[Event]) -> dict[UUID, str]:
    """Who signed in, for the events of a sign-in: nobody was known when it began."""
    about = {
        event.id: event.data["person_id"]
        for event in found
        if event.actor_id is None and event.subject_type == SignIn.__tablename__ and "person_id" in event.data
    }
    names = _names(tx, set(about.values()))
    return {event_id: names[person_id] for event_id, person_id in about.items() if person_id in names}


def names_in(tx: Tx, found: Iterable[Event]) -> dict[UUID, dict[str, Mapping[str, str]]]:
    """By subject, what its call calls the rules and criteria of which the events tell: two statements."""
    told = list(found)
    refused = {event.subject_id for event in told if event.data.get("rules")}
    marked = {event.subject_id for event in told if event.data.get("criteria")}
    names: dict[UUID, dict[str, Mapping[str, str]]] = {}
    if refused:
        titles = select(RuleResult.application_id, RuleResult.rule_code, RuleResult.facts["title"])
        for key, code, title in tx.session.execute(titles.where(RuleResult.application_id.in_(refused))):
            names.setdefault(key, {})[code] = title
    if marked:
        grids = (
            select(Assignment.id, Call.definition["grid"]["criteria"])
            .join(Application, Application.id == Assignment.application_id)
            .join(Call, Call.id == Application.call_id)
            .where(Assignment.id.in_(marked))
        )
        for key, criteria in tx.session.execute(grids):
            names[key] = {one["code"]: one["label"] for one in criteria}
    return names


def names_of_events() -> list[str]:
    """Every event that may happen, for the filter."""
    return sorted(EVENTS)


@dataclass(frozen=True)
class Change:
    """One change of a row: (column, before, after) of each column that moved."""

    at: datetime
    action: str
    by: str
    request_id: str | None
    columns: Sequence[tuple[str, Any, Any]]


@dataclass(frozen=True)
class RowStory:
    """The changes of one row, the latest first; `names` of the persons and organisations it points to."""

    changes: Sequence[Change]
    more: bool
    names: Mapping[str, Any]  # a person's name; an organisation's, in both languages


def row_story(tx: Tx, table: str, row_id: str) -> RowStory:
    """What a row was and became; 404 when nothing of it may be seen."""
    asked = select(RowChange).where(RowChange.table_name == table, RowChange.row_id == row_id)
    found = tx.session.scalars(
        tx.visible(asked, "row_change.read").order_by(RowChange.id.desc()).limit(LIMIT + 1)
    ).all()
    if not found:
        raise NOT_FOUND(thing=table)
    hidden = _secrets().get(table, frozenset())
    columns = [_columns(row, hidden) for row in found[:LIMIT]]
    pointed = {
        value
        for column, *values in (one for same in columns for one in same)
        if column.endswith(("_id", "_by"))
        for value in values
        if isinstance(value, str)
    }
    actors: dict[str, Any] = _names(tx, {row.actor for row in found if row.actor} | pointed)
    changes = [
        Change(row.at, row.action, actors.get(row.actor or "", row.actor or ""), row.request_id, same)
        for row, same in zip(found, columns, strict=False)
    ]
    return RowStory(changes, len(found) > LIMIT, actors | _organisations(tx, pointed))


def _columns(row: RowChange, hidden: frozenset[str]) -> list[tuple[str, Any, Any]]:
    """Before and after of each column. The trigger leaves secrets out; they are left out here too."""
    before, after = row.old or {}, row.new or {}
    names = sorted((before.keys() | after.keys()) - hidden)
    return [(name, before.get(name), after.get(name)) for name in names]


def _secrets() -> dict[str, frozenset[str]]:
    return {
        mapper.class_.__tablename__: frozenset(getattr(mapper.class_, "__secrets__", ()))
        for mapper in Base.registry.mappers
    }


def _organisations(tx: Tx, keys: set[str]) -> dict[str, Any]:
    """Names of the organisations among the keys."""
    ids = _ids(keys)
    if not ids:
        return {}
    named: Any = select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids))
    return {str(id_): name for id_, name in tx.session.execute(tx.visible(named, "organisation.read"))}


def _ids(keys: set[str]) -> list[UUID]:
    found = []
    for key in keys:
        with suppress(ValueError):
            found.append(UUID(key))
    return found


def _names(tx: Tx, actors: set[str]) -> dict[str, str]:
    """Names of the persons among the actors (`system` and `anonymous` are words)."""
    ids = _ids(actors)
    if not ids:
        return {}
    named: Any = select(Person.id, Person.name).where(Person.id.in_(ids))
    return {str(id_): name for id_, name in tx.session.execute(tx.visible(named, "person.read"))}
