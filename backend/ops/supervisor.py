"""One process that starts children, restarts those that die, and stops all in order."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from backend.ops import processes
from backend.ops.processes import Privilege
from backend.ops.refusal import REFUSED, Refusal

_TICK = 0.1  # seconds between looks at the children
_LONGEST_BACKOFF = 30.0  # seconds
_HEALTHY = 60.0  # seconds alive after which earlier deaths are forgiven
_LOG_LIMIT = 10 * 1024 * 1024  # bytes, after which a start sets the old log aside
ALOUD = "stage: "
"""A line of its log that a child of `run_once` begins so is for the operator."""


class Stopped(Exception):
    """The operator asked to stop while we were waiting for something."""


@dataclass(frozen=True)
class Child:
    """A program to keep alive.

    `stop_signal` ends it politely and SIGKILL follows after `grace` seconds; `orphan_signal` reaches it
    when the supervisor itself is killed. Children of a higher `stage` stop first; those of one stage
    stop together, in the order in which they started. `ready` says whether it can be used.
    """

    name: str
    argv: tuple[str, ...]
    log: Path
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    stage: int = 0
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL
    grace: float = 10.0
    privilege: Privilege = field(default_factory=Privilege)
    ready: Callable[[], bool] = lambda: True


@dataclass
class _Life:
    """One child's present: its process, when it started, and what its deaths led to."""

    child: Child
    process: subprocess.Popen[bytes]
    started: float
    deaths: int = 0
    restart_at: float | None = None


class Supervisor:
    """Starts and keeps children. `say` receives one line for each thing that an operator should know."""

    def __init__(self, say: Callable[[str], None] = lambda _line: None) -> None:
        self._say = say
        self._lives: dict[str, _Life] = {}
        self._stop = threading.Event()
        self._hurry = False

    def listen(self) -> None:
        """Take SIGINT, SIGTERM and SIGHUP as the order to stop; a second one stops at once."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._hurry = self._stop.is_set()
        self._stop.set()

    def start(self, child: Child) -> None:
        """Start `child`; does not wait until it is ready."""
        child.log.parent.mkdir(parents=True, exist_ok=True)
        if child.log.exists() and child.log.stat().st_size > _LOG_LIMIT:
            child.log.replace(child.log.with_suffix(".1.log"))
        self._lives[child.name] = _Life(child, self._spawn(child), time.monotonic())

    def _spawn(self, child: Child) -> subprocess.Popen[bytes]:
        return processes.spawn(
            child.argv,
            env=child.env,
            log=child.log,
            orphan_signal=child.orphan_signal,
            privilege=child.privilege,
        )

    def __contains__(self, name: object) -> bool:
        return name in self._lives

    def pid(self, name: str) -> int:
        """The process number of a child, for tests and fault injection."""
        return self._lives[name].process.pid

    def wait_ready(self, *names: str, timeout: float = 60.0) -> None:
        """Wait until the named children can be used.

        Raises Refusal with the end of its log when one dies or is not ready within `timeout` seconds,
        and Stopped when the operator asks to stop.
        """
        limit = time.monotonic() + timeout
        for name in names:
            life = self._lives[name]
            while not life.child.ready():
                self._pause(0.02)
                if (code := life.process.poll()) is not None:
                    raise Refusal(f"{name} did not start ({outcome(code)}): {last_line(life.child.log)}")
                if time.monotonic() > limit:
                    raise Refusal(f"{name} is not ready after {timeout:.0f} s: see {life.child.log}")

    def run_once(self, child: Child, hear: Callable[[str], None] = lambda _line: None) -> None:
        """Run a child to its end (a migration); `hear` gets each line that it writes aloud, as it comes.

        Raises Refusal with the end of its log when it fails, Stopped when the operator asks to stop.
        """
        child.log.parent.mkdir(parents=True, exist_ok=True)
        child.log.touch()
        with child.log.open("rb") as log:
            log.seek(0, os.SEEK_END)
            process = self._spawn(child)
            while (code := process.poll()) is None:
                try:
                    self._pause(0.02)
                except Stopped:
                    process.terminate()
                    process.wait()
                    raise
                _read_aloud(log, hear)
            _read_aloud(log, hear)
        if code == REFUSED and (words := last_line(child.log)).startswith("indh: "):
            raise Refusal(words.removeprefix("indh: "))
        if code != 0:
            raise Refusal(f"{child.name} failed ({outcome(code)}): {last_line(child.log)} (see {child.log})")

    def _pause(self, seconds: float) -> None:
        if self._stop.wait(seconds):
            raise Stopped

    def run(self) -> None:
        """Keep the children alive until the operator asks to stop."""
        while not self._stop.wait(_TICK):
            self.tick()

    def tick(self) -> None:
        """Look once at every child: note the dead, restart those whose time has come."""
        now = time.monotonic()
        for life in self._lives.values():
            if life.restart_at is not None:
                if now >= life.restart_at:
                    life.process, life.started, life.restart_at = self._spawn(life.child), now, None
            elif (code := life.process.poll()) is not None:
                processes.forget(life.process.pid)
                life.deaths = 1 if now - life.started > _HEALTHY else life.deaths + 1
                delay = 0.0 if life.deaths == 1 else min(0.5 * 2 ** (life.deaths - 2), _LONGEST_BACKOFF)
                life.restart_at = now + delay
                when = f"in {delay:g} s" if delay else "now"
                why = f"{life.child.name} stopped ({outcome(code)})"
                self._say(f"{why}; starting it again {when} (log: {life.child.log})")

    def stop(self) -> None:
        """Stop everything, the highest stage first; returns when nothing is left."""
        stages = sorted({life.child.stage for life in self._lives.values()}, reverse=True)
        for stage in stages:
            leaving = [
                life for life in self._lives.values() if life.child.stage == stage and life.restart_at is None
            ]
            for life in leaving:
                _signal(life.process, life.child.stop_signal)
            for life in leaving:
                self._bury(life)
        self._lives.clear()

    def _bury(self, life: _Life) -> None:
        """Wait for one child's end, then for the rest of its session."""
        limit = time.monotonic() + life.child.grace
        while life.process.poll() is None:
            if self._hurry or time.monotonic() > limit:
                self._say(f"{life.child.name} did not stop in time; killed.")
                _signal(life.process, signal.SIGKILL)
                life.process.wait()
                break
            time.sleep(0.02)
        processes.forget(life.process.pid)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(life.process.pid, signal.SIGKILL)  # what it forked, if anything is left


def _read_aloud(log: IO[bytes], hear: Callable[[str], None]) -> None:
    """What was written since the last look; a line that is not finished waits for the next."""
    while line := log.readline():
        if not line.endswith(b"\n"):
            log.seek(-len(line), os.SEEK_CUR)
            return
        if line.startswith(ALOUD.encode()):
            hear(line.decode(errors="replace").removeprefix(ALOUD).rstrip())


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(number)


def outcome(code: int) -> str:
    """`exit 3`, or `killed by SIGKILL`, from a Popen return code."""
    return f"exit {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"


def last_line(log: Path) -> str:
    """The last line that a child wrote, cut to 300 characters."""
    try:
        lines = log.read_bytes()[-4096:].decode(errors="replace").strip().splitlines()
    except OSError:
        lines = []
    return (lines or ["it wrote nothing"])[-1].strip()[:300]
