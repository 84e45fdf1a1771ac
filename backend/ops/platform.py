"""A served platform over an embedded stack: migrated, seeded, with API, worker and beat, each kept alive.

For the demonstration, for measurements and for injecting faults; `./indh up` has its own life of it.
"""

import os
import signal
import sys
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from .paths import ROOT
from .preflight import HOST
from .stack import Stack
from .supervisor import Child, Supervisor
from .up import edge

_LOOK = 0.1  # seconds between looks at the children


class Keeper(threading.Thread):
    """Starts the dead again in the background.

    Linux ends a child with the thread that started it, so this one lives until all are stopped.
    """

    def __init__(self, *supervisors: Supervisor) -> None:
        super().__init__(name="keeper", daemon=True)
        self.holding = threading.Lock()  # held: the dead stay dead
        self._supervisors = supervisors
        self._leaving = threading.Event()
        self._over = threading.Event()

    def run(self) -> None:
        while not self._leaving.wait(_LOOK):
            with self.holding:
                if not self._leaving.is_set():
                    for supervisor in self._supervisors:
                        supervisor.tick()
        self._over.wait()

    def rest(self) -> None:
        """Start nothing any more; returns when no start is under way."""
        self._leaving.set()
        with self.holding:
            pass

    def leave(self) -> None:
        """The children that were started here may end with this thread."""
        self._over.set()
        if self.is_alive():
            self.join()


@dataclass(frozen=True)
class Served:
    """A platform at an address. Its processes can be killed by name, to see what comes of it."""

    address: str
    supervisors: tuple[Supervisor, ...]
    keeper: Keeper

    def pid(self, name: str) -> int:
        """The process number of `API`, `worker`, `beat`, `PostgreSQL`, `Valkey` or `Mail catcher`.

        Raises KeyError for a name that is not served here.
        """
        for supervisor in self.supervisors:
            if name in supervisor:
                return supervisor.pid(name)
        raise KeyError(name)

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """End a process without warning; the keeper starts it again. One that is dead already stays so."""
        try:
            os.kill(self.pid(name), number)
        except ProcessLookupError:
            return

    @contextmanager
    def down(self, name: str) -> Iterator[None]:
        """Kill a process, and keep it (and whatever else dies meanwhile) dead for the length of the block."""
        with self.keeper.holding:
            self.kill(name)
            yield


@contextmanager
def serve(
    stack: Stack,
    port: int,
    *,
    demo: bool = True,
    also: Mapping[str, str] | None = None,
    twice: Collection[str] = (),
) -> Iterator[Served]:
    """Prepare the database and serve on the loopback. Everything is stopped on leaving, the stack too.

    `also` is added to the processes' environment. A worker or beat named in `twice` gets a double, `worker2`
    or `beat2`: two beats are an operator's mistake, to be survived.
    """
    address = f"http://{HOST}:{port}"
    env = (
        os.environ
        | stack.env()
        | {
            "PYTHONPATH": str(ROOT),
            "BASE_URL": address,
            "SECRET_KEY": "a demonstration keeps no secret",
            "INDH_DEMO": "1" if demo else "0",
        }
        | dict(also or {})
    )
    supervisor = Supervisor()
    keeper = Keeper(stack.supervisor, supervisor)
    try:
        prepare = (sys.executable, "-m", "backend.ops.prepare", str(stack.directory / "prepared.json"))
        log = stack.directory / "logs" / "prepare.log"
        supervisor.run_once(Child("prepare", prepare, log, env=env))
        for child in _children(env, port, stack, twice):
            supervisor.start(child)
            supervisor.wait_ready(child.name)
        keeper.start()
        yield Served(address, (supervisor, stack.supervisor), keeper)
    finally:
        keeper.rest()
        supervisor.stop()
        stack.supervisor.stop()
        keeper.leave()


def _children(env: dict[str, str], port: int, stack: Stack, twice: Collection[str]) -> Iterator[Child]:
    """The API, the worker and beat; doubles have a schedule and logs of their own, as on another machine."""
    yield from edge(env, port, stack.directory)
    elsewhere = stack.directory / "second"
    (elsewhere / "logs").mkdir(parents=True, exist_ok=True)
    for child in edge(env, port, elsewhere):
        if child.name in twice:
            yield replace(child, name=f"{child.name}2")
