"""State machines, once: the table of transitions is the workflow, and `fire` the only hand that moves it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import InstrumentedAttribute

from .errors import WRONG_STATE, Problem
from .events import Event, declare
from .tx import Tx, Unguarded

Guard = Callable[[Tx, Any], Problem | None]

_moving: ContextVar[bool] = ContextVar("moving", default=False)


@dataclass(frozen=True)
class T:
    """A transition: the verb, where from and to, what it announces, the rule that allows it, its guards."""

    verb: str
    sources: frozenset[StrEnum]
    target: StrEnum
    event: str
    may: str
    requires: tuple[Guard, ...] = ()

    def __init__(
        self,
        verb: str,
        sources: Iterable[StrEnum],
        target: StrEnum,
        event: str,
        may: str,
        requires: tuple[Guard, ...] = (),
    ) -> None:
        for name, value in (
            ("verb", verb),
            ("sources", frozenset(sources)),
            ("target", target),
            ("event", event),
            ("may", may),
            ("requires", requires),
        ):
            object.__setattr__(self, name, value)


MACHINES: dict[str, "Machine"] = {}


class Machine:
    """The life of one kind of row. Assigning its state anywhere else raises."""

    def __init__(self, column: InstrumentedAttribute[Any], *transitions: T) -> None:
        self.column = column
        self.model = column.class_
        self.name: str = self.model.__tablename__
        self.transitions = {transition.verb: transition for transition in transitions}
        if len(self.transitions) != len(transitions):
            raise ValueError(f"{self.name}: a verb is declared twice")
        declare(*(transition.event for transition in transitions))
        event.listen(column, "set", _only_by_fire)
        MACHINES[self.name] = self

    def state(self, row: Any) -> StrEnum:
        state: StrEnum = getattr(row, self.column.key)
        return state

    def fire(self, tx: Tx, row: Any, verb: str, **data: Any) -> Event:
        """May she? From here? Do the guards agree? Then move, and say so."""
        transition = self.transitions[verb]
        tx.allow(transition.may, row)
        if self.state(row) not in transition.sources:
            raise WRONG_STATE(
                state=f"state.{self.name}.{self.state(row)}", allowed_verbs=self.available(tx, row)
            )
        for guard in transition.requires:
            if refusal := guard(tx, row):
                raise refusal
        return self._move(tx, row, transition, data)

    def available(self, tx: Tx, row: Any) -> list[str]:
        """The verbs that would succeed now: what a page shows as buttons."""
        here = [t for t in self.transitions.values() if self.state(row) in t.sources]
        may = tx.may([t.may for t in here], row) if here else {}
        return [t.verb for t in here if may[t.may] and not any(guard(tx, row) for guard in t.requires)]

    def _move(self, tx: Tx, row: Any, transition: T, data: dict[str, Any]) -> Event:
        before = self.state(row)
        with _moves():
            setattr(row, self.column.key, transition.target)
        return tx.emit(transition.event, row, before=before, after=transition.target, **data)


@contextmanager
def _moves() -> Iterator[None]:
    token = _moving.set(True)
    try:
        yield
    finally:
        _moving.reset(token)


def _only_by_fire(_row: Any, value: Any, _old: Any, _initiator: Any) -> None:
    if not _moving.get():
        raise Unguarded(f"state may only be set by Machine.fire, not to {value}")
