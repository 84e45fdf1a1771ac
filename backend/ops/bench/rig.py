"""What workloads are measured on: an embedded stack made durable, databases cloned from one loaded template,
real server processes started as `./indh up` starts them, and the database's own count of statements.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count
from urllib.parse import urlsplit, urlunsplit

import psycopg

from backend.ops import mailbox, processes
from backend.ops.bench import data
from backend.ops.bench.http import Client
from backend.ops.bench.processes import cpu_seconds
from backend.ops.paths import ROOT
from backend.ops.postgres import OWNER
from backend.ops.refusal import Refusal
from backend.ops.stack import Stack
from backend.ops.supervisor import Child, last_line
from backend.ops.up import edge

SETTINGS = {
    "shared_preload_libraries": "pg_stat_statements",
    "pg_stat_statements.track_utility": "off",  # BEGIN and COMMIT are not counted
    "max_wal_size": "2GB",  # loading must not leave a checkpoint to the measurements
    "log_min_duration_statement": "-1",
}
OURS, BARE = "backend.app:create_app", "backend.ops.bench.bare:create_app"
TEMPLATE = "bench_template"
APPLICATIONS, QUICK_APPLICATIONS = 10_000, 1_000


@dataclass(frozen=True)
class Server:
    """A running web server."""

    pid: int
    port: int
    clients: list[Client] = field(default_factory=list)

    def client(self, **headers: str) -> Client:
        """A new one; closed with the server at the latest."""
        self.clients.append(Client(self.port, headers))
        return self.clients[-1]


class Rig:
    """Made once a run. `quick` asks for a tenth of the data and few rounds."""

    def __init__(self, stack: Stack, *, quick: bool) -> None:
        self.stack = stack
        self.quick = quick
        self.rounds = 3 if quick else 7
        self._names = count(1)
        with psycopg.connect(plain(stack.admin_url), autocommit=True) as admin:
            admin.execute("CREATE EXTENSION pg_stat_statements")
            _track(admin, "none")  # on only while statements are counted

    # -- databases -------------------------------------------------------------------------------
    @cached_property
    def loaded(self) -> data.Loaded:
        """The template with its reference data, people, dossiers and reviews: made when first asked for."""
        self._administer(f"CREATE DATABASE {TEMPLATE} OWNER {OWNER}")
        target = self.owner_url(TEMPLATE)
        self.prepare(TEMPLATE)
        loaded = data.load(plain(target), applications=QUICK_APPLICATIONS if self.quick else APPLICATIONS)
        with psycopg.connect(plain(self._at(self.stack.admin_url, TEMPLATE)), autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE)")
            connection.execute("CHECKPOINT")
        return loaded

    def prepare(self, name: str) -> None:
        """Migrate a database and load its reference data, as a start does."""
        done = subprocess.run(
            [sys.executable, "-m", "backend.ops.prepare", str(self.stack.directory / "prepared.json")],
            env=self.env(name), cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise Refusal(f"the bench's database could not be prepared: {done.stderr.strip()[-400:]}")

    @contextmanager
    def database(self) -> Iterator[str]:
        """A copy of the loaded template, dropped afterwards; its name."""
        _ = self.loaded
        name = f"bench_{next(self._names)}"
        self._administer(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} OWNER {OWNER}")
        self._administer("CHECKPOINT")
        try:
            yield name
        finally:
            self._administer(f"DROP DATABASE {name} WITH (FORCE)")

    def owner_url(self, name: str) -> str:
        return self._at(self.stack.migration_database_url, name)

    def env(self, name: str) -> dict[str, str]:
        """The environment of a process that works on a database: production's settings, no demonstration."""
        return os.environ | self.stack.env() | {
            "DATABASE_URL": self._at(self.stack.database_url, name),
            "MIGRATION_DATABASE_URL": self.owner_url(name),
            "SECRET_KEY": "a-key-for-measuring-only",
            "INDH_DEMO": "0",
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
        }  # fmt: skip

    @contextmanager
    def owner(self, name: str) -> Iterator[psycopg.Connection]:
        with psycopg.connect(plain(self.owner_url(name)), autocommit=True) as connection:
            yield connection

    def _administer(self, statement: str) -> None:
        with psycopg.connect(plain(self.stack.admin_url), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _at(self, url: str, name: str) -> str:
        return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))

    # -- processes -------------------------------------------------------------------------------
    @contextmanager
    def serve(self, factory: str, database: str, **env: str) -> Iterator[Server]:
        """An application under uvicorn with the flags of `./indh up`, once it answers /healthz."""
        port = mailbox.free_port()
        child = self.edge(0, factory, self.env(database) | env, port)
        with running(child) as pid:
            server = Server(pid, port)
            try:
                yield server
            finally:
                for client in server.clients:
                    client.close()

    def edge(self, which: int, factory: str, env: dict[str, str], port: int) -> Child:
        """The API (0), the worker (1) or beat (2) as `./indh up` would start it."""
        child = edge(env, port, self.stack.directory)[which]
        argv = tuple(factory if word == OURS else word for word in child.argv)
        return replace(child, argv=argv, log=self.stack.directory / "logs" / f"{child.name}-{port}.log")

    def cpu(self, *pids: int) -> float:
        """CPU seconds so far of these processes and of the whole PostgreSQL."""
        return cpu_seconds(*pids, self.stack.supervisor.pid("PostgreSQL"))

    # -- statements ------------------------------------------------------------------------------
    def statements(self, database: str, call: Callable[[], object]) -> int:
        """How many statements the database was sent while `call` ran.

        Not counted: BEGIN and COMMIT, the pool's empty pings, and what runs inside triggers.
        """
        with psycopg.connect(plain(self.stack.admin_url), autocommit=True) as admin:
            _track(admin, "top")
            admin.execute("SELECT pg_stat_statements_reset()")
            call()
            _track(admin, "none")
            row = admin.execute(
                "SELECT coalesce(sum(calls), 0)::int FROM pg_stat_statements s"
                " JOIN pg_database d ON d.oid = s.dbid WHERE datname = %s AND toplevel",
                (database,),
            ).fetchone()
        return row[0] if row else 0


def _track(admin: psycopg.Connection, what: str) -> None:
    admin.execute(f"ALTER SYSTEM SET pg_stat_statements.track = '{what}'".encode())
    admin.execute("SELECT pg_reload_conf()")
    time.sleep(0.3)  # the signal reaches every session before its next statement


@contextmanager
def running(child: Child, timeout: float = 60.0) -> Iterator[int]:
    """Start a child, wait until it is ready, stop it afterwards; its process number."""
    child.log.parent.mkdir(parents=True, exist_ok=True)
    process = processes.spawn(child.argv, env=child.env, log=child.log)
    try:
        limit = time.monotonic() + timeout
        while not child.ready():
            if process.poll() is not None or time.monotonic() > limit:
                raise Refusal(f"{child.name} did not start: {last_line(child.log)} (see {child.log})")
            time.sleep(0.01)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(child.grace)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def plain(url: str) -> str:
    """An address as psycopg itself reads it."""
    return url.replace("+psycopg", "", 1)
