"""Starting: the second `./indh up`, the API beside a bare application, the memory of the idle stack."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from backend.ops import mailbox
from backend.ops.bench.http import Client, Unexpected
from backend.ops.bench.processes import pss_mb
from backend.ops.bench.result import Result, Target
from backend.ops.bench.rig import OURS, Rig, running
from backend.ops.bench.statistics import Series, ratio
from backend.ops.paths import ROOT
from backend.ops.refusal import Refusal
from backend.ops.supervisor import last_line
from backend.ops.up import healthy

IMPORTS = "backend.ops.bench.bare_imports:create_app"
IDLE = 6.0  # seconds after the first page, when worker and beat have settled


def start(rig: Rig) -> Result:
    """All three; the timings shown are those of the API process from its start to /healthz."""
    result = Result("start", data="empty, demo", target_ratio=1.5)
    result.limit = "bare FastAPI app that imports the same modules of third parties, to its /healthz"
    _api(rig, result)
    seconds, memory, notes = _platform(2 if rig.quick else 3)
    result.more.append(Target("second ./indh up to first page", seconds, 8, "s"))
    result.more.append(Target("memory of the whole stack", memory, 450, "MB"))
    result.memory_mb = memory
    result.notes += notes
    return result


def _api(rig: Rig, result: Result) -> None:
    with rig.database() as name:
        env = rig.env(name)
        bare = env | {"BENCH_IMPORTS": _third_parties(env)}
        sides = {"ours": (OURS, env), "limit": (IMPORTS, bare)}
        found = {side: Series() for side in sides}
        for number in range(rig.rounds):
            for side in sides if number % 2 == 0 else reversed(sides):
                found[side].rounds.append([_ready(rig, *sides[side])])
    result.timings(found["ours"])
    result.limit_p50_ms = found["limit"].p50 * 1e3
    result.ratio = ratio(found["ours"], found["limit"])


def _ready(rig: Rig, factory: str, env: dict[str, str]) -> float:
    port = mailbox.free_port()
    begun = time.perf_counter()
    with running(rig.edge(0, factory, env, port)):
        return time.perf_counter() - begun


def _third_parties(env: dict[str, str]) -> str:
    """Every module outside the standard library that our application has loaded when it is made."""
    code = (
        "import json, sys; from backend.app import create_app; create_app();"
        "print(json.dumps([n for n in sys.modules if n.split('.')[0] not in sys.stdlib_module_names"
        " and n.split('.')[0] not in ('backend', 'workers', '__main__')]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout


def _platform(rounds: int) -> tuple[float, float, list[str]]:
    """Median seconds from `./indh up` to its first page, data being there already; PSS in MB when idle."""
    with tempfile.TemporaryDirectory(prefix="indh-up-") as place:
        data = Path(place) / "data"
        with _up(data) as (port, _pid, _begun):
            first, path = _first_page(port)
        seconds, memory = [], 0.0
        for number in range(rounds):
            with _up(data) as (port, pid, begun):
                _first_page(port)
                seconds.append(time.perf_counter() - begun)
                if number == rounds - 1:
                    time.sleep(IDLE)
                    memory = pss_mb(pid)
    spread = ", ".join(f"{one:.1f}" for one in seconds)
    return (
        median(seconds),
        memory,
        [f"starts: {spread} s to {path} ({first} bytes); memory is PSS, {IDLE:.0f} s later"],
    )


@contextmanager
def _up(data: Path) -> Iterator[tuple[int, int, float]]:
    """`./indh up` on a data directory, as typed; its port, its process, when it was started."""
    port = mailbox.free_port()
    names = {"DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL", "SMTP_URL", "SECRET_KEY"}
    env = {name: value for name, value in os.environ.items() if name not in names}
    log = data.parent / "up.log"
    with log.open("ab") as output:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [ROOT / "indh", "up", "--port", str(port), "--data", str(data)],
            stdout=output, stderr=subprocess.STDOUT, env=env, start_new_session=True,
        )  # fmt: skip
    try:
        _wait(lambda: healthy(port), process, log)
        yield port, process.pid, begun
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _wait(ready: Callable[[], bool], process: "subprocess.Popen[bytes]", log: Path) -> None:
    limit = time.monotonic() + 180
    while not ready():
        if process.poll() is not None or time.monotonic() > limit:
            raise Refusal(f"./indh up did not start: {last_line(log)}")
        time.sleep(0.02)


def _first_page(port: int) -> tuple[int, str]:
    """The home page; the sign-in page in a checkout without one."""
    for path in ("/", "/sign-in", "/healthz"):
        try:
            return len(Client(port).get(path)), path
        except Unexpected:
            continue
    raise Refusal("no page answers")
