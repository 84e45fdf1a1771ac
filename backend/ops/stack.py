"""A whole throwaway stack for tests, the demo and the bench."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from backend.ops import mailbox, postgres
from backend.ops.paths import private_directory, remove_socket_directory, socket_directory
from backend.ops.postgres import Postgres
from backend.ops.store import Store
from backend.ops.supervisor import Supervisor


@dataclass(frozen=True)
class Stack:
    """The addresses of a running stack.

    `database_url` is the application's role, `migration_database_url` the owner's (may create and clone
    databases), `admin_url` the superuser's. `smtp_url` and `mail_dir` are None without mail.
    `supervisor` gives pids for fault injection.
    """

    directory: Path
    database_url: str
    migration_database_url: str
    admin_url: str
    redis_url: str
    smtp_url: str | None
    mail_dir: Path | None
    supervisor: Supervisor

    def env(self) -> dict[str, str]:
        """These addresses as the environment variables that the platform reads."""
        variables = {
            "DATABASE_URL": self.database_url,
            "MIGRATION_DATABASE_URL": self.migration_database_url,
            "REDIS_URL": self.redis_url,
            "FILES_URL": (self.directory / "files").as_uri(),
        }
        if self.smtp_url is not None and self.mail_dir is not None:
            variables |= {"SMTP_URL": self.smtp_url, "INDH_MAIL_DIR": str(self.mail_dir)}
        return variables


@contextmanager
def embedded_stack(
    directory: Path | None = None,
    *,
    durable: bool = False,
    mail: bool = False,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Stack]:
    """Start PostgreSQL and the store (and the mail catcher) in `directory`, stop them on leaving.

    Without `directory`, in a temporary one, removed afterwards. Enter it in the main thread: the servers
    die with the thread that started them. `settings` are PostgreSQL's, added to ours.
    """
    given = directory is not None
    # The system's temporary directory may be long (macOS): sockets then go elsewhere by themselves.
    home = private_directory(directory) if directory else Path(tempfile.mkdtemp(prefix="indh-"))
    run = socket_directory(home)
    logs = home / "logs"
    database = Postgres(home / "postgres", run, durable=durable, settings=settings)
    store = Store(home / "store", run, durable=durable)
    supervisor = Supervisor()
    mail_dir, port = (home / "mail", mailbox.free_port()) if mail else (None, 0)
    try:
        database.initialise(logs / "postgres.log")
        children = [database.child(logs / "postgres.log"), store.child(logs / "store.log")]
        if mail_dir is not None:
            children.append(mailbox.child(mail_dir, port, logs / "mail.log"))
        for child in children:
            supervisor.start(child)
        supervisor.wait_ready(*(child.name for child in children))
        yield Stack(
            directory=home,
            database_url=database.url(),
            migration_database_url=database.url(postgres.OWNER),
            admin_url=database.url(postgres.ADMIN),
            redis_url=store.url,
            smtp_url=f"smtp://127.0.0.1:{port}" if mail else None,
            mail_dir=mail_dir,
            supervisor=supervisor,
        )
    finally:
        supervisor.stop()
        remove_socket_directory(home)
        if not given:
            shutil.rmtree(home, ignore_errors=True)
