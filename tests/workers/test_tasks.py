"""What the workers are told, in the process: the tasks carry ids and names, the backend does the work."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from backend.core.actor import SYSTEM
from backend.core.events import HANDLERS, SCHEDULE, Job, JobState, Recurring, Subscription
from backend.core.tx import transaction
from workers import tasks
from workers.app import app
from workers.schedule import DRAIN_SECONDS


@pytest.fixture
def done(database: Any, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the jobs that were done, by the order of their doing."""
    numbers: list[int] = []
    work = Subscription("test.work", lambda _tx, job: numbers.append(job.args["n"]), False)
    monkeypatch.setitem(HANDLERS, "test.work", work)
    return numbers


def owe(count: int) -> list[str]:
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        jobs = [tx.enqueue(Job(handler="test.work", args={"n": n}, run_at=tx.now)) for n in range(count)]
        return [str(job.id) for job in jobs]


def state(id: str) -> JobState:
    with transaction(SYSTEM) as tx:
        return tx.session.get_one(Job, id).state


def test_jobs_named_in_a_message_are_done_and_no_other(done: list[int]) -> None:
    ids = owe(3)
    tasks.run([ids[1], str(uuid4())])
    assert done == [1]
    assert [state(id) for id in ids] == [JobState.READY, JobState.DONE, JobState.READY]


def test_a_message_that_comes_twice_does_the_work_once(done: list[int]) -> None:
    ids = owe(1)
    tasks.run(ids)
    tasks.run(ids)
    assert done == [0]


def test_the_drain_finds_what_no_message_announced(done: list[int]) -> None:
    owe(2)
    tasks.drain()
    assert sorted(done) == [0, 1]


def test_recurring_work_is_followed_by_the_jobs_that_it_made(
    done: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[datetime] = []

    def scan(tx: Any) -> None:
        asked.append(tx.now)
        tx.allowed = tx.recorded = True
        tx.enqueue(Job(handler="test.work", args={"n": 7}, run_at=tx.now))

    monkeypatch.setitem(SCHEDULE, "test.scan", Recurring("test.scan", 60, scan))
    before = datetime.now(UTC)
    tasks.tick("test.scan")
    assert len(asked) == 1
    assert asked[0] >= before
    assert done == [7]


def test_all_that_a_task_does_happens_at_one_instant(database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[datetime] = []
    work = Subscription("test.work", lambda tx, _job: seen.append(tx.now), False)
    monkeypatch.setitem(HANDLERS, "test.work", work)
    tasks.run(owe(2))
    assert len(seen) == 2
    assert len(set(seen)) == 1


def test_beat_asks_for_all_recurring_work_and_for_the_drain() -> None:
    beat = app.conf.beat_schedule
    declared = {name for name in SCHEDULE if not name.startswith("test.")}
    assert declared >= {"reminders", "waves", "messages"}
    assert set(beat) >= declared | {"drain"}
    assert beat["drain"]["schedule"] == DRAIN_SECONDS
    for name in declared:
        assert beat[name]["task"] == "indh.tick"
        assert beat[name]["args"] == [name]
        assert beat[name]["options"] == {"expires": SCHEDULE[name].seconds}
    assert {entry["task"] for entry in beat.values()} <= set(app.tasks)


def test_a_killed_worker_s_task_is_offered_again() -> None:
    assert app.conf.task_acks_late
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.accept_content == ["json"]
