"""The platform as people meet it: a real server, real commits, real mail, a clock that can be moved."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import uvicorn
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser

from tests.journeys.reader import Reader
from tests.world import COMMUNE, PASSWORD, World, application, build

__all__ = ["COMMUNE", "Site", "serving"]


@dataclass
class Site:
    """The running platform and its cast; `reader` opens a browser for one of them."""

    world: World
    base: str
    mail: Path
    chromium: Browser
    found: list[str] = field(default_factory=list)  # what inspections found wrong

    def everybody_reads(self, lang: str) -> None:
        """The whole cast's accounts are in this language."""
        for name in self.world.people:
            self.reads(name, lang)

    def reads(self, name: str, lang: str) -> None:
        """The language of one account: her pages and her letters."""
        from sqlalchemy import update

        from backend.core.actor import SYSTEM
        from backend.core.tx import transaction
        from backend.people.models import Person

        with transaction(SYSTEM) as tx:
            tx.allowed = tx.recorded = True
            hers = update(Person).where(Person.id == self.world.people[name].id)
            tx.session.execute(hers.values(language=lang))

    def reader(self, name: str | None = None, lang: str = "fr", **options: Any) -> Reader:
        """A browser of her own, signed in through the sign-in page; nobody when no name is given."""
        reader = Reader(self.chromium, self.base, lang, found=self.found, **options)
        if name:
            reader.sign_in(f"{name}@exemple.test", PASSWORD)
        return reader

    def cookie(self, name: str) -> Any:
        """The cookie of a session of hers, for a browser that has loaded no page yet."""
        from backend.core.actor import SYSTEM
        from backend.core.clock import arrival
        from backend.core.tx import transaction
        from backend.people.authentication import COOKIE, new_secret
        from backend.people.models import SignIn

        secret, kept = new_secret()
        now = arrival().at
        with transaction(SYSTEM) as tx:
            tx.allowed = tx.recorded = True
            tx.session.add(
                SignIn(
                    person_id=self.world.people[name].id,
                    token_hash=kept,
                    created_at=now,
                    expires_at=now + timedelta(hours=1),
                )
            )
        return {"name": COOKIE, "value": secret, "url": self.base, "httpOnly": True, "sameSite": "Lax"}

    def now(self) -> datetime:
        """The platform's present."""
        from backend.core.actor import SYSTEM
        from backend.core.tx import transaction

        with transaction(SYSTEM) as tx:
            return tx.now

    def move_to(self, moment: datetime) -> None:
        """Let the time pass until then, and have the workers do what is due."""
        from backend.core.actor import SYSTEM
        from backend.core.clock import DemoClock, arrival
        from backend.core.tx import transaction

        with transaction(SYSTEM) as tx:
            tx.allowed = tx.recorded = True
            tx.session.get_one(DemoClock, 1).ahead = moment - arrival().at
        self.work()

    def pass_time(self, **duration: float) -> None:
        """Let so much time pass (`days=3`)."""
        self.move_to(self.now() + timedelta(**duration))

    def work(self) -> None:
        """What the workers and the beat would do by now."""
        from backend.core import jobs
        from backend.core.events import SCHEDULE

        jobs.drain()
        for name in SCHEDULE:
            jobs.tick(name)
        jobs.drain()

    def letters_to(self, address: str) -> list[EmailMessage]:
        """The messages that this address received, oldest first."""
        found = [
            message_from_bytes(path.read_bytes(), policy=policy.default)
            for path in sorted(self.mail.glob("*.eml"))
        ]
        return [letter for letter in found if address in str(letter["To"])]

    def expire_sessions(self, name: str) -> None:
        """Her sessions end, as they do after twelve hours."""
        from sqlalchemy import update

        from backend.core.actor import SYSTEM
        from backend.core.clock import arrival
        from backend.core.tx import transaction
        from backend.people.models import SignIn

        with transaction(SYSTEM) as tx:
            tx.allowed = tx.recorded = True
            hers = update(SignIn).where(SignIn.person_id == self.world.people[name].id)
            tx.session.execute(hers.values(expires_at=arrival().at - timedelta(seconds=1)))


@contextmanager
def serving(chromium: Browser, mail: Path) -> Iterator[Site]:
    """The platform served on a free port; settings and database are those of the test."""
    world = build()
    _passwords_and_clock(world)
    server = uvicorn.Server(
        uvicorn.Config(application(), port=_free_port(), log_level="error", lifespan="off", ws="none")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    try:
        yield Site(world, f"http://127.0.0.1:{server.config.port}", mail, chromium)
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(10)


@contextmanager
def catching_mail(folder: Path) -> Iterator[int]:
    """An SMTP server that keeps every message as a file; its port."""
    from aiosmtpd.smtp import SMTP

    from backend.ops.mailbox import Catcher

    folder.mkdir(parents=True, exist_ok=True)

    class Kept(Controller):
        def factory(self) -> SMTP:
            return SMTP(self.handler, hostname="mailbox.localhost", enable_SMTPUTF8=True)

    controller = Kept(Catcher(folder), hostname="127.0.0.1", port=_free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def _passwords_and_clock(world: World) -> None:
    """All the cast signs in with the same words; the demonstration's clock starts at the real time."""
    from sqlalchemy import update

    from backend.core.actor import SYSTEM
    from backend.core.clock import DemoClock
    from backend.core.tx import transaction
    from backend.people.models import Person
    from backend.people.passwords import hash_password

    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        everybody = [actor.id for actor in world.people.values()]
        tx.session.execute(
            update(Person).where(Person.id.in_(everybody)).values(password_hash=hash_password(PASSWORD))
        )
        if tx.session.get(DemoClock, 1) is None:
            tx.session.add(DemoClock(id=1, ahead=timedelta()))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
