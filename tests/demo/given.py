"""The demonstration's cycle in this process: real commits, real SMTP to a sink of this thread's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.calls.callfile import CallFile
from backend.core.config import settings
from backend.core.mail import mailer
from backend.ops import mailbox, seed
from backend.ops.check import broken
from backend.ops.demo import tally
from backend.ops.demo.inside import BASE, Inside, Platform
from backend.ops.demo.run import Size, Told, cycle


@contextmanager
def sink(directory: Path) -> Iterator[int]:
    """The mail catcher on a loop of its own; its port."""
    from aiosmtpd.controller import Controller

    directory.mkdir(exist_ok=True)
    controller = Controller(
        mailbox.Catcher(directory), hostname="127.0.0.1", port=mailbox.free_port(), enable_SMTPUTF8=True
    )
    controller.start()
    try:
        yield controller.port
    finally:
        mailer.close()
        controller.stop()


def wrong() -> dict[str, list[str]]:
    """The invariants that the database of this test breaks, with examples."""
    found = broken(settings().migration_database_url)
    return {name: rows for name, rows in found.items() if rows}


@dataclass
class Run:
    """A whole cycle, its figures, and the platform that it left."""

    told: Told
    figures: dict[str, Any]
    client: Inside


@contextmanager
def empty(monkeypatch: Any, mail: Path) -> Iterator[Inside]:
    """A client of an empty platform in the `committed` database, whose mail goes to `mail`."""
    with sink(mail) as port:
        monkeypatch.setenv("SMTP_URL", f"smtp://127.0.0.1:{port}")
        settings.cache_clear()
        seed.load(demo=True)
        platform = Platform()
        try:
            yield Inside(BASE, platform=platform)
        finally:
            platform.close()


@contextmanager
def run(monkeypatch: Any, mail: Path, call: CallFile, size: Size) -> Iterator[Run]:
    """The cycle of a call, to its end."""
    with empty(monkeypatch, mail) as client:
        told = cycle(client, call, size, lambda _stage: None)
        yield Run(told, tally.figures(told, mail), client)
