"""Every event is sealed once, whenever it commits; nothing new, no seal; an erasure takes the name's salt."""

import threading
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import Engine, func, select

from backend.core import db, events, seals
from backend.core.actor import SYSTEM
from backend.core.events import SCHEDULE, Event
from backend.core.jobs import tick
from backend.core.seals import SealedEvent, last_seal, seal_now
from backend.core.tx import Tx, Unguarded, transaction
from backend.people import commands as people
from backend.people.models import Person
from backend.people.passwords import hash_password
from backend.people.schemas import EraseIn
from backend.seals.trail import Counted
from tests import world as cast
from tests.seals.given import asked, found, roots, sealed, superuser, tamper

NAME = "proof.tested"


def happen(tx: Tx, **data: Any) -> Event:
    """An event about nothing in particular, as it was written: with its number."""
    events.EVENTS.add(NAME)
    tx.allowed = True
    try:
        made = tx.emit(NAME, _Subject, **data)
        return tx.session.scalars(select(Event).where(Event.id == made.id)).one()
    finally:
        events.EVENTS.discard(NAME)  # nobody else's tests know it


class _Subject:
    __tablename__ = "person"
    id = UUID(int=1)


def unsealed() -> int:
    """Events under no seal (the table's key lets none be under two)."""
    with transaction(SYSTEM) as tx:
        alone = select(func.count()).select_from(Event)
        return tx.session.scalar(alone.where(Event.seq.not_in(select(SealedEvent.event_seq)))) or 0


def test_the_clock_asks_for_it_every_hour(database: Any) -> None:
    assert SCHEDULE["seals"].seconds == 3600
    with transaction(SYSTEM) as tx:
        happen(tx)
    tick("seals")
    assert unsealed() == 0
    before = roots()
    tick("seals")
    assert roots() == before, "nothing new: no seal"


def test_minutes_print_the_last_seal(database: Any) -> None:
    """`seal_now` takes in what its own transaction did, and goes with it."""
    sealed()
    with transaction(SYSTEM) as tx:
        before = last_seal(tx)
        happen(tx)
        made = seal_now(tx)
        assert made == last_seal(tx) != before
        assert made is not None
        assert (made.at, len(made.root)) == (tx.now, 64)
        assert made.number == (before.number if before else 0) + 1
        assert seal_now(tx) == made
    assert found() == []


def test_there_is_none_before_the_first(committed: str) -> None:
    tamper("DELETE FROM event")
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        assert last_seal(tx) is None
        assert seal_now(tx) is None


def test_sealing_asks_the_same_statements_of_any_number(database: Any, statements: Any) -> None:
    sealed()
    counts = []
    for number in (1, 3, 40):
        with transaction(SYSTEM) as tx:
            for _ in range(number):
                happen(tx, words="ختم", amount=3, share=0.1, none=None, deep={"b": [1, {"a": "é"}]})
        with statements() as seen:
            sealed()
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2] <= 9, counts
    assert found() == []


def test_what_commits_late_is_sealed_by_the_next_seal(committed: str) -> None:
    """Two connections: the one with the lower number commits after a seal over the higher one."""
    engine = db.bind()
    assert isinstance(engine, Engine)
    with transaction(SYSTEM) as late:
        slow = happen(late, which="late")
        late.session.flush()
        with transaction(SYSTEM) as tx:
            quick = happen(tx, which="quick")
            tx.session.flush()
            assert quick.seq > slow.seq
        first = sealed()
        assert first is not None
        floor = asked("SELECT max(floor) FROM seal")
        assert floor < slow.seq, "somebody is still writing: what is below may yet appear"
    assert unsealed() == 1
    second = sealed()
    assert second is not None
    assert unsealed() == 0
    where = {
        asked("SELECT seal_number FROM sealed_event WHERE event_seq = %(s)s", s=one.seq): name
        for name, one in (("quick", quick), ("late", slow))
    }
    assert where == {first.number: "quick", second.number: "late"}
    assert asked("SELECT max(floor) FROM seal") == max(quick.seq, slow.seq)
    assert found() == []


def test_what_is_rolled_back_is_not_waited_for(committed: str) -> None:
    sealed()

    def fail() -> None:
        with transaction(SYSTEM) as tx:
            happen(tx)
            tx.session.flush()
            tx.emit("never.declared", _Subject)

    with pytest.raises(Unguarded):
        fail()
    with transaction(SYSTEM) as tx:
        last = happen(tx)
    sealed()
    assert asked("SELECT max(floor) FROM seal") == last.seq
    assert found() == []


def test_many_writers_and_sealers_at_once(committed: str) -> None:
    """Nothing is skipped, nothing sealed twice, and the chain holds."""
    sealed()
    wrong: list[BaseException] = []

    def write(number: int) -> None:
        for i in range(12):
            with transaction(SYSTEM) as tx:
                for _ in range(1 + (i + number) % 3):
                    happen(tx, number=number, i=i)
                    tx.session.flush()

    def seal(_number: int) -> None:
        for _ in range(8):
            sealed()

    def guarded(act: Any, number: int) -> None:
        try:
            act(number)
        except BaseException as error:  # noqa: BLE001 (a thread's failure is the test's)
            wrong.append(error)

    threads = [
        threading.Thread(target=guarded, args=(act, n)) for n, act in enumerate([write] * 4 + [seal] * 2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    sealed()
    assert unsealed() == 0
    counted = Counted()
    assert found(counted=counted) == []
    assert counted.events == asked("SELECT count(*) FROM event")


def test_a_backlog_is_sealed_in_several_seals(committed: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(seals, "LARGEST", 5)
    monkeypatch.setattr(seals, "MOST_AT_ONCE", 3)
    sealed()
    while unsealed():
        sealed()
    with transaction(SYSTEM) as tx:
        made = [happen(tx) for _ in range(17)]
    sealed()
    assert unsealed() == 2
    assert asked("SELECT max(floor) FROM seal") == made[14].seq
    sealed()
    assert unsealed() == 0
    assert found() == []


def test_an_erased_name_still_verifies_and_cannot_be_tried(committed: str) -> None:
    world = cast.build()
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        person = tx.session.get_one(Person, world.coordination.id)
        person.password_hash = hash_password(cast.PASSWORD)
    with transaction(world.coordination) as tx:
        spoken = happen(tx, text="x")
    with transaction(world.officer) as tx:
        other = happen(tx, text="y")
    sealed()
    digest = asked("SELECT name_digest FROM sealed_event WHERE event_seq = %(s)s", s=spoken.seq)
    with transaction(world.coordination) as tx:
        people.erase_me(tx, EraseIn(password=cast.PASSWORD))
    salt = "SELECT name_salt FROM sealed_event WHERE event_seq = %(s)s"
    assert asked(salt, s=spoken.seq) is None
    assert asked(salt, s=other.seq) is not None
    assert asked("SELECT name_digest FROM sealed_event WHERE event_seq = %(s)s", s=spoken.seq) == digest
    counted = Counted()
    assert found(counted=counted) == []
    assert counted.erased == 1
    sealed()
    assert found() == []


def test_an_erasure_and_a_sealing_wait_for_each_other(committed: str) -> None:
    """A seal in progress keeps the salt of a name that is going: the erasure comes after it, and takes it."""
    with transaction(SYSTEM) as tx:
        made = happen(tx)
    done = threading.Event()

    def forget() -> None:
        with psycopg.connect(superuser()) as connection:
            connection.execute("UPDATE event SET actor_name = '•' WHERE seq = %s", (made.seq,))
        done.set()

    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        seal_now(tx)
        thread = threading.Thread(target=forget)
        thread.start()
        assert not done.wait(0.3)
    thread.join()
    assert asked("SELECT name_salt FROM sealed_event WHERE event_seq = %(s)s", s=made.seq) is None
