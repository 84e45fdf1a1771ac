"""ClamAV's protocol against a small daemon of ours on the loopback, and what becomes of each answer."""

import io
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from backend.core import jobs
from backend.core.actor import SYSTEM
from backend.core.config import settings
from backend.core.events import Event
from backend.core.tx import transaction
from backend.files import clam, store
from backend.files.models import Scan, StoredFile
from tests.files import given as files

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Daemon:
    """Reads INSTREAM as clamd does; `answer` overrides its verdict, None keeps it silent."""

    def __init__(self, family: int, address: Any) -> None:
        self.server = socket.socket(family, socket.SOCK_STREAM)
        self.server.bind(address)
        self.server.listen()
        self.answer: bytes | None = b""
        self.seen: list[bytes] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                wire, _ = self.server.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(wire,), daemon=True).start()

    def _one(self, wire: socket.socket) -> None:
        with wire, wire.makefile("rb") as heard:
            assert heard.read(10) == b"zINSTREAM\0"
            body = b""
            while size := struct.unpack("!I", heard.read(4))[0]:
                body += heard.read(size)
            self.seen.append(body)
            if self.answer is None:
                wire.settimeout(5)
                wire.recv(1)  # until the other side gives up
                return
            found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in body else b"stream: OK\0"
            wire.sendall(self.answer or found)


@pytest.fixture
def daemon(monkeypatch: pytest.MonkeyPatch) -> Iterator[Daemon]:
    made = Daemon(socket.AF_INET, ("127.0.0.1", 0))
    monkeypatch.setenv("CLAMAV", f"tcp://127.0.0.1:{made.server.getsockname()[1]}")
    settings.cache_clear()
    store.forget()
    yield made
    made.server.close()
    monkeypatch.undo()
    settings.cache_clear()


def test_what_it_finds_and_what_it_does_not(daemon: Daemon) -> None:
    large = b"x" * 200_000
    assert clam.scan(io.BytesIO(large)) is Scan.CLEAN
    assert daemon.seen == [large]
    assert clam.scan(io.BytesIO(b"a" + EICAR)) is Scan.INFECTED


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"\0", b"junk", b"\xff\xfe\0"])
def test_an_answer_that_is_no_verdict_is_none(daemon: Daemon, answer: bytes) -> None:
    daemon.answer = answer
    assert clam.scan(io.BytesIO(b"x")) is Scan.NOT_SCANNED


def test_a_silent_daemon_is_not_waited_for(daemon: Daemon) -> None:
    daemon.answer = None
    assert clam.scan(io.BytesIO(b"x"), timeout=0.2) is Scan.NOT_SCANNED


def test_a_daemon_on_a_unix_socket(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = Daemon(socket.AF_UNIX, str(tmp_path / "clamd"))
    monkeypatch.setenv("CLAMAV", f"unix:{tmp_path / 'clamd'}")
    settings.cache_clear()
    assert clam.scan(io.BytesIO(b"x")) is Scan.CLEAN
    made.server.close()
    monkeypatch.setenv("CLAMAV", f"unix:{tmp_path / 'nobody'}")
    settings.cache_clear()
    assert clam.scan(io.BytesIO(b"x")) is Scan.NOT_SCANNED
    monkeypatch.setenv("CLAMAV", "clamd.example:3310")  # neither of the two forms
    settings.cache_clear()
    assert clam.scan(io.BytesIO(b"x")) is Scan.NOT_SCANNED
    monkeypatch.undo()
    settings.cache_clear()


def test_a_clean_file_says_so_and_an_infected_one_is_not_kept(daemon: Daemon, client: Any) -> None:
    holder = client("holder")
    assert files.sent(holder, files.png()).json()["scan"] == "clean"
    infected = files.sent(holder, files.pdf() + b"%" + EICAR)
    assert (infected.status_code, infected.json()["code"]) == (422, "file_infected")
    assert len(list(store.listed(store.FILES))) == 1


def test_a_file_that_nobody_scanned_is_asked_about_again(
    daemon: Daemon, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clam.scan, "__defaults__", (0.2,))
    holder = client("holder")
    daemon.answer = None
    sound, bad, gone = (
        files.sent(holder, body).json() for body in (files.pdf(), files.pdf() + b"%" + EICAR, files.png())
    )
    assert {one["scan"] for one in (sound, bad, gone)} == {"not_scanned"}
    jobs.tick("files.scan")  # still silent: nothing changes
    assert _scans(sound, bad) == [Scan.NOT_SCANNED, Scan.NOT_SCANNED]
    daemon.answer = b""
    store.remove([store.file_path(UUID(gone["id"]))])
    jobs.tick("files.scan")
    assert _scans(sound, bad, gone) == [Scan.CLEAN, Scan.INFECTED, Scan.NOT_SCANNED]
    with transaction(SYSTEM) as tx:
        told = list(tx.session.scalars(select(Event.subject_id).where(Event.name == "file.infected")))
    assert told == [UUID(bad["id"])]


def test_without_a_scanner_nobody_is_asked(client: Any) -> None:
    store.forget()
    made = files.sent(client("holder"), files.pdf()).json()
    jobs.tick("files.scan")
    assert _scans(made) == [Scan.NOT_SCANNED]


def _scans(*told: Any) -> list[Scan]:
    with transaction(SYSTEM) as tx:
        return [tx.session.get_one(StoredFile, UUID(one["id"])).scan for one in told]
