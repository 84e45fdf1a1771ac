"""The instant at which a request arrived or a job started: the server's clock decides.

A demonstration may run ahead of the real time; nothing else may.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy.orm import Mapped, mapped_column

from .db import Base


class DemoClock(Base):
    """How far a demonstration runs ahead of the real time (one row; read only where INDH_DEMO=1)."""

    __tablename__ = "demo_clock"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ahead: Mapped[timedelta]


@dataclass(frozen=True)
class Arrival:
    """When and under which id a request or a job entered the house."""

    at: datetime
    request_id: str


_arrival: ContextVar[Arrival | None] = ContextVar("arrival", default=None)
_ahead: ContextVar[timedelta] = ContextVar("ahead", default=timedelta())


def arrival() -> Arrival:
    """The current one; a command line or a test that opened none gets one of its own."""
    return _arrival.get() or Arrival(datetime.now(UTC), uuid4().hex)


def runs_ahead(ahead: timedelta) -> None:
    """What the last transaction learnt of a demonstration's clock, for the page that shows its rows."""
    _ahead.set(ahead)


def present() -> datetime:
    """The instant that pages count from: the arrival, on a demonstration's clock."""
    return arrival().at + _ahead.get()


@contextmanager
def arriving(request_id: str | None = None, at: datetime | None = None) -> Iterator[Arrival]:
    """Freeze the instant for all that happens inside: what arrived in time stays in time."""
    current = Arrival(at or datetime.now(UTC), request_id or uuid4().hex)
    token = _arrival.set(current)
    try:
        yield current
    finally:
        _arrival.reset(token)
