"""A mail catcher: takes every message by SMTP, delivers none, writes each as one .eml file.

`python -m backend.ops.mailbox --port P --dir D`. For fault tests it can be told to refuse, hang or be slow.
"""

import argparse
import asyncio
import contextlib
import hashlib
import itertools
import signal
import socket
import sys
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from backend.ops.supervisor import Child

_SIZE_LIMIT = 32 * 1024 * 1024  # bytes of one message
_counter = itertools.count()


def file_name(content: bytes, now: datetime) -> str:
    """A name that sorts by time of arrival and shows a repeated Message-ID (the hash repeats)."""
    identity = str(message_from_bytes(content)["Message-ID"] or "").strip().encode() or content
    order = f"{next(_counter):06d}"
    return f"{now:%Y%m%dT%H%M%S.%fZ}-{order}-{hashlib.sha256(identity).hexdigest()[:16]}.eml"


class Catcher:
    """The aiosmtpd handler. `mode` is accept, refuse, hang or slow; `delay` is in seconds, for slow."""

    def __init__(self, directory: Path, mode: str = "accept", delay: float = 2.0) -> None:
        self.directory = directory
        self.mode = mode
        self.delay = delay

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        """Keep one message, or fail as told; returns the SMTP answer."""
        if self.mode == "refuse":
            return "451 Requested action aborted: told to refuse"
        if self.mode == "hang":
            await asyncio.sleep(3600)
        if self.mode == "slow":
            await asyncio.sleep(self.delay)
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        envelope_header = f"X-Envelope-To: {', '.join(envelope.rcpt_tos)}\r\n".encode()
        path = self.directory / file_name(content, datetime.now(UTC))
        staged = path.with_suffix(".tmp")
        staged.write_bytes(envelope_header + content)
        staged.rename(path)
        return "250 Message kept"


async def serve(catcher: Catcher, port: int) -> None:
    """Listen on 127.0.0.1 until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    def session() -> SMTP:
        return SMTP(catcher, hostname="mailbox.localhost", data_size_limit=_SIZE_LIMIT, enable_SMTPUTF8=True)

    server = await loop.create_server(session, "127.0.0.1", port)
    await stop.wait()
    server.close()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int) -> bool:
    """Whether something greets on `port` as an SMTP server does."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1.0) as client:
        return client.recv(3) == b"220"
    return False


def child(
    directory: Path, port: int, log: Path, *, stage: int = 0, mode: str = "accept", delay: float = 2.0
) -> Child:
    """The catcher as a supervised child."""
    directory.mkdir(parents=True, exist_ok=True)
    words = ("--port", str(port), "--dir", str(directory), "--mode", mode, "--delay", str(delay))
    argv = (sys.executable, "-m", "backend.ops.mailbox", *words)
    return Child(name="Mail catcher", argv=argv, log=log, stage=stage, ready=lambda: answers(port))


def main(argv: list[str]) -> int:
    """Parse the flags and serve."""
    parser = argparse.ArgumentParser(prog="mailbox", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--mode", choices=("accept", "refuse", "hang", "slow"), default="accept")
    parser.add_argument("--delay", type=float, default=2.0, help="seconds, for --mode slow")
    options = parser.parse_args(argv)
    options.dir.mkdir(parents=True, exist_ok=True)
    asyncio.run(serve(Catcher(options.dir, options.mode, options.delay), options.port))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
