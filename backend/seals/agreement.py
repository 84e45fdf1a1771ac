"""Whether rows are what the trail says of them: decisions, deposits …, as each slice registers them."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, cast, func, lateral, select, true

from ..core.events import Event
from ..core.facts import FACTS
from ..core.facts import Fact as Kind
from ..core.machine import MACHINES, Machine
from .proof import Fault
from .trail import Counted, streamed

CODES = ("row_differs", "row_moved", "row_unsaid", "row_repeated", "row_gone", "state_differs")


def faults(connection: Connection, counted: Counted) -> Iterator[Fault]:
    """Each row that does not agree with its event, each event whose row is gone, each state nobody moved."""
    for kind in FACTS.values():
        yield from _held(connection, kind, counted)
        if kind.complete:
            yield from _gone(connection, kind)
    for machine in MACHINES.values():
        yield from _states(connection, machine)


def _held(connection: Connection, kind: Kind, counted: Counted) -> Iterator[Fault]:
    """The rows of a kind, each beside the first event about it, or the last."""
    rows = kind.rows().subquery()
    first = (
        select(Event.seq, Event.at, cast(Event.data, Text).label("data"), func.count().over().label("times"))
        .where(*_about(kind, rows.c))
        .order_by(Event.seq.desc() if kind.last else Event.seq)
        .limit(1)
    )
    event = lateral(first).alias("said")
    asked = select(rows, *(column.label(f"said_{column.name}") for column in event.c))
    asked = asked.select_from(rows.outerjoin(event, true()))
    for row in streamed(connection, asked):
        counted.rows += 1
        named = {"kind": kind.kind, "named": row.named}
        if row.said_seq is None:
            yield Fault("row_unsaid", named)
            continue
        if row.said_times > 1 and not kind.last:
            yield Fault("row_repeated", named | {"seq": row.said_seq, "times": row.said_times})
        yield from _compared(kind, row, named | {"seq": row.said_seq})


def _compared(kind: Kind, row: Any, named: Mapping[str, Any]) -> Iterator[Fault]:
    """Each key that differs; the fingerprint only when no key that it covers tells more."""
    said, found = json.loads(row.said_data), kind.says(row)
    wrong = [key for key, value in found.items() if key in said and not _same(said[key], value)]
    for key in [one for one in wrong if one != "sha256"] or wrong:
        yield Fault("row_differs", {**named, "key": key, "said": said[key], "found": _plain(found[key])})
    if kind.at and getattr(row, kind.at) != row.said_at:
        found_at = getattr(row, kind.at)
        yield Fault("row_moved", {**named, "said": row.said_at, "found": found_at})


def _gone(connection: Connection, kind: Kind) -> Iterator[Fault]:
    """Events about rows that are not there."""
    rows = kind.rows().subquery()
    kept = select(rows.c.subject_id).where(*_about(kind, rows.c))
    asked = select(Event.seq, Event.name, Event.subject_id).where(*_of(kind), ~kept.exists())
    for row in streamed(connection, asked.order_by(Event.seq)):
        yield Fault("row_gone", {"kind": kind.kind, "seq": row.seq, "event": row.name})


def _about(kind: Kind, columns: Any) -> list[ColumnElement[bool]]:
    """The events about a row."""
    return [
        Event.subject_id == columns.subject_id,
        *_of(kind),
        *(Event.data[key].astext == cast(columns[column], Text) for key, column in kind.match.items()),
    ]


def _of(kind: Kind) -> list[ColumnElement[bool]]:
    """The events about rows of a kind."""
    having = [Event.data.has_key(kind.having)] if kind.having else []
    return [Event.name.in_(kind.events), *having]


def _states(connection: Connection, machine: Machine) -> Iterator[Fault]:
    """Rows whose state is not the one that their last transition gave them."""
    model, column = machine.model, machine.column
    verbs = {transition.event for transition in machine.transitions.values()}
    last = (
        select(Event.data["after"].astext)
        .where(Event.subject_id == model.id, Event.name.in_(verbs), Event.data.has_key("after"))
        .order_by(Event.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    states = select(model.id, cast(column, Text).label("found"), last.label("said")).subquery()
    asked = select(*states.c).where(states.c.said.is_not(None), states.c.found != states.c.said)
    for row in streamed(connection, asked):
        yield Fault(
            "state_differs", {"kind": machine.name, "named": row.id, "said": row.said, "found": row.found}
        )


def _same(said: Any, found: Any) -> bool:
    if isinstance(found, datetime):
        try:
            return datetime.fromisoformat(said) == found
        except (TypeError, ValueError):
            return False
    return bool(said == found)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
