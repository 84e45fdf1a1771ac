"""Running jobs: each in its own transaction, done in the same commit, safe to offer twice or never."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from .actor import SYSTEM
from .events import HANDLERS, MAX_ATTEMPTS, SCHEDULE, Job, JobState, backoff
from .tx import Tx, transaction

BATCH = 200


def due(limit: int = 1000) -> list[UUID]:
    """The ready jobs whose time has come, oldest first."""
    with transaction(SYSTEM) as tx:
        ready = select(Job.id).where(Job.state == JobState.READY, Job.run_at <= tx.now)
        return list(tx.session.scalars(ready.order_by(Job.run_at, Job.id).limit(limit)))


def run(ids: Iterable[UUID]) -> int:
    """Run these jobs, whoever offered them; returns how many were done here.

    Handlers declared `many` get theirs together; every other job is alone in its commit. A job that another
    worker holds, or that is done already, is passed over.
    """
    wanted = list(ids)
    if not wanted:
        return 0
    with transaction(SYSTEM) as tx:
        kinds = dict(tx.session.execute(select(Job.id, Job.handler).where(Job.id.in_(wanted))).all())
    alone = [id for id in wanted if id in kinds and not HANDLERS[kinds[id]].many]
    together: dict[str, list[UUID]] = {}
    for id in wanted:
        if id in kinds and HANDLERS[kinds[id]].many:
            together.setdefault(kinds[id], []).append(id)
    done = sum(
        _attempt(same[start : start + BATCH])
        for same in together.values()
        for start in range(0, len(same), BATCH)
    )
    return done + sum(_attempt([id]) for id in alone)


def drain() -> int:
    """Run all that is due, until nothing is; returns how many jobs were done."""
    total = 0
    while ids := due():
        done = run(ids)
        total += done
        if not done:
            break
    return total


def tick(name: str) -> None:
    """Do one recurring piece of work."""
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        SCHEDULE[name].call(tx)


def _attempt(ids: list[UUID]) -> int:
    try:
        return _perform(ids)
    except Exception as failure:  # noqa: BLE001 (whatever a job raises is kept with it)
        if len(ids) > 1:  # one bad job must not hold back its companions
            return sum(_attempt([id]) for id in ids)
        _note_failure(ids[0], failure)
        return 0


def _perform(ids: list[UUID]) -> int:
    with transaction(SYSTEM) as tx:
        held = (
            select(Job)
            .where(Job.id.in_(ids), Job.state == JobState.READY, Job.run_at <= tx.now)
            .options(joinedload(Job.event))
            .with_for_update(skip_locked=True, of=Job)
        )
        jobs = list(tx.session.scalars(held))
        if not jobs:
            return 0
        tx.allowed = tx.recorded = True  # the job itself is the mandate, and its completion the record
        handler = HANDLERS[jobs[0].handler]
        handler.call(tx, jobs if handler.many else jobs[0])
        _complete(tx, jobs)
        return len(jobs)


def _complete(tx: Tx, jobs: list[Job]) -> None:
    tx.session.execute(
        update(Job)
        .where(Job.id.in_([job.id for job in jobs]))
        .values(state=JobState.DONE, done_at=tx.now, attempts=Job.attempts + 1),
        execution_options={"synchronize_session": False},
    )


def _note_failure(id: UUID, failure: Exception) -> None:
    """Keep the attempt and its reason (a type and a code, never what was being handled)."""
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        job = tx.session.scalars(
            select(Job).where(Job.id == id).with_for_update(skip_locked=True)
        ).one_or_none()
        if job is None or job.state is not JobState.READY:
            return
        job.attempts += 1
        job.last_error = f"{type(failure).__name__}: {getattr(failure, 'code', '')}".rstrip(": ")
        job.run_at = tx.now + backoff(job.attempts)
        if job.attempts >= MAX_ATTEMPTS:
            job.state = JobState.PARKED
