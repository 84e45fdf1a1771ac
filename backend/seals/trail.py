"""The check of a whole database: every leaf, every root, the chain, and what stands outside the seals.

Rows are streamed: the memory does not grow with the number of events. What it reads is one snapshot.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, exists, func, select
from sqlalchemy.orm import aliased

from ..core import commitments, merkle
from ..core.events import Event
from ..core.seals import COLUMNS, Seal, SealedEvent, told
from .proof import Fault

CODES = (
    "seal_missing", "seal_chain", "seal_root", "seal_events", "seal_count", "event_missing", "event_moved",
    "event_changed", "author_changed", "author_removed", "event_behind", "seal_other", "seal_cut",
    "root_absent",
)  # fmt: skip
STREAM = 2_000
_erasure = aliased(Event)


@dataclass
class Counted:
    """What was gone through."""

    seals: int = 0
    events: int = 0
    erased: int = 0
    waiting: int = 0
    rows: int = 0
    number: int = 0
    root: str = ""


@dataclass(frozen=True)
class Published:
    """What was known before, outside this database: roots that were printed, an exported list of seals."""

    roots: frozenset[str] = frozenset()
    seals: Mapping[int, str] = field(default_factory=dict)


def faults(connection: Connection, counted: Counted, published: Published | None = None) -> Iterator[Fault]:
    """Each thing that is not as it was sealed, seal after seal."""
    known = published or Published()
    listed, wanted = dict(known.seals), set(known.roots)
    sealed = _Rows(iter(streamed(connection, _sealed())))
    before: Row[Any] | None = None
    for seal in streamed(connection, select(*_SEAL).order_by(Seal.number)):
        counted.seals += 1
        yield from _follows(before, seal)
        yield from sealed.orphans(seal.number)
        yield from _over(seal, sealed.of(seal.number), counted)
        if listed.pop(seal.number, seal.root) != seal.root:
            yield Fault("seal_other", {"number": seal.number})
        wanted.discard(seal.root)
        before, counted.number, counted.root = seal, seal.number, seal.root
    yield from sealed.orphans(None)
    yield from (Fault("seal_cut", {"number": number}) for number in sorted(listed))
    yield from (Fault("root_absent", {"root": root}) for root in sorted(wanted))
    yield from _outside(connection, before.floor if before else 0, counted)


_SEAL = (
    Seal.number,
    Seal.at,
    Seal.count.label("total"),
    Seal.previous,
    Seal.events_root,
    Seal.root,
    Seal.floor,
)


def streamed(connection: Connection, statement: Select[*tuple[Any, ...]]) -> Iterator[Row[Any]]:
    """Its rows, a few at a time."""
    yield from connection.execute(statement, execution_options={"yield_per": STREAM})


def _sealed() -> Select[*tuple[Any, ...]]:
    """Sealed leaves in their order, each with its event and whether its author asked to be erased."""
    asked = exists().where(_erasure.name == "person.erased", _erasure.subject_id == Event.actor_id)
    return (
        select(
            SealedEvent.seal_number, SealedEvent.position, SealedEvent.event_seq, SealedEvent.secret,
            SealedEvent.name_salt, SealedEvent.name_digest, SealedEvent.leaf,
            and_(SealedEvent.name_salt.is_(None), asked).label("erased"), *COLUMNS,
        )
        .outerjoin(Event, Event.seq == SealedEvent.event_seq)
        .order_by(SealedEvent.seal_number, SealedEvent.position)
    )  # fmt: skip


class _Rows:
    """Sealed leaves, handed out seal by seal."""

    def __init__(self, rows: Iterator[Row[Any]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def of(self, number: int) -> Iterator[Row[Any]]:
        while self._next is not None and self._next.seal_number == number:
            yield self._next
            self._next = next(self._rows, None)

    def orphans(self, before: int | None) -> Iterator[Fault]:
        """Leaves of seals that are not there, up to the next that is."""
        while self._next is not None and (before is None or self._next.seal_number < before):
            number = self._next.seal_number
            for _ in self.of(number):
                pass
            yield Fault("seal_missing", {"number": number})


def _follows(before: Row[Any] | None, seal: Row[Any]) -> Iterator[Fault]:
    """It names the root of the seal before, and its own root is over all that it says."""
    number, previous = (before.number, before.root) if before else (0, None)
    if seal.number != number + 1:
        yield Fault("seal_missing", {"number": number + 1})
    if seal.previous != previous:
        yield Fault("seal_chain", {"number": seal.number})
    root = commitments.seal_root(seal.number, seal.at, seal.total, seal.previous, seal.events_root)
    if root != seal.root:
        yield Fault("seal_root", {"number": seal.number})


def _over(seal: Row[Any], rows: Iterator[Row[Any]], counted: Counted) -> Iterator[Fault]:
    """Every leaf is that of its event, and the tree over them is the one that was sealed."""
    tree = merkle.Growing()
    for row in rows:
        if row.position != tree.size:
            yield Fault("event_moved", {"seq": row.event_seq, "number": seal.number})
        tree.add(row.leaf)
        counted.events += 1
        counted.erased += row.name_salt is None
        if fault := _leaf_fault(row):
            yield fault
    if tree.size != seal.total:
        yield Fault("seal_count", {"number": seal.number, "said": seal.total, "found": tree.size})
    if tree.root().hex() != seal.events_root:
        yield Fault("seal_events", {"number": seal.number})


def _leaf_fault(row: Row[Any]) -> Fault | None:
    """Whether the event is what its leaf says, its author's name where it was not erased."""
    named = {"seq": row.event_seq, "number": row.seal_number}
    if row.id is None:
        return Fault("event_missing", named)
    event = told(row[8:])
    named |= {"event": event.name, "at": event.at}
    if event.leaf(row.secret, row.name_digest) != row.leaf:
        return Fault("event_changed", named)
    if row.name_salt is None:
        return None if row.erased else Fault("author_removed", named)
    if commitments.name_digest(row.name_salt, event.actor_name) != row.name_digest:
        return Fault("author_changed", named)
    return None


def _outside(connection: Connection, floor: int, counted: Counted) -> Iterator[Fault]:
    """Events that no seal holds: those since the last one wait; below its floor there can be none."""
    sealed = select(SealedEvent.event_seq).where(SealedEvent.event_seq == Event.seq)
    alone = select(Event.seq, Event.name, Event.at).where(~sealed.exists()).order_by(Event.seq)
    for row in streamed(connection, alone.where(Event.seq <= floor)):
        yield Fault("event_behind", {"seq": row.seq, "event": row.name, "at": row.at})
    waiting = select(func.count()).select_from(Event).where(Event.seq > floor, ~sealed.exists())
    counted.waiting = connection.scalar(waiting) or 0
