"""Offering jobs to the workers: best effort and quick, for the database already holds them."""

import logging
from collections.abc import Sequence
from functools import cache
from queue import SimpleQueue
from threading import Thread
from time import sleep
from typing import Any
from uuid import UUID

from ..core.config import settings

log = logging.getLogger(__name__)
CHUNK = 500
TOGETHER = 0.05
"""Seconds in which what requests offer is gathered: a message for many of them costs as much as for one."""
_waiting: SimpleQueue[Sequence[UUID]] = SimpleQueue()


@cache
def _producer() -> Any:
    from celery import Celery

    return Celery(
        "indh",
        broker=settings().redis_url,
        set_as_current=False,
        broker_transport_options={"socket_connect_timeout": 0.5, "socket_timeout": 0.5, "max_retries": 0},
        task_publish_retry=False,
    )


def offer(ids: Sequence[UUID]) -> None:
    """Send the ids; when the store is away, the workers' next drain finds the jobs by itself."""
    for start in range(0, len(ids), CHUNK):
        _send("indh.run", [str(id) for id in ids[start : start + CHUNK]])


def offer_soon(ids: Sequence[UUID]) -> None:
    """The same from a request, which does not wait for it: with what the requests around it offer."""
    _waiting.put(ids)
    _sender()


@cache
def _sender() -> Thread:
    """Started with the first offer; what it holds when the process ends, the next drain finds."""
    made = Thread(target=_send_on, name="offers", daemon=True)
    made.start()
    return made


def _send_on() -> None:
    while True:
        ids = list(_waiting.get())
        sleep(TOGETHER)
        while not _waiting.empty():
            ids += _waiting.get()
        offer(ids)


def tick(names: Sequence[str]) -> None:
    """Ask for recurring work now instead of at its next turn."""
    for name in names:
        _send("indh.tick", name)


def _send(task: str, argument: object) -> None:
    if not settings().redis_url:
        return
    try:
        _producer().send_task(task, [argument], ignore_result=True)
    except Exception as error:  # noqa: BLE001 (whatever ails the store, the database holds the jobs)
        log.warning("queue away, the work waits for the next drain: %s", type(error).__name__)
