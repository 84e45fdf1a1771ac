"""The three tasks: run these jobs, run whatever is due, do this recurring piece of work."""

from uuid import UUID

from backend.core import jobs
from backend.core.clock import arriving

from .app import app


@app.task(name="indh.run")
def run(ids: list[str]) -> None:
    with arriving():
        jobs.run(UUID(id) for id in ids)


@app.task(name="indh.drain")
def drain() -> None:
    with arriving():
        jobs.drain()


@app.task(name="indh.tick")
def tick(name: str) -> None:
    with arriving():
        jobs.tick(name)
    drain()
