"""State machines, once: the table of transitions is the workflow, and `fire` the only hand that moves it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import event, func, inspect, select, update
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm.attributes import set_committed_value

from .errors import FORBIDDEN, NOT_FOUND, WRONG_STATE, Problem, problem
from .events import Event, declare
from .policy import RULES
from .tx import Tx, Unguarded

Guard = Callable[[Tx, Any], Problem | None]
ManyGuard = Callable[[Tx, Collection[Any]], Mapping[Any, Problem]]
MANY_REFUSED = problem("many_refused", 409)
FOR_MANY: dict[Guard, ManyGuard] = {}


def for_many(guard: Guard) -> Callable[[ManyGuard], ManyGuard]:
    """Declare how a guard is asked of many rows at once: `(tx, keys)` gives those refused, each with why."""

    def declared(call: ManyGuard) -> ManyGuard:
        if guard in FOR_MANY:
            raise ValueError(f"{guard} has a form for many already")
        FOR_MANY[guard] = call
        return call

    return declared


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

    def fire_many(
        self,
        tx: Tx,
        rows: Iterable[Any],
        verb: str,
        each: Mapping[Any, Mapping[str, Any]] | None = None,
        **data: Any,
    ) -> list[Event]:
        """`fire` for all of them or for none, in as many statements for any number of rows.

        The rows are locked in the order of their keys. `each` is what the event of one row says beside
        `data`, by key. Raises `many_refused` with the code of the refusal of each row that may not move.
        """
        found = {_key(row): row for row in rows}
        if not found:
            return []
        transition = self.transitions[verb]
        states, refusals = self._asked(tx, found, transition, lock=True)
        if refusals:
            codes = {str(key): refused.code for key, refused in refusals.items()}
            raise MANY_REFUSED(count=len(codes), refusals=codes)
        self._moved(tx, found, transition)
        tx.allowed = True  # the rule was asked of every one of them, under the lock
        said = each or {}
        after = transition.target
        return [
            tx.emit(transition.event, row, before=states[key], after=after, **data, **said.get(key, {}))
            for key, row in sorted(found.items())
        ]

    def refusals(self, tx: Tx, keys: Collection[Any], verb: str) -> dict[Any, Problem]:
        """The rows among these that `fire_many` would refuse now, each with why. Nothing is locked."""
        return self._asked(tx, keys, self.transitions[verb], lock=False)[1] if keys else {}

    def _asked(
        self, tx: Tx, keys: Collection[Any], transition: T, *, lock: bool
    ) -> tuple[dict[Any, StrEnum], dict[Any, Problem]]:
        """Each row's state, and why it may not move: one statement, and one for each guard."""
        unable = [guard for guard in transition.requires if guard not in FOR_MANY]
        if unable:
            raise Unguarded(f"{self.name}.{transition.verb}: {unable[0]} cannot be asked of many rows")
        (key,) = inspect(self.model).primary_key
        may = func.coalesce(RULES[transition.may].where(tx.actor), False)
        asked = select(key, self.column, may).where(key.in_(keys)).order_by(key)
        if lock:
            tx.session.flush()
            asked = asked.with_for_update(of=self.model)
        states: dict[Any, StrEnum] = {}
        refused: dict[Any, Problem] = {one: NOT_FOUND(thing=self.name) for one in keys}
        for one, state, allowed in tx.session.execute(asked):
            states[one] = state
            del refused[one]
            if not allowed:
                refused[one] = FORBIDDEN(rule=transition.may)
            elif state not in transition.sources:
                refused[one] = WRONG_STATE(state=f"state.{self.name}.{state}", allowed_verbs=[])
        for guard in transition.requires:
            able = [one for one in states if one not in refused]
            refused |= FOR_MANY[guard](tx, able) if able else {}
        return states, refused

    def _moved(self, tx: Tx, found: Mapping[Any, Any], transition: T) -> None:
        """One statement for all the rows; those in memory then say what the database does."""
        (key,) = inspect(self.model).primary_key
        version = inspect(self.model).version_id_col
        values: dict[Any, Any] = {self.column: transition.target}
        values |= {} if version is None else {version: version + 1}
        here = (key.in_(found), self.column.in_(transition.sources))
        kept = [key] if version is None else [key, version]
        moved = tx.session.execute(
            update(self.model).where(*here).values(values).returning(*kept),
            execution_options={"synchronize_session": False},
        ).all()
        if len(moved) != len(found):
            raise Unguarded(f"{self.name}.{transition.verb}: {len(moved)} of {len(found)} rows moved")
        for one, *now in moved:
            set_committed_value(found[one], self.column.key, transition.target)
            if now:
                set_committed_value(found[one], "version", *now)

    def available(self, tx: Tx, row: Any) -> list[str]:
        """The verbs that would succeed now: what a page shows as buttons. A guard of many is asked once."""
        here = [t for t in self.transitions.values() if self.state(row) in t.sources]
        may = tx.may([t.may for t in here], row) if here else {}
        refused = cache(lambda guard: guard(tx, row))
        return [t.verb for t in here if may[t.may] and not any(map(refused, t.requires))]

    def _move(self, tx: Tx, row: Any, transition: T, data: dict[str, Any]) -> Event:
        before = self.state(row)
        with _moves():
            setattr(row, self.column.key, transition.target)
        return tx.emit(transition.event, row, before=before, after=transition.target, **data)


def _key(row: Any) -> Any:
    return inspect(row).identity[0]


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
