"""The way into a transaction: the statement that finds who acts begins the first one that she opens.

It also tells the audit trigger who she is, so that neither costs a round trip of its own.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, String, bindparam, cast, func, null, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from . import db
from .actor import Actor
from .clock import DemoClock, arrival
from .config import settings
from .kept import Kept


class HouseSession(Session):
    """A session that knows its transaction, to notice every write; events are written with what they tell."""

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        super().flush(objects)
        if tx := self.info.get("tx"):
            tx.record()


def new_session() -> Session:
    """One of its own, on the pool's next connection."""
    return HouseSession(db.bind(), expire_on_commit=False, join_transaction_mode="create_savepoint")


class Entrance:
    """A transaction begun to learn who acts: the first one that she opens goes on in it."""

    def __init__(self) -> None:
        self._begun: Session | None = None
        self._actor: Actor | None = None
        self._ahead = timedelta()

    def ask(
        self, who: Select[*tuple[Any, ...]], hers: InstrumentedAttribute[UUID], asked: dict[str, Any]
    ) -> Row[Any] | None:
        """The row of whoever acts, whose id is `hers`; None when it is nobody."""
        self.close()
        self._begun = session = new_session()
        session.begin()
        statement = _entering(who, hers, settings().demo)
        asked |= {"request": arrival().request_id}
        found = statement.rows(session.connection(), asked)
        if not found:
            self.close()
            return None
        (row,) = found
        self._ahead = row.ahead or timedelta()
        return row

    def found(self, actor: Actor) -> None:
        """It is she."""
        self._actor = actor

    def take(self, actor: Actor) -> tuple[Session, timedelta] | None:
        """What was begun for her; given back to the pool when somebody else acts."""
        session, self._begun = self._begun, None
        if session is not None and self._actor is actor:
            return session, self._ahead
        if session is not None:
            session.close()
        return None

    def close(self) -> None:
        """Nobody took it."""
        session, self._begun = self._begun, None
        if session is not None:
            session.close()


_entrance: ContextVar[Entrance | None] = ContextVar("entrance", default=None)


def entrance() -> Entrance | None:
    """The current request's, if it has one."""
    return _entrance.get()


@contextmanager
def entering() -> Iterator[None]:
    """In one thread: she who is identified inside goes on in the transaction in which she was found."""
    made = Entrance()
    token = _entrance.set(made)
    try:
        yield
    finally:
        _entrance.reset(token)
        made.close()


@cache
def _entering(who: Select[*tuple[Any, ...]], hers: InstrumentedAttribute[UUID], demo: bool) -> Kept:
    """The statement that finds the actor, and tells the audit trigger who it is."""
    ahead = select(DemoClock.ahead).scalar_subquery() if demo else null()
    return Kept(
        who.add_columns(
            func.set_config("indh.actor", cast(hers, String), True),
            func.set_config("indh.request", bindparam("request", type_=String), True),
            ahead.label("ahead"),
        )
    )
