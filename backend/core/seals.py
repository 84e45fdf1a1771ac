"""Seals: at short intervals all new events are put under one root, chained to the seal before.

An event is sealed once and only once, whenever its transaction commits (see `_unsealed`). What a leaf commits
to is in `commitments`, the tree in `merkle`; why so, in decision 0014 and docs/seals.md.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    Row,
    Select,
    String,
    Text,
    UniqueConstraint,
    cast,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from . import commitments, merkle
from .commitments import SALT_SIZE, Told
from .db import Base
from .events import Event
from .tx import Tx

LOCK = 5_550_000_006
"""The advisory lock of sealing; an erasure of names in events takes it too (migration 0006)."""
LARGEST = 8_192
"""Events in one seal at most: a proof is then a few milliseconds' work, and any backlog the same memory."""
MOST_AT_ONCE = 64
"""Seals in one go; what is left waits for the next."""


class Seal(Base):
    """A root over new events, chained to the seal before; never changed, never removed.

    `root` is what is printed and published: it covers everything of this row, `floor` excepted, and by
    `previous` all seals before. No event that is not sealed yet has a `seq` up to `floor`.
    """

    __tablename__ = "seal"
    __audited__ = False  # it is itself a record: the application may insert and read, nothing else
    __table_args__ = (CheckConstraint("count > 0", name="count"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    count: Mapped[int]
    previous: Mapped[str | None] = mapped_column(String(64))
    events_root: Mapped[str] = mapped_column(String(64))
    root: Mapped[str] = mapped_column(String(64), unique=True)
    floor: Mapped[int] = mapped_column(BigInteger)


class SealedEvent(Base):
    """Where an event is sealed, with what its leaf needs beside it: its secret, and the salt of its author's
    name, which an erasure destroys (the name's digest stays).
    """

    __tablename__ = "sealed_event"
    __audited__ = False  # as its seal
    __table_args__ = (
        UniqueConstraint("seal_number", "position"),
        CheckConstraint("position >= 0", name="position"),
    )

    event_seq: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("event.seq"), primary_key=True, autoincrement=False
    )
    seal_number: Mapped[int] = mapped_column(ForeignKey("seal.number"))
    position: Mapped[int]
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    name_salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    name_digest: Mapped[bytes] = mapped_column(LargeBinary)
    leaf: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True)
class LastSeal:
    """What minutes print: the number, the root in hexadecimal, the instant."""

    number: int
    root: str
    at: datetime


COLUMNS = (
    Event.seq, Event.id, Event.at, Event.name, Event.subject_type, Event.subject_id, Event.province_code,
    Event.actor_id, Event.actor_name, Event.request_id, cast(Event.data, Text).label("data"),
)  # fmt: skip
"""What `told` reads. The data come as text: parsed in one way wherever a leaf is computed."""


def told(row: Row[Any] | Sequence[Any]) -> Told:
    """An event from the columns of `COLUMNS`."""
    values: list[Any] = [*row]
    values[-1] = json.loads(values[-1])
    return Told(*values)


def last_seal(tx: Tx) -> LastSeal | None:
    """The last seal, for minutes to print; None until there is one."""
    row = tx.session.execute(select(Seal.number, Seal.root, Seal.at).order_by(Seal.number.desc()).limit(1))
    found = row.one_or_none()
    return LastSeal(*found) if found else None


def seal_now(tx: Tx) -> LastSeal | None:
    """Seal every event that can be seen and is not sealed, this transaction's own included; the last seal.

    With nothing new no seal is made. Sealings wait for each other until their commits: call it late.
    """
    tx.session.flush()
    tx.session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    row = tx.session.execute(
        select(Seal.number, Seal.root, Seal.floor, Seal.at).order_by(Seal.number.desc()).limit(1)
    ).one_or_none()
    number, previous, floor, at = row or (0, None, 0, None)
    ceiling, after = _ceiling(tx), floor
    for _ in range(MOST_AT_ONCE):
        rows = tx.session.execute(_unsealed(after)).all()
        if not rows:
            break
        after = rows[-1].seq  # what appears below it meanwhile is for the next time
        if ceiling is not None:
            floor = max(floor, ceiling if len(rows) < LARGEST else min(ceiling, after))
        number, at = number + 1, tx.now
        previous = _write(tx, number, previous, floor, [told(one) for one in rows])
    return LastSeal(number, previous, at) if previous and at else None


def _unsealed(after: int) -> Select[*tuple[Any, ...]]:
    """The next events to seal: those that can be seen and are not sealed, whatever their number.

    A transaction that took its number early and commits late is thus sealed by the next seal. `after` only
    spares the search what is known to be sealed (the floor of the last seal).
    """
    sealed = select(SealedEvent.event_seq).where(SealedEvent.event_seq == Event.seq)
    asked = select(*COLUMNS).where(Event.seq > after, ~sealed.exists())
    return asked.order_by(Event.seq).limit(LARGEST)


_WRITING = text(
    "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'relation' AND relation = 'event'::regclass"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND mode = 'RowExclusiveLock' AND pid IS DISTINCT FROM pg_backend_pid())"
)


def _ceiling(tx: Tx) -> int | None:
    """A number up to which no event can appear any more, unless somebody else is writing events just now.

    Whoever was given a lower number held this lock before it was given, and holds it until she has committed.
    The order of the two statements is what makes it true.
    """
    highest = tx.session.scalar(select(func.coalesce(func.max(Event.seq), 0)))
    return None if tx.session.scalar(_WRITING) else highest


def _write(tx: Tx, number: int, previous: str | None, floor: int, events: Sequence[Told]) -> str:
    """Insert one seal over these events, in their order; its root."""
    rows = [_row(event) for event in events]
    events_root = merkle.root(leaf for *_, leaf in rows).hex()
    root = commitments.seal_root(number, tx.now, len(rows), previous, events_root)
    values = {"at": tx.now, "count": len(rows), "previous": previous, "events_root": events_root}
    tx.session.execute(insert(Seal).values(number=number, root=root, floor=floor, **values))
    columns = zip(("seqs", "secrets", "salts", "digests", "leaves"), zip(*rows, strict=True), strict=True)
    tx.session.execute(_PLACED, {"number": number} | {name: list(column) for name, column in columns})
    return root


_PLACED = text(  # five arrays: a third of the time that as many rows take
    "INSERT INTO sealed_event"
    " (event_seq, seal_number, position, secret, name_salt, name_digest, leaf)"
    " SELECT seq, :number, place - 1, secret, salt, digest, leaf"
    " FROM unnest(CAST(:seqs AS bigint[]), CAST(:secrets AS bytea[]), CAST(:salts AS bytea[]),"
    " CAST(:digests AS bytea[]), CAST(:leaves AS bytea[]))"
    " WITH ORDINALITY AS row (seq, secret, salt, digest, leaf, place)"
)


def _row(event: Told) -> tuple[int, bytes, bytes, bytes, bytes]:
    """Its number; its secret and its name's salt, drawn now; the name's digest; its leaf."""
    secret, salt = os.urandom(SALT_SIZE), os.urandom(SALT_SIZE)
    named = commitments.name_digest(salt, event.actor_name)
    return event.seq, secret, salt, named, event.leaf(secret, named)
