"""Jobs: done once, retried later and later, parked in the end; alone or together; what the clock asks for."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.core import events, jobs
from backend.core.actor import SYSTEM
from backend.core.clock import arriving
from backend.core.events import HANDLERS, MAX_ATTEMPTS, SCHEDULE, Job, JobState, Subscription, backoff
from backend.core.tx import transaction

NOW = datetime.now(UTC)


@pytest.fixture
def handler(database: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """`handler(call, many=…)` registers what a job named `test.work` runs."""

    def register(call: Any, many: bool = False) -> None:
        monkeypatch.setitem(HANDLERS, "test.work", Subscription("test.work", call, many))

    return register  # type: ignore[return-value]


def owe(count: int = 1, run_at: datetime = NOW, **args: Any) -> list[Any]:
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        made = [
            tx.enqueue(Job(handler="test.work", args={"n": n} | args, run_at=run_at)) for n in range(count)
        ]
        return [job.id for job in made]


def states() -> list[tuple[JobState, int, str | None]]:
    with transaction(SYSTEM) as tx:
        found = tx.session.scalars(select(Job).order_by(Job.args["n"].as_integer()))
        return [(job.state, job.attempts, job.last_error) for job in found]


def test_the_wait_doubles_up_to_an_hour() -> None:
    assert [backoff(n).total_seconds() for n in (1, 2, 3, 8, 60)] == [30, 60, 120, 3600, 3600]


def test_a_failing_job_waits_longer_each_time_then_is_parked(handler: Any) -> None:
    def fail(_tx: Any, _job: Job) -> None:
        raise TimeoutError("never said: it may quote what was handled")

    handler(fail)
    owe()
    at = datetime.now(UTC)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        with arriving(at=at):
            assert jobs.drain() == 0
            state = JobState.PARKED if attempt == MAX_ATTEMPTS else JobState.READY
            assert states() == [(state, attempt, "TimeoutError")]
            assert jobs.due() == []
        at += backoff(attempt)
    with arriving(at=at + timedelta(days=9)):
        assert jobs.drain() == 0
        assert states() == [(JobState.PARKED, MAX_ATTEMPTS, "TimeoutError")]


def test_a_refusal_is_kept_by_its_code(handler: Any) -> None:
    from backend.core.errors import CONFLICT

    def refuse(_tx: Any, _job: Job) -> None:
        raise CONFLICT(secret="x")

    handler(refuse)
    owe()
    jobs.drain()
    assert states() == [(JobState.READY, 1, "Problem: conflict")]


def test_a_job_of_later_waits(handler: Any) -> None:
    ran: list[int] = []
    handler(lambda _tx, job: ran.append(job.args["n"]))
    ids = owe(run_at=NOW + timedelta(hours=1))
    assert (jobs.due(), jobs.run(ids), ran) == ([], 0, [])
    with arriving(at=NOW + timedelta(hours=2)):
        assert (jobs.drain(), ran) == (1, [0])


def test_together_in_one_call_and_one_bad_job_holds_back_no_other(handler: Any) -> None:
    calls: list[list[int]] = []

    def many(_tx: Any, work: list[Job]) -> None:
        numbers = [job.args["n"] for job in work]
        calls.append(numbers)
        if 1 in numbers:
            raise ValueError("one of them")

    handler(many, many=True)
    assert jobs.run(owe(3)) == 2
    assert sorted(map(sorted, calls)) == [[0], [0, 1, 2], [1], [2]]
    assert [state for state, *_ in states()] == [JobState.DONE, JobState.READY, JobState.DONE]


def test_what_a_failing_job_wrote_is_undone(handler: Any) -> None:
    def write_then_fail(tx: Any, _job: Job) -> None:
        tx.enqueue(Job(handler="test.work", args={"n": 9}, run_at=NOW + timedelta(days=1)))
        tx.session.flush()
        raise OSError

    handler(write_then_fail)
    owe()
    jobs.drain()
    assert states() == [(JobState.READY, 1, "OSError")]


def test_nothing_to_run_is_nothing(handler: Any) -> None:
    from uuid import uuid4

    assert jobs.run([]) == 0
    assert jobs.run([uuid4()]) == 0


def test_new_jobs_are_offered_after_the_commit_only(handler: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from backend.core import tx as transactions

    offered: list[Any] = []
    monkeypatch.setattr(transactions, "dispatch", offered.extend)
    ids = owe(2)
    owe(1, run_at=datetime.now(UTC) + timedelta(hours=1))  # not yet due: nobody is told
    assert offered == ids

    def owe_and_fail() -> None:
        with transaction(SYSTEM) as tx:
            tx.enqueue(Job(handler="test.work", args={}, run_at=NOW))
            raise OSError

    with pytest.raises(OSError):  # noqa: PT011 (nothing else is raised)
        owe_and_fail()
    assert offered == ids


def test_the_clock_s_work(database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[Any] = []
    monkeypatch.setattr(events, "SCHEDULE", SCHEDULE)
    monkeypatch.setitem(
        SCHEDULE, "test.scan", events.Recurring("test.scan", 60, lambda tx: ran.append(tx.now))
    )
    jobs.tick("test.scan")
    assert len(ran) == 1


def test_names_are_stable_and_given_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "HANDLERS", dict(HANDLERS))
    monkeypatch.setattr(events, "SCHEDULE", dict(SCHEDULE))
    events.job("test.once")(lambda _tx, _job: None)
    with pytest.raises(ValueError, match="twice"):
        events.job("test.once")(lambda _tx, _job: None)
    scan = events.every(60, "test.every")(lambda _tx: None)
    assert events.SCHEDULE["test.every"] == events.Recurring("test.every", 60, scan)


def test_two_workers_share_the_work(committed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each job runs in one of them, whoever is offered it."""
    from concurrent.futures import ThreadPoolExecutor
    from time import sleep

    ran: list[int] = []

    def work(_tx: Any, job: Job) -> None:
        sleep(0.005)
        ran.append(job.args["n"])

    monkeypatch.setitem(HANDLERS, "test.work", Subscription("test.work", work))
    ids = owe(20)
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(jobs.run, (ids, ids)))
    jobs.drain()
    assert sorted(ran) == list(range(20))
    assert sum(done) == 20
