"""The demonstration's cycle on a real served platform, while its processes are killed.

`python -m tests.ops.chaos FAULT…` runs the longer ones by hand and prints their figures beside a calm run's.
"""

import argparse
import asyncio
import http.client
import json
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from backend.calls.callfile import read
from backend.ops import mailbox
from backend.ops.check import broken
from backend.ops.demo import tally
from backend.ops.demo.clock import move
from backend.ops.demo.http import Answer, Client, Refused
from backend.ops.demo.run import DEFAULT_CALL, Size, cycle
from backend.ops.platform import Served, serve
from backend.ops.stack import Stack, embedded_stack

PATIENCE = 60  # seconds for the platform to be back
TOTALS = (
    "applications", "submitted", "refused", "ranked", "funded", "funded_amount_centimes", "conventions",
    "tranches_released", "released_amount_centimes", "milestones", "milestones_reported", "reminders_due",
    "reminders_sent", "messages", "messages_caught", "waves_due", "waves_done",
)  # fmt: skip


class Sink:
    """A mail server in this process, so that a fault can be placed between its keeping and its answer."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.mode = "accept"
        self.before_answer: Callable[[int], None] = lambda _taken: None
        self.taken = 0
        directory.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.mode == "refuse":
            return "451 told to refuse"
        while self.mode == "hang":  # noqa: ASYNC110 (another thread says when it is over)
            await asyncio.sleep(0.05)
        content = bytes(envelope.content or b"")
        (self.directory / mailbox.file_name(content, datetime.now(UTC))).write_bytes(content)
        self.taken += 1
        self.before_answer(self.taken)
        return "250 kept"


@dataclass
class Patient(Client):
    """A client that asks again while the platform is away, and says how long that was."""

    told: list[tuple[str, float]] = field(default_factory=list)  # (failure or status, seconds it took)
    slowest: list[float] = field(default_factory=lambda: [0.0])
    everybody: list[Client] = field(default_factory=list)

    def another(self) -> Client:
        made = Patient(self.base, told=self.told, slowest=self.slowest, everybody=self.everybody)
        self.everybody.append(made)
        return made

    def ask(
        self, method: str, path: str, body: Any = None, *, version: int | None = None, key: str | None = None,
        expect: tuple[int, ...] = (),
    ) -> Answer:  # fmt: skip
        """One request, repeated; a repeat that finds the work done already is a success."""
        deadline, again = time.monotonic() + PATIENCE, False
        while True:
            begun = time.monotonic()
            try:
                answer = super().ask(method, path, body, version=version, key=key, expect=expect)
                self.slowest[0] = max(self.slowest[0], time.monotonic() - begun)
                return answer
            except Refused as refusal:
                if again and refusal.status in (409, 412) and method == "POST":
                    return super().ask("GET", path.rpartition("/")[0])
                if refusal.status != 503 or time.monotonic() > deadline:
                    raise
                self.told.append(("503", time.monotonic() - begun))
            except (OSError, http.client.HTTPException) as error:
                self.close()
                if time.monotonic() > deadline:
                    raise
                self.told.append((type(error).__name__, time.monotonic() - begun))
            again = True
            time.sleep(0.2)


@dataclass
class Scene:
    """What a fault may touch, and when it must be over."""

    served: Served
    sink: Sink
    stack: Stack
    over: threading.Event
    kills: Counter[str] = field(default_factory=Counter)

    def kill(self, name: str) -> None:
        self.served.kill(name)
        self.kills[name] += 1

    def every(self, seconds: float, at_most: int) -> Iterator[int]:
        """Turns to do something, so far apart, until the reminders are over."""
        for turn in range(at_most):
            if self.over.wait(seconds):
                return
            yield turn


Fault = Callable[[Scene], None]


def calm(_scene: Scene) -> None:
    """Nothing happens."""


def worker_after_sending(scene: Scene, nth: int = 12, at_most: int = 4) -> None:
    """The worker dies when the mail server has kept a message and has not said so yet."""

    def kill(taken: int) -> None:
        if taken % nth == 0 and scene.kills["worker"] < at_most and not scene.over.is_set():
            scene.kill("worker")

    scene.sink.before_answer = kill


def worker_any_time(scene: Scene) -> None:
    """The worker dies now and then, wherever it is."""
    for _turn in scene.every(3.1, 6):
        scene.kill("worker")


def store(scene: Scene) -> None:
    """The store dies; once its data goes too, and it stays away for three seconds."""
    for turn in scene.every(2.5, 4):
        with scene.served.down("Valkey"):
            scene.kills["Valkey"] += 1
            if turn == 1:
                shutil.rmtree(scene.stack.directory / "store")
                (scene.stack.directory / "store").mkdir()
                time.sleep(3)


def worker_and_store(scene: Scene) -> None:
    """Both, in turns: what the test of every day does."""
    worker_after_sending(scene, nth=12, at_most=2)
    for _turn in scene.every(2, 1):
        with scene.served.down("Valkey"):
            scene.kills["Valkey"] += 1
            shutil.rmtree(scene.stack.directory / "store")
            (scene.stack.directory / "store").mkdir()
            time.sleep(1)


def beat(scene: Scene) -> None:
    for _turn in scene.every(3, 4):
        scene.kill("beat")


def api(scene: Scene) -> None:
    for _turn in scene.every(4, 5):
        scene.kill("API")


def database(scene: Scene) -> None:
    """PostgreSQL dies under load; once it stays away for four seconds."""
    for turn in scene.every(5, 4):
        with scene.served.down("PostgreSQL"):
            scene.kills["PostgreSQL"] += 1
            time.sleep(4 if turn == 1 else 0)


def smtp(scene: Scene) -> None:
    """The mail server refuses for four seconds, later hangs for twelve (longer than the worker waits)."""
    for turn in scene.every(3, 2):
        scene.sink.mode = ("refuse", "hang")[turn]
        time.sleep((4, 12)[turn])
        scene.sink.mode = "accept"
        scene.kills[("refuse", "hang")[turn]] += 1


FAULTS: dict[str, tuple[Fault, tuple[str, ...]]] = {
    "calm": (calm, ()),
    "worker-after-sending": (worker_after_sending, ()),
    "worker-any-time": (worker_any_time, ()),
    "store": (store, ()),
    "worker-and-store": (worker_and_store, ()),
    "beat": (beat, ()),
    "api": (api, ()),
    "database": (database, ()),
    "smtp": (smtp, ()),
    "doubles": (calm, ("beat", "worker")),
}


@dataclass
class Outcome:
    """What the cycle came to."""

    figures: dict[str, Any]
    disagreements: list[str]
    broken: dict[str, list[str]]
    repeats: dict[str, int]  # Message-ID: times beyond the first
    kills: dict[str, int]
    seconds: float
    away: list[tuple[str, float]]
    slowest: float

    @property
    def totals(self) -> dict[str, int]:
        return {name: self.figures[name] for name in TOTALS}


@contextmanager
def stage(directory: Path, twice: Collection[str] = (), *, durable: bool = True) -> Iterator[Scene]:
    """A served platform whose mail comes to this process."""
    with embedded_stack(directory, durable=durable) as stack:
        sink = Sink(directory / "mail")
        controller = Controller(sink, hostname="127.0.0.1", port=mailbox.free_port(), enable_SMTPUTF8=True)
        controller.start()
        also = {"SMTP_URL": f"smtp://127.0.0.1:{controller.port}", "INDH_MAIL_DIR": str(sink.directory)}
        try:
            with serve(stack, mailbox.free_port(), also=also, twice=twice) as served:
                yield Scene(served, sink, stack, threading.Event())
        finally:
            controller.stop()


def play(directory: Path, fault: Fault, size: Size, twice: Collection[str] = ()) -> Outcome:
    """The whole cycle; the fault is there from the signature of the conventions to the last wave."""
    begun = time.monotonic()
    with stage(directory, twice) as scene:
        client = Patient(scene.served.address)
        trouble = threading.Thread(target=fault, args=(scene,), name="trouble")

        def say(done: str) -> None:
            if done.startswith("screening"):
                trouble.start()
            elif done.startswith("conventions"):
                scene.over.set()
                trouble.join()

        try:
            told = cycle(client, read(DEFAULT_CALL), size, say)
        finally:
            scene.over.set()
            if trouble.is_alive():
                trouble.join()
        assert told.lived.now is not None
        move(told.cast.admin, told.lived.now + timedelta(hours=2))  # for deliveries that were put off
        figures = tally.figures(told, scene.sink.directory)
        counted = tally.caught(scene.sink.directory)
        for one in (client, *client.everybody):
            one.close()
        return Outcome(
            figures,
            tally.disagreements(figures),
            {name: rows for name, rows in broken(scene.stack.migration_database_url).items() if rows},
            {name: count - 1 for name, count in counted.items() if count > 1},
            dict(scene.kills),
            round(time.monotonic() - begun, 1),
            client.told,
            round(client.slowest[0], 2),
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("faults", nargs="*", default=list(FAULTS))
    parser.add_argument("--applications", type=int, default=16)
    parser.add_argument("--seed", type=int, default=2023)
    options = parser.parse_args()
    for name in options.faults:
        fault, twice = FAULTS[name]
        with tempfile.TemporaryDirectory(prefix="indh-chaos-") as directory:
            found = play(Path(directory), fault, Size(options.applications, options.seed), twice)
        print(json.dumps({
            "fault": name, "kills": found.kills, "seconds": found.seconds, **found.totals,
            "repeats": sum(found.repeats.values()), "most_of_one": max(found.repeats.values(), default=0),
            "broken": found.broken, "slowest": found.slowest,
            "away": {k: [n, round(max(s for f, s in found.away if f == k), 2)]
                     for k, n in Counter(f for f, _s in found.away).items()},
            "wrong": found.disagreements,
        }, ensure_ascii=False), flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
