"""What is done to uploads and files."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select

from ..core.tx import Tx
from . import clam, intake, store
from .content import clean_name
from .intake import Kept
from .lifecycle import (
    FILE_EMPTY,
    UPLOAD_BEYOND,
    UPLOAD_EXPIRED,
    UPLOAD_OFFSET,
    UPLOAD_UNFINISHED,
    UPLOADS_TOO_MANY,
)
from .models import Scan, StoredFile, Upload

LIFETIME = timedelta(hours=48)
"""A file not sent whole by then is forgotten."""
MOST_AT_ONCE = 40
"""Unfinished uploads of one person."""
SCANNED_AT_ONCE = 50


def begin(tx: Tx, name: str, size: int) -> Upload:
    """Announce a file of `size` bytes; refused at once when it is too large, or empty."""
    intake.refuse_large(size, name)
    if not size:
        raise FILE_EMPTY(name=clean_name(name))
    living = select(func.count()).where(
        Upload.created_by == tx.actor.id, Upload.file_id.is_(None), Upload.expires_at > tx.now
    )
    if tx.session.execute(living).scalar_one() >= MOST_AT_ONCE:
        raise UPLOADS_TOO_MANY(most=MOST_AT_ONCE)
    assert tx.actor.id
    made = Upload(
        name=clean_name(name),
        size=size,
        created_by=tx.actor.id,
        created_at=tx.now,
        expires_at=tx.now + LIFETIME,
    )
    tx.recorded = True  # an upload is bookkeeping: the file that it becomes is recorded
    return tx.add(made, "upload.write")


def receive(tx: Tx, upload_id: UUID, offset: int, chunk: bytes) -> Upload:
    """Keep the chunk that begins at `offset`. One that is kept already is harmless; one too far is refused.

    The row is locked meanwhile, so that two copies of a chunk that race are one after the other.
    """
    upload = tx.get(Upload, upload_id, "upload.write")
    tx.recorded = True  # bookkeeping, as above
    if upload.file_id is None and upload.expires_at <= tx.now:
        raise UPLOAD_EXPIRED()
    end = offset + len(chunk)
    if not chunk or end > upload.size:
        raise UPLOAD_BEYOND(size=upload.size, offset=offset, length=len(chunk))
    if end <= upload.received:
        return upload
    if offset != upload.received:
        raise UPLOAD_OFFSET(expected=upload.received, offset=offset)
    store.write(store.chunk_path(upload.id, offset), chunk)
    upload.received = end
    tx.session.flush()
    return upload


def finished(tx: Tx, upload_id: UUID) -> Upload:
    """The upload, all of it received; 409 with what is lacking otherwise."""
    upload = tx.get(Upload, upload_id, "upload.read")
    if upload.file_id is None and upload.received < upload.size:
        raise UPLOAD_UNFINISHED(received=upload.received, size=upload.size)
    return upload


def complete(tx: Tx, upload_id: UUID, kept: Kept) -> StoredFile:
    """The upload is this file now; when another request was first, its file, and ours is forgotten."""
    upload = tx.get(Upload, upload_id, "upload.write")
    if upload.file_id:
        tx.recorded = True  # nothing is written
        tx.after_commit.append(lambda: intake.discard(kept))
        return tx.session.get_one(StoredFile, upload.file_id)
    made = register(tx, kept)
    upload.file_id = made.id
    paths = store.chunks(upload.id)
    tx.after_commit.append(lambda: store.remove(paths))
    return made


def register(tx: Tx, kept: Kept) -> StoredFile:
    """The row of a file whose bytes are kept."""
    assert tx.actor.id
    made = StoredFile(
        id=kept.id,
        name=kept.name,
        media_type=kept.media_type,
        size=kept.size,
        pages=kept.pages,
        sha256=kept.sha256,
        scan=kept.scan,
        created_by=tx.actor.id,
        created_at=tx.now,
    )
    tx.add(made, "file.create")
    tx.emit("file.received", made, size=made.size, media_type=made.media_type, sha256=made.sha256)
    return made


def cancel(tx: Tx, upload_id: UUID) -> None:
    """Forget an upload and its chunks; the file that it became stays."""
    upload = tx.get(Upload, upload_id, "upload.write")
    tx.recorded = True  # bookkeeping, as above
    paths = store.chunks(upload.id)
    tx.session.delete(upload)
    tx.after_commit.append(lambda: store.remove(paths))


def expire(tx: Tx) -> int:
    """Forget the uploads whose time is over, with their bytes; returns how many there were."""
    over = select(Upload.id).where(Upload.expires_at <= tx.now).order_by(Upload.expires_at).limit(500)
    found = list(tx.session.scalars(over.with_for_update(skip_locked=True)))
    for upload_id in found:  # bytes first: a row whose bytes are gone is met again, bytes without one are not
        store.remove(store.chunks(upload_id))
    tx.session.execute(delete(Upload).where(Upload.id.in_(found)))
    return len(found)


def scan_again(tx: Tx) -> int:
    """Ask again about files that nobody scanned, the oldest first; returns how many got a verdict.

    The first one without an answer ends it: the scanner is away, and the next turn comes soon.
    """
    waiting = select(StoredFile).where(StoredFile.scan == Scan.NOT_SCANNED).order_by(StoredFile.id)
    told = 0
    for file in tx.session.scalars(waiting.limit(SCANNED_AT_ONCE).with_for_update(skip_locked=True)):
        try:
            with intake.joined(store.read(store.file_path(file.id))) as content:
                verdict = clam.scan(content)
        except FileNotFoundError:  # `./indh check` says so
            continue
        if verdict is Scan.NOT_SCANNED:
            break
        file.scan = verdict
        told += 1
        if verdict is Scan.INFECTED:
            tx.emit("file.infected", file)
    tx.session.flush()
    return told
