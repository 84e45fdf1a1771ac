"""The transaction: the one door through which anything is read or written.

It carries the actor, the instant and the rules; it refuses to commit a write that no rule allowed or that
left no event behind.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, TypeVar, TypeVarTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, event, func, inspect, select, text
from sqlalchemy import Row as Found
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.orm.interfaces import ORMOption
from uuid_utils.compat import uuid7

from .actor import Actor
from .clock import arrival, runs_ahead
from .config import settings
from .entrance import HouseSession, entrance, new_session
from .errors import FORBIDDEN, NOT_FOUND, VERSION_CONFLICT
from .events import EVENTS, Event, Job, jobs_for, record
from .facts import stated
from .kept import HERS, Build, kept
from .policy import RULES, Rule

Row = TypeVar("Row")
Columns = TypeVarTuple("Columns")


def _keep_for_the_drain(_ids: Sequence[UUID]) -> None:
    """Without a queue the jobs wait in the database for whoever drains it."""


dispatch: Callable[[Sequence[UUID]], None] = _keep_for_the_drain
"""Where new jobs are offered after a commit; the composition root puts the queue here."""


class Unguarded(RuntimeError):
    """A write that no rule allowed or no event recorded: a fault of ours, never committed."""


class Beside(tuple[ORMOption, ...]):
    """What is loaded beside a row, made once a process: the statement that loads it is then kept."""

    __slots__ = ()


class Tx:
    """An open transaction under an actor. `now` is when the request arrived, timezone-aware UTC."""

    def __init__(self, session: Session, actor: Actor, now: datetime, request_id: str) -> None:
        self.session = session
        self.actor = actor
        self.now = now
        self.request_id = request_id
        self.allowed = False
        self.recorded = False
        self.wrote = False
        self.after_commit: list[Callable[[], None]] = []
        self._told: list[Event] = []  # written with the next flush
        self._owed: list[Job] = []
        self._offered: list[UUID] = []
        self._held: set[tuple[str, Any]] = set()  # rules found to hold on rows that are locked and unchanged
        session.info["tx"] = self

    # -- reading ---------------------------------------------------------------------------------
    def visible(self, statement: Select[*Columns], rule: str) -> Select[*Columns]:
        """The statement, narrowed to the rows on which the actor may."""
        return statement.where(RULES[rule].where(self.actor))

    def rows(self, name: Hashable, build: Build, /, **given: Any) -> list[Found[Any]]:
        """The plain rows of the statement kept under this name (`core.kept`), its parameters `given`."""
        if self.session.autoflush:
            self.session.flush()
        return kept(name, self.actor, build).rows(self.session.connection(), {**given, HERS: self.actor.id})

    def get(
        self,
        model: type[Row],
        key: Any,
        rule: str,
        *,
        version: int | None = None,
        options: Sequence[Any] = Beside(),
    ) -> Row:
        """The row, locked unless the rule is a `.read`; with `options` made once (`Beside`) it costs less.

        404 when the actor may not even see it, 403 when she may see but not do this, 412 when `version` (the
        reader's ETag) is no longer the current one.
        """
        reading = rule.endswith(".read")

        def build(actor: Actor) -> Select[Row]:
            asked = select(model).where(_primary_key(model) == bindparam("key"), RULES[rule].where(actor))
            if reading:
                return asked.options(*options)
            return asked.options(*options).with_for_update(of=model).execution_options(populate_existing=True)

        beside = isinstance(options, Beside)
        asked = kept((model, rule, options), self.actor, build).statement if beside else build(self.actor)
        row = self.session.scalars(asked, {"key": key, HERS: self.actor.id}).one_or_none()
        if row is None:
            self._refuse(model, key, rule)
        if not reading:
            self.allowed = True
            self._held.add((rule, row))
        current = getattr(row, "version", None)
        if version is not None and version != current:
            raise VERSION_CONFLICT(version=version, current=current)
        return row  # type: ignore[return-value]

    def may(self, rules: Sequence[str], row: Any) -> dict[str, bool]:
        """Which of the rules hold on this row: one statement for all of them."""
        asked = sorted(set(rules))
        usable = [name for name in asked if self.actor.is_system or self.actor.in_scope(name)]
        if not usable:
            return dict.fromkeys(asked, False)
        model = type(row)

        def build(actor: Actor) -> Select[*tuple[Any, ...]]:
            columns = [
                func.coalesce(RULES[name].where(actor), False).label(f"r{i}") for i, name in enumerate(usable)
            ]
            return select(*columns).select_from(model).where(_primary_key(model) == bindparam("key"))

        self.session.flush()
        (answer,) = self.rows((model, *usable), build, key=_identity(row))
        return dict.fromkeys(asked, False) | dict(zip(usable, answer, strict=True))

    # -- writing ---------------------------------------------------------------------------------
    def allow(self, rule: str, row: Any) -> None:
        """Go on only if the rule holds on this row: 403 otherwise."""
        if (rule, row) not in self._held or self.session.is_modified(row):
            RULES[rule].where(self.actor)  # a token outside its scope is told so
            if not self.may([rule], row)[rule]:
                raise FORBIDDEN(rule=rule)
        self.allowed |= not rule.endswith(".read")

    def add(self, row: Row, rule: str) -> Row:
        """Insert the row, if the rule holds on it once it is there."""
        self.session.add(row)
        self.session.flush()
        self.allow(rule, row)
        return row

    def emit(self, name: str, subject: Any, **data: Any) -> Event:
        """Record that something happened, with the jobs that it asks for. `data` is plain JSON."""
        if name not in EVENTS:
            raise Unguarded(f"event {name} is not declared")
        happened = Event(
            id=uuid7(),
            at=self.now,
            name=name,
            subject_type=subject.__tablename__,
            subject_id=subject.id,
            province_code=getattr(subject, "province_code", None),
            actor_id=self.actor.id,
            actor_name=self.actor.name,
            request_id=self.request_id,
            data=stated(name, subject, data),
        )
        self._told.append(happened)
        for job in jobs_for(happened):
            self.enqueue(job)
        self.recorded = True
        return happened

    def enqueue(self, job: Job) -> Job:
        """Owe this work; it is offered to the workers once the commit stands."""
        job.id = uuid7()
        self._owed.append(job)
        if job.run_at <= self.now:
            self._offered.append(job.id)
        return job

    def record(self) -> None:
        """Write the events and jobs that are not written yet."""
        if self._told or self._owed:
            self.wrote = True
            record(self.session.connection(), self._told, self._owed)
            self.forget()

    def forget(self) -> None:
        """What was not written is not to be: it was rolled back."""
        self._told, self._owed = [], []

    def written(self) -> None:
        """Something was written: what was found to hold before may hold no more."""
        self.wrote = True
        self._held.clear()

    # -- ending ----------------------------------------------------------------------------------
    def close(self) -> None:
        """Flush, and refuse what was written without a rule or without a record."""
        self.session.flush()
        if self.wrote and not (self.allowed and self.recorded):
            missing = "a rule" if not self.allowed else "an event"
            raise Unguarded(f"a write without {missing} was not committed")

    def announce(self) -> None:
        """After the commit: offer the jobs; a queue that does not answer delays them, nothing more."""
        if self._offered:
            dispatch(self._offered)
        for call in self.after_commit:
            call()

    def _refuse(self, model: type[Any], key: Any, rule: str) -> None:
        seen = f"{rule.partition('.')[0]}.read"
        if rule != seen and seen in RULES:
            found = select(_primary_key(model)).where(_primary_key(model) == key)
            if self.session.execute(self.visible(found, seen)).first():
                raise FORBIDDEN(rule=rule)
        raise NOT_FOUND(thing=model.__tablename__)


@contextmanager
def transaction(actor: Actor) -> Iterator[Tx]:
    """Open a transaction for the actor; commit at the end of the block, roll back on any exception."""
    entered = arrival()
    begun = entrance()
    taken = begun and begun.take(actor)
    session = taken[0] if taken else new_session()
    with session, session.get_transaction() or session.begin():
        ahead = taken[1] if taken else _open(session, actor, entered.request_id)
        runs_ahead(ahead)
        tx = Tx(session, actor, entered.at + ahead, entered.request_id)
        yield tx
        tx.close()
    tx.announce()


_CONTEXT = "SELECT set_config('indh.actor', :actor, true), set_config('indh.request', :request, true)"


def _open(session: Session, actor: Actor, request_id: str) -> timedelta:
    """Tell the audit trigger who acts; learn how far ahead a demonstration's clock runs."""
    clock = ", (SELECT ahead FROM demo_clock)" if settings().demo else ""
    row = session.execute(
        text(_CONTEXT + clock), {"actor": str(actor.id or actor.kind), "request": request_id}
    ).one()
    return (row[2] if clock else None) or timedelta()


def _primary_key(model: type[Any]) -> ColumnElement[Any]:
    column: ColumnElement[Any]
    (column,) = inspect(model).primary_key
    return column


def _identity(row: Any) -> Any:
    return inspect(row).identity[0]


@event.listens_for(HouseSession, "after_soft_rollback")
def _forget(session: Session, _undone: Any) -> None:
    if tx := session.info.get("tx"):
        tx.forget()


@event.listens_for(HouseSession, "after_flush")
def _notice_flush(session: Session, _context: Any) -> None:
    if session.new or session.dirty or session.deleted:
        session.info["tx"].written()


@event.listens_for(HouseSession, "do_orm_execute")
def _notice_bulk(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        state.session.info["tx"].written()


__all__ = ["Beside", "Rule", "Tx", "Unguarded", "transaction"]
