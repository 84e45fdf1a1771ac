"""The same API without a network or a worker: for filling a demonstration before anything serves, and tests.

Requests go through the whole application (routing, middleware, JSON); the jobs that they owe are run here.
"""

import asyncio
from dataclasses import dataclass, field
from email.message import Message
from typing import Any
from urllib.parse import urlsplit

from backend.core import jobs
from backend.core.clock import arriving
from backend.core.events import SCHEDULE

from .http import Client

BASE = "http://127.0.0.1"


class Platform:
    """The application on an event loop of its own; its workers are whoever calls `work`."""

    def __init__(self) -> None:
        from backend.app import create_app

        self.app: Any = create_app()
        self.loop = asyncio.new_event_loop()
        self.asleep: frozenset[str] = frozenset()  # recurring work that waits until somebody wakes it

    def send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> "Reply":
        return self.loop.run_until_complete(_call(self.app, method, path, body, headers))

    def work(self) -> None:
        """What beat and the workers would do by now."""
        for name in (one for one in SCHEDULE if one not in self.asleep):
            with arriving():
                jobs.tick(name)
        with arriving():
            jobs.drain()

    def close(self) -> None:
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()


@dataclass
class Reply:
    """As much of a response as the demonstration looks at."""

    status: int
    headers: Message
    body: bytes


@dataclass
class Inside(Client):
    """A client of a platform in this process."""

    platform: Platform = field(kw_only=True)

    def work(self) -> bool:
        self.platform.work()
        return True

    def another(self) -> Client:
        return Inside(self.base, platform=self.platform)

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[Any, bytes]:
        self.requests += 1
        reply = self.platform.send(method, path, body or b"", headers)
        return reply, reply.body


async def _call(app: Any, method: str, path: str, body: bytes, headers: dict[str, str]) -> Reply:
    parts = urlsplit(path)
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1"), *((k.encode(), v.encode()) for k, v in headers.items())],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 80),
    }
    inbox = [{"type": "http.request", "body": body, "more_body": False}]
    reply = Reply(500, Message(), b"")

    async def receive() -> Any:
        return inbox.pop() if inbox else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            reply.status = message["status"]
            for name, value in message["headers"]:
                reply.headers.add_header(name.decode(), value.decode())
        else:
            reply.body += message.get("body", b"")

    await app(scope, receive, send)
    return reply
