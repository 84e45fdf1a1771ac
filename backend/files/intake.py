"""Taking a file in, before any row speaks of it: examined, hashed, scanned, kept.

None of it happens inside a transaction, as a scanner or a bucket may take seconds. What is kept here and
never gets its row (a crash in between) is found by `./indh check`.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from tempfile import TemporaryFile
from typing import IO
from uuid import UUID

from uuid_utils.compat import uuid7

from ..core.config import settings
from . import clam, store
from .content import clean_name, examine
from .lifecycle import FILE_INFECTED, FILE_LOST, FILE_TOO_LARGE
from .models import Scan


@dataclass(frozen=True)
class Kept:
    """A file whose bytes are in the store, and what was found of it."""

    id: UUID
    name: str
    media_type: str
    size: int
    pages: int | None
    sha256: str
    scan: Scan


def refuse_large(size: int, name: str) -> None:
    """One file has a limit, said before its first byte."""
    limit = settings().file_limit
    if size > limit:
        raise FILE_TOO_LARGE(name=clean_name(name), limit=limit // 1_000_000, limit_bytes=limit)


def keep(content: IO[bytes], name: str, expected: int | None = None) -> Kept:
    """Examine these bytes and keep them; the problem of what they are otherwise, and nothing is kept.

    `expected` bytes were received: fewer mean that the store lost some, and the file is to be sent again.
    """
    size, digest = _measured(content)
    if expected not in (None, size):
        raise FILE_LOST(name=clean_name(name))
    refuse_large(size, name)
    found = examine(content, name)
    scan = clam.scan(content)
    if scan is Scan.INFECTED:
        raise FILE_INFECTED(name=found.name)
    kept = Kept(uuid7(), found.name, found.media_type, size, found.pages, digest, scan)
    content.seek(0)
    store.write(store.file_path(kept.id), content)
    return kept


def discard(kept: Kept) -> None:
    """Forget what was kept, when another request was first."""
    store.remove([store.file_path(kept.id)])


@contextmanager
def joined(pieces: Iterable[bytes]) -> Iterator[IO[bytes]]:
    """Pieces as one file on the disk, gone at the end."""
    with TemporaryFile() as whole:
        for piece in pieces:
            whole.write(piece)
        yield whole


def pieces_of(upload_id: UUID) -> Iterator[bytes]:
    """The bytes of an upload in their order."""
    for path in store.chunks(upload_id):
        yield from store.read(path)


def _measured(content: IO[bytes]) -> tuple[int, str]:
    content.seek(0)
    digest, size = sha256(), 0
    while piece := content.read(store.PIECE):
        digest.update(piece)
        size += len(piece)
    return size, digest.hexdigest()
