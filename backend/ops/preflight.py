"""What is looked at before a start: each thing that is wrong is one clear line."""

import contextlib
import errno
import fcntl
import os
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from backend.ops.paths import private_directory
from backend.ops.postgres import Postgres
from backend.ops.refusal import Refusal

HOST = "127.0.0.1"
SPACE_NEEDED = 400 * 1024 * 1024  # bytes: a new database with its log, and room to work


def own_directory(data: Path) -> Path:
    """The directory `data`, made when missing. Raises Refusal when it holds somebody else's things."""
    try:
        strange = data.is_dir() and not (data / "up.lock").exists() and any(data.iterdir())
    except OSError as error:
        raise Refusal(f"{data} cannot be read: {error.strerror}.") from None
    if strange:
        raise Refusal(f"{data} holds other things: choose an empty or a new directory with --data.")
    return private_directory(data)


@contextlib.contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Hold `data` for this start. Raises Refusal when another `./indh up` holds it."""
    path = data / "up.lock"
    try:
        guard = path.open("a+")
    except OSError as error:
        raise Refusal(f"{data} cannot be written: {error.strerror}.") from None
    with guard:
        try:
            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            guard.seek(0)
            holder = f"another ./indh up (process {guard.read().strip()})"
            raise Refusal(f"{holder} uses {data}: stop it or add --data DIR.") from None
        guard.truncate(0)
        guard.write(str(os.getpid()))
        guard.flush()
        yield


def require_free_port(port: int) -> None:
    """Raises Refusal when something listens on `port` already, or it may not be opened."""
    if not 0 < port < 1 << 16:
        raise Refusal(f"{port} is not a port: choose one from 1024 to 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno == errno.EACCES:
                raise Refusal(f"port {port} needs root: choose one from 1024 to 65535.") from None
            raise Refusal(
                f"port {port} is taken: stop what listens there or add --port {port + 1}."
            ) from None


def require_space(data: Path, needed: int = SPACE_NEEDED) -> None:
    """Raises Refusal when the disk of `data` (which need not exist yet) has less than `needed` bytes free."""
    there = next((place for place in (data, *data.parents) if place.is_dir()), Path("/"))
    free = shutil.disk_usage(there).free
    if free < needed:
        raise Refusal(f"no disk space: {free >> 20} MB free at {data}, {needed >> 20} MB needed.")


def wait_for_predecessor(database: Postgres, seconds: float = 15.0) -> None:
    """After a kill -9 of the last supervisor its PostgreSQL may still be shutting down: give it time."""
    limit = time.monotonic() + seconds
    while database.running():
        if time.monotonic() > limit:
            raise Refusal(f"another PostgreSQL still uses {database.directory}: stop it first.")
        time.sleep(0.05)
