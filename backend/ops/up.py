"""`./indh up`: the whole platform on this machine, kept alive by one process."""

import argparse
import contextlib
import http.client
import json
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from backend.arguments import Arguments
from backend.ops import mailbox, postgres, preflight
from backend.ops.paths import ROOT, remove_socket_directory, socket_directory
from backend.ops.postgres import Postgres
from backend.ops.preflight import HOST
from backend.ops.store import Store, require_answer
from backend.ops.supervisor import Child, Stopped, Supervisor

_SERVERS, _MAIL, _EDGE = 0, 1, 2  # stages: the edge stops first, PostgreSQL and the store last


class Platform:
    """One start: where its data is, which address it serves, and the environment of its children."""

    def __init__(self, data: Path, port: int, *, demo: bool, say: Callable[[str], None]) -> None:
        self.data = data
        self.port = port
        self.say = say
        self.logs = data / "logs"
        self.address = f"http://{HOST}:{port}"
        self.supervisor = Supervisor(say)
        self.env = os.environ | {
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "BASE_URL": os.environ.get("BASE_URL", self.address),
            "INDH_DEMO": "1" if demo else "0",
            "FILES_URL": os.environ.get("FILES_URL") or (data / "files").as_uri(),
        }

    def serve(self) -> None:
        """Start everything, say so, and keep it until told to stop; always leaves nothing behind."""
        begun = time.monotonic()
        self.supervisor.listen()
        try:
            self.env["SECRET_KEY"] = os.environ.get("SECRET_KEY") or secret_key(self.data)
            self.env["DATA_KEY"] = os.environ.get("DATA_KEY") or secret_key(self.data, "data_key")
            self._servers()
            accounts = self._database()
            self._edge()
            self._welcome(accounts, time.monotonic() - begun)
            self.supervisor.run()
        except Stopped:
            self.say("  stopped before it was ready.")
        finally:
            self.supervisor.stop()
            remove_socket_directory(self.data)
        self.say("  Stopped; the data is kept.")

    def _servers(self) -> None:
        """PostgreSQL, the store and the mail catcher, each unless the environment names one."""
        run = socket_directory(self.data)
        children: list[Child] = []
        with self._step("PostgreSQL, store, mail"):
            if not os.environ.get("DATABASE_URL"):
                database = Postgres(self.data / "postgres", run)
                preflight.wait_for_predecessor(database)
                database.initialise(self.logs / "postgres.log")
                self.env["DATABASE_URL"] = database.url()
                self.env["MIGRATION_DATABASE_URL"] = database.url(postgres.OWNER)
                children.append(database.child(self.logs / "postgres.log", stage=_SERVERS))
            if given := os.environ.get("REDIS_URL"):
                require_answer(given)
            else:
                store = Store(self.data / "store", run)
                self.env["REDIS_URL"] = store.url
                children.append(store.child(self.logs / "store.log", stage=_SERVERS))
            if not os.environ.get("SMTP_URL"):
                port, directory = mailbox.free_port(), self.data / "mail"
                self.env |= {"SMTP_URL": f"smtp://{HOST}:{port}", "INDH_MAIL_DIR": str(directory)}
                catcher = mailbox.child(directory, port, self.logs / "mail.log", stage=_MAIL)
                children.append(catcher)
            for child in children:
                self.supervisor.start(child)
            self.supervisor.wait_ready(*(child.name for child in children))

    def _database(self) -> list[list[str]]:
        """Migrate and load; returns the demo accounts as rows of words."""
        answer = self.data / "prepared.json"
        argv = (sys.executable, "-m", "backend.ops.prepare", str(answer), "--province")
        prepare = Child("prepare", argv, self.logs / "prepare.log", env=self.env)
        self.supervisor.run_once(prepare, hear=Stages(self.say).done)
        accounts: list[list[str]] = json.loads(answer.read_text())["accounts"]
        return accounts

    def _edge(self) -> None:
        """The API, then the worker and beat: they would only slow the first page down."""
        with self._step("API, worker, beat"):
            for child in edge(self.env, self.port, self.data):
                self.supervisor.start(child)
                self.supervisor.wait_ready(child.name)

    @contextlib.contextmanager
    def _step(self, name: str) -> Iterator[None]:
        stages = Stages(self.say)
        yield
        stages.done(name)

    def _welcome(self, accounts: list[list[str]], seconds: float) -> None:
        self.say(f"\n  Open {self.address}   (ready in {seconds:.1f} s)\n")
        if accounts:
            self.say("\n".join(f"    {line}" for line in table(accounts)) + "\n")
        self.say(f"  Ctrl-C stops everything. Data and logs: {self.data}\n")


class Stages:
    """Says each stage when it is done, with the seconds since the one before."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._last = time.monotonic()

    def done(self, stage: str) -> None:
        """One line; a stage that ends with a colon is only announced."""
        now = time.monotonic()
        self._say(f"  {stage}" if stage.endswith(":") else f"  {stage:<40}{now - self._last:5.1f} s")
        self._last = now


def edge(env: dict[str, str], port: int, data: Path) -> list[Child]:
    """The API, the worker and beat, as children of the last stage."""
    python, logs = (sys.executable, "-m"), data / "logs"
    serve = ("--factory", "--host", HOST, "--port", str(port), "--no-server-header")
    unlogged = ("--no-access-log",)  # it writes what was typed: the application's own log does not
    patience = ("--timeout-graceful-shutdown", "5")
    celery = (*python, "celery", "-A", "workers.app", "--quiet")
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO")
    schedule = ("--schedule", str(data / "beat-schedule"), "--pidfile", "", "--loglevel", "INFO")
    return [
        Child(
            "API",
            (*python, "uvicorn", "backend.app:create_app", *serve, *unlogged, *patience),
            logs / "api.log",
            env=env,
            stage=_EDGE,
            ready=lambda: healthy(port),
        ),
        Child(
            "worker", (*celery, "worker", "--pool", "solo", *quiet), logs / "worker.log", env=env, stage=_EDGE
        ),
        Child("beat", (*celery, "beat", *schedule), logs / "beat.log", env=env, stage=_EDGE),
    ]


def healthy(port: int) -> bool:
    """Whether GET /healthz answers 200. No proxy is asked, whatever the environment says."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def secret_key(data: Path, name: str = "secret_key") -> str:
    """One of the installation's keys, made at the first start and kept for its owner alone."""
    path = data / name
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        key = secrets.token_urlsafe(48)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key)
        return key


def table(rows: list[list[str]]) -> list[str]:
    """Rows of words as aligned lines.

    >>> table([["das@demo", "DAS"], ["a@demo", "Porteur"]])
    ['das@demo  DAS', 'a@demo    Porteur']
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(f"{word:<{width}}" for word, width in zip(line, widths, strict=True)).rstrip()
        for line in rows
    ]


def parser() -> Arguments:
    """The command's flags."""
    made = Arguments(prog="./indh up", description="Start everything on this machine.")
    made.add_argument("--port", type=int, default=8000, help="of the web address (8000)")
    made.add_argument(
        "--data", type=Path, default=ROOT / ".data", help="directory that keeps everything (.data)"
    )
    made.add_argument(
        "--demo", action=argparse.BooleanOptionalAction, default=True, help="load the demo province"
    )
    return made


def main(argv: list[str]) -> int:
    """Start and serve until stopped. Raises Refusal for what the operator can mend."""
    options = parser().parse_args(argv)
    data = options.data.absolute()
    if not (data / "up.lock").exists():  # a first start makes nothing where it cannot go on
        preflight.require_space(data)
        preflight.require_free_port(options.port)
    preflight.own_directory(data)
    with preflight.only_one(data):
        preflight.require_space(data)
        preflight.require_free_port(options.port)
        Platform(data, options.port, demo=options.demo, say=say).serve()
    return 0


def say(line: str) -> None:
    """One line for the operator; a closed terminal is no reason to stop."""
    with contextlib.suppress(OSError):
        print(line, flush=True)
