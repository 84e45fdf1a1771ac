"""Events and jobs: what happened, in domain words, and what is to be done about it, in one commit.

An event is append-only. Emitting it writes one job per subscriber beside it; a worker later runs each job in
a transaction of its own and marks it done in that same commit, so that losing the queue loses nothing.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Connection, ForeignKey, Identity, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .db import Base, HasId, choice


class Event(HasId, Base):
    """Something that happened to a subject; never changed, never removed."""

    __tablename__ = "event"
    __audited__ = False  # it is itself a record: the application may insert and read, nothing else
    __table_args__ = (Index("ix_event_subject", "subject_id", "seq"),)

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    at: Mapped[datetime]
    name: Mapped[str] = mapped_column(String(80), index=True)
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID]
    province_code: Mapped[str | None] = mapped_column(String(8), index=True)
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(default="")
    request_id: Mapped[str] = mapped_column(String(64))
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)


class JobState(StrEnum):
    READY = "ready"
    DONE = "done"
    PARKED = "parked"


class Job(HasId, Base):
    """Work owed. `READY` until done or, after too many attempts, `PARKED` for a person to look at."""

    __tablename__ = "job"
    __audited__ = False  # the queue's own bookkeeping; what a job changes is audited where it changes it
    __table_args__ = (Index("ix_job_ready", "run_at", postgresql_where=text("state = 'ready'")),)

    handler: Mapped[str] = mapped_column(String(80))
    event_id: Mapped[UUID | None] = mapped_column(ForeignKey("event.id"))
    args: Mapped[dict[str, Any]] = mapped_column(default=dict)
    run_at: Mapped[datetime]
    state: Mapped[JobState] = choice(JobState, default=JobState.READY)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
    done_at: Mapped[datetime | None]

    event: Mapped[Event | None] = relationship(lazy="raise", viewonly=True)


Handler = Callable[..., None]


@dataclass(frozen=True)
class Subscription:
    """A handler and how it is called: one job at a time, or all waiting ones of its kind together."""

    name: str
    call: Handler
    many: bool = False


@dataclass(frozen=True)
class Recurring:
    """Work that the clock asks for; it must be harmless to run twice or late."""

    name: str
    seconds: int
    call: Handler


EVENTS: set[str] = set()
SUBSCRIBERS: dict[str, list[Subscription]] = {}
HANDLERS: dict[str, Subscription] = {}
SCHEDULE: dict[str, Recurring] = {}
MAX_ATTEMPTS = 8


def declare(*names: str) -> None:
    """Name the events that a slice announces; emitting an undeclared one is an error."""
    EVENTS.update(names)


def job(name: str, many: bool = False) -> Callable[[Handler], Handler]:
    """Register a handler under a stable name: `(tx, job)`, or `(tx, jobs)` for `many`."""

    def register(call: Handler) -> Handler:
        if name in HANDLERS:
            raise ValueError(f"job {name} is declared twice")
        HANDLERS[name] = Subscription(name, call, many)
        return call

    return register


def on(*names: str, many: bool = False) -> Callable[[Handler], Handler]:
    """Subscribe to events: `(tx, event)`, or `(tx, events)` for `many` (no effects outside the database)."""

    def register(call: Handler) -> Handler:
        slice_name = call.__module__.removeprefix("backend.").split(".")[0]

        def run(tx: Any, work: Any) -> None:
            call(tx, [item.event for item in work] if many else work.event)

        job(f"{slice_name}.{call.__name__}", many)(run)
        for name in names:
            SUBSCRIBERS.setdefault(name, []).append(HANDLERS[f"{slice_name}.{call.__name__}"])
        return call

    return register


def every(seconds: int, name: str) -> Callable[[Handler], Handler]:
    """Have the clock call `(tx)` about every so many seconds."""

    def register(call: Handler) -> Handler:
        SCHEDULE[name] = Recurring(name, seconds, call)
        return call

    return register


def jobs_for(event: Event) -> Iterable[Job]:
    """One job per subscriber of the event, due at once."""
    for subscription in SUBSCRIBERS.get(event.name, ()):
        yield Job(handler=subscription.name, event_id=event.id, run_at=event.at)


_RECORD = """
WITH told AS (
  INSERT INTO event
    (id, at, name, subject_type, subject_id, province_code, actor_id, actor_name, request_id, data)
  SELECT * FROM jsonb_to_recordset(%(events)s::jsonb) AS e(
    id uuid, at timestamptz, name text, subject_type text, subject_id uuid, province_code text,
    actor_id uuid, actor_name text, request_id text, data jsonb)
)
INSERT INTO job (id, handler, event_id, args, run_at, state, attempts)
SELECT *, 'ready', 0 FROM jsonb_to_recordset(%(jobs)s::jsonb) AS j(
  id uuid, handler text, event_id uuid, args jsonb, run_at timestamptz)
"""


def record(connection: Connection, events: Iterable[Event], jobs: Iterable[Job]) -> None:
    """Write what happened and what is owed, in that order: one statement for any number of them.

    Rows that are only ever added need nothing of what the ORM does for those that change.
    """
    told = [
        {
            "id": str(one.id),
            "at": one.at.isoformat(),
            "name": one.name,
            "subject_type": one.subject_type,
            "subject_id": str(one.subject_id),
            "province_code": one.province_code,
            "actor_id": one.actor_id and str(one.actor_id),
            "actor_name": one.actor_name,
            "request_id": one.request_id,
            "data": one.data,
        }
        for one in events
    ]
    owed = [
        {
            "id": str(one.id),
            "handler": one.handler,
            "event_id": one.event_id and str(one.event_id),
            "args": one.args or {},
            "run_at": one.run_at.isoformat(),
        }
        for one in jobs
    ]
    connection.exec_driver_sql(_RECORD, {"events": json.dumps(told), "jobs": json.dumps(owed)})


def backoff(attempts: int) -> timedelta:
    """30 s, 1 min, 2 min … at most an hour between two attempts."""
    return timedelta(seconds=min(30 * 2 ** (attempts - 1), 3600))
