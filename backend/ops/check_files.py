"""The part of `./indh check` that no query can ask: the bytes of files, in the store that FILES_URL names."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path
from uuid import UUID

from sqlalchemy import create_engine, text

from ..core.config import settings
from ..files import store


@dataclass(frozen=True)
class Kept:
    """A sentence about the bytes of files, which no query can ask."""

    name: str
    says: str


SAID = (
    Kept("files-kept", "Each file has its bytes, with the fingerprint that was recorded."),
    Kept("files-on-record", "Each file in the store has its row (an hour after it came)."),
    Kept("chunks-on-record", "Each chunk in the store belongs to an upload under way."),
)


def broken(url: str, at_most: int = 20) -> dict[str, list[str]]:
    """What breaks each, at most so many of each; bytes are read a piece at a time."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT id::text, sha256 FROM stored_file"))
            recorded: dict[str, str] = dict(rows.all())
            under_way = set(connection.scalars(text("SELECT id::text FROM upload")))
    finally:
        engine.dispose()
    lost = (key for key, print_ in recorded.items() if _fingerprint(key) != print_)
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    unknown = (
        path
        for path, at in store.listed(store.FILES)
        if at < hour_ago and path.rpartition("/")[2] not in recorded
    )
    stray = (
        path
        for path, at in store.listed(store.UPLOADS)
        if at < hour_ago and path.split("/")[1] not in under_way
    )
    found = zip(SAID, (lost, unknown, stray), strict=True)
    return {kept.name: list(islice(rows, at_most)) for kept, rows in found}


def _fingerprint(key: str) -> str | None:
    """The SHA-256 of a file's bytes; None when there are none."""
    digest = sha256()
    try:
        for piece in store.read(store.file_path(UUID(key))):
            digest.update(piece)
    except FileNotFoundError:
        return None
    return digest.hexdigest()


def locate(data: Path) -> None:
    """The store of `./indh up` unless the environment names another."""
    if not settings().files_url:
        os.environ["FILES_URL"] = (data.absolute() / "files").as_uri()
        settings.cache_clear()
        store.forget()
