"""Where bytes are kept: a local directory, a bucket that speaks S3, or memory in tests.

One name a thing: `files/<two digits>/<id>` for a file, `uploads/<id>/<offset>` for a chunk on its way. No
name comes from a person.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import cache
from typing import IO, TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from uuid import UUID

from ..core.config import settings
from ..core.errors import UNAVAILABLE

if TYPE_CHECKING:
    from obstore.store import ObjectStore

log = logging.getLogger(__name__)
PIECE = 256 * 1024
"""Bytes read at a time."""
FILES, UPLOADS = "files/", "uploads/"


def file_path(file_id: UUID) -> str:
    """Where a file's bytes are."""
    return f"{FILES}{file_id.hex[-2:]}/{file_id}"


def chunk_path(upload_id: UUID, offset: int) -> str:
    """Where a chunk of an upload is; names sort like offsets."""
    return f"{UPLOADS}{upload_id}/{offset:012d}"


def write(path: str, content: bytes | IO[bytes]) -> None:
    """Keep these bytes whole or not at all; what is larger than 5 MB travels in parts."""
    import obstore

    with _reachable():
        obstore.put(_store(), path, content)


def read(path: str) -> Iterator[bytes]:
    """The bytes, a piece at a time; FileNotFoundError at once when there are none."""
    import obstore

    with _reachable():
        found = obstore.get(_store(), path)
    return (bytes(piece) for piece in found.stream(min_chunk_size=PIECE))


def remove(paths: Iterable[str]) -> None:
    """Forget these; what is gone already is no fault."""
    import obstore

    with _reachable():
        for path in paths:
            with suppress(FileNotFoundError):
                obstore.delete(_store(), path)


def listed(prefix: str) -> Iterator[tuple[str, datetime]]:
    """The names under a prefix, each with the moment of its last change, in no order."""
    import obstore

    for batch in obstore.list(_store(), prefix=prefix.rstrip("/")):
        for one in batch:
            yield one["path"], one["last_modified"]


def chunks(upload_id: UUID) -> list[str]:
    """The names of an upload's chunks, in the order of their bytes."""
    return sorted(path for path, _ in listed(f"{UPLOADS}{upload_id}"))


@contextmanager
def _reachable() -> Iterator[None]:
    """A store that does not answer is a 503 that may be tried again, never a fault of the request."""
    from obstore.exceptions import BaseError

    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        log.exception("files cannot be kept or read: %s", type(error).__name__)
        raise UNAVAILABLE(headers={"retry-after": "5"}) from error


@cache
def _store() -> "ObjectStore":
    """The store that FILES_URL names; its connections live as long as the process."""
    from obstore.store import LocalStore, MemoryStore, S3Store

    url = settings().files_url
    parts = urlsplit(url)
    if parts.scheme == "memory":
        return MemoryStore()
    if parts.scheme == "file":
        return LocalStore(prefix=unquote(parts.path), mkdir=True)
    if parts.scheme == "s3":
        known = settings()
        return S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            endpoint=known.s3_endpoint or None,
            region=known.s3_region,
            access_key_id=known.s3_key_id or None,
            secret_access_key=known.s3_secret or None,
            client_options={"allow_http": known.s3_endpoint.startswith("http://"), "timeout": "30s"},
            retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=20)},
        )
    log.error("FILES_URL names no place for files (file:///directory or s3://bucket)")
    raise UNAVAILABLE(headers={"retry-after": "60"})


def forget() -> None:
    """Another place next time: for tests, and after FILES_URL changed."""
    _store.cache_clear()
