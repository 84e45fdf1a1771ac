"""Asking ClamAV's daemon about a file: INSTREAM over its socket, and nothing more of its protocol.

Nobody configured, nobody answering in time, or an answer that is no verdict: the file is `not_scanned`, which
pages say and a job asks again about.
"""

import logging
import socket
import struct
from typing import IO
from urllib.parse import urlsplit

from ..core.config import settings
from .models import Scan

log = logging.getLogger(__name__)
TIMEOUT = 20.0
"""Seconds without a sign of the daemon."""
PIECE = 64 * 1024


def scan(content: IO[bytes], timeout: float = TIMEOUT) -> Scan:
    """What the daemon says of these bytes, read from their beginning."""
    address = settings().clamav
    if not address:
        return Scan.NOT_SCANNED
    content.seek(0)
    try:
        with _connected(address, timeout) as wire:
            return _verdict(_asked(wire, content))
    except (OSError, ValueError) as failure:
        log.warning("ClamAV does not answer: %s", type(failure).__name__)
        return Scan.NOT_SCANNED


def _connected(address: str, timeout: float) -> socket.socket:
    """`unix:/run/clamav/clamd.ctl` or `tcp://127.0.0.1:3310`; ValueError for anything else."""
    parts = urlsplit(address)
    if parts.scheme == "unix":
        wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            wire.settimeout(timeout)
            wire.connect(parts.path)
        except OSError:
            wire.close()
            raise
        return wire
    if parts.scheme != "tcp" or not parts.hostname:
        raise ValueError("CLAMAV is unix:/path or tcp://host:port")
    return socket.create_connection((parts.hostname, parts.port or 3310), timeout)


def _asked(wire: socket.socket, content: IO[bytes]) -> str:
    """Each piece after its length, a length of nothing at the end; the answer ends with a zero byte."""
    wire.sendall(b"zINSTREAM\0")
    while piece := content.read(PIECE):
        wire.sendall(struct.pack("!I", len(piece)) + piece)
    wire.sendall(struct.pack("!I", 0))
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < 4096:
        received = wire.recv(4096)
        if not received:
            break
        answer += received
    return answer.decode("utf-8", "replace").rstrip("\0").strip()


def _verdict(answer: str) -> Scan:
    """`stream: OK`, `stream: Eicar-Test-Signature FOUND`; anything else (`… ERROR`) is no verdict."""
    if answer.endswith(" FOUND"):
        log.warning("ClamAV found %s", answer.removeprefix("stream: ").removesuffix(" FOUND")[:80])
        return Scan.INFECTED
    if answer == "stream: OK":
        return Scan.CLEAN
    log.warning("ClamAV gave no verdict")
    return Scan.NOT_SCANNED
