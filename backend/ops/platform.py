"""A served platform over an embedded stack: migrated, seeded, with API, worker and beat.

For the demonstration and for measurements; `./indh up` has its own life of it.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from .paths import ROOT
from .preflight import HOST
from .stack import Stack
from .supervisor import Child, Supervisor
from .up import edge


@contextmanager
def serve(stack: Stack, port: int, *, demo: bool = True) -> Iterator[str]:
    """Prepare the database and serve on the loopback; the address. Everything is stopped on leaving."""
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
    )
    supervisor = Supervisor()
    logs = stack.directory / "logs"
    try:
        prepare = (sys.executable, "-m", "backend.ops.prepare", str(stack.directory / "prepared.json"))
        supervisor.run_once(Child("prepare", prepare, logs / "prepare.log", env=env))
        for child in edge(env, port, stack.directory):
            supervisor.start(child)
            supervisor.wait_ready(child.name)
        yield address
    finally:
        supervisor.stop()
