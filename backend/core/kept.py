"""Statements made once: to make one out of its rules takes longer than the database takes to answer it."""

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from psycopg.sql import quote
from sqlalchemy import BindParameter, Connection, Dialect, Row, Select, Uuid

from .actor import Actor

Build = Callable[[Actor], Select[*tuple[Any, ...]]]


class _Whoever(BindParameter[UUID]):
    """Stands for the actor's id in a statement that is kept; she who has no id never meets it."""

    inherit_cache = True

    def __bool__(self) -> bool:
        return True


HERS = "whoever_acts"
"""The parameter that each execution of a kept statement must give."""
_WHOEVER: Any = _Whoever(HERS, type_=Uuid(), required=True)
_KEPT: dict[Hashable, "Kept"] = {}
_MOST = 5_000


def kept(key: Hashable, actor: Actor, build: Build) -> "Kept":
    """The statement that `build` makes for such an actor: her roles, places and scopes, whoever she is.

    Two actors share one only when all that a rule may ask of them is equal, but for their ids: those are the
    parameter `HERS`, without which nothing is executed. `build` asks its rules by `Rule.where`; values that
    change from one call to the next are parameters too, and `key` names whatever else changes the statement.
    """
    like = (key, actor.kind, actor.id is None, actor.grants, actor.scopes)
    found = _KEPT.get(like)
    if found is None:
        if len(_KEPT) >= _MOST:
            _KEPT.clear()
        found = _KEPT[like] = Kept(
            build(replace(actor, id=_WHOEVER, name="", language="") if actor.id else actor)
        )
    return found


@dataclass(frozen=True)
class _Text:
    """A statement as the driver takes it: its words, and the values that are wanted."""

    words: str
    wanted: tuple[tuple[str, str, Callable[[Any], Any] | None], ...]


class _Hole:
    """Where a value is to come."""

    def __init__(self, name: str) -> None:
        self.name = name


class Kept:
    """A statement, and once it was asked for plain rows its text."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self.statement = statement
        self._text: _Text | None = None

    def rows(self, connection: Connection, given: Mapping[str, Any]) -> list[Row[Any]]:
        """Its rows as the driver reads them: for columns of plain kinds and JSON, not for enumerations."""
        if self._text is None:
            self._text = _text(self.statement, connection.dialect, given)
        values = {
            name: given[source] if process is None else process(given[source])
            for name, source, process in self._text.wanted
        }
        return list(connection.exec_driver_sql(self._text.words, values).all())


_PLACE = re.compile(r"%%|%\(([^)]+)\)s")


def _text(statement: Select[*tuple[Any, ...]], dialect: Dialect, given: Mapping[str, Any]) -> _Text:
    """What never changes stands in the words themselves: the database then plans them once, for any values.

    As a parameter it would be unknown to that plan, which then costs more than planning anew each time.
    """
    compiled: Any = statement.compile(dialect=dialect)
    state = compiled.construct_expanded_state({name: _Hole(name) for name in given})
    values, processors = state.parameters, state.processors
    wanted = tuple(
        (name, value.name, processors.get(name)) for name, value in values.items() if isinstance(value, _Hole)
    )
    changing = {name for name, *_ in wanted}

    def fixed(place: re.Match[str]) -> str:
        name = place[1]
        if name is None or name in changing:
            return place[0]
        process = processors.get(name)
        return quote(process(values[name]) if process else values[name]).replace("%", "%%")

    return _Text(_PLACE.sub(fixed, state.statement), wanted)
