"""What is read of uploads and files."""

from collections.abc import Collection, Iterator
from uuid import UUID

from sqlalchemy import func, select

from ..core.tx import Tx
from . import store
from .lifecycle import FILE_INFECTED, FILE_LOST
from .models import Scan, StoredFile, Upload


def upload(tx: Tx, upload_id: UUID) -> Upload:
    """One's own upload."""
    return tx.get(Upload, upload_id, "upload.read")


def one(tx: Tx, file_id: UUID) -> StoredFile:
    """A file that one sent oneself."""
    return tx.get(StoredFile, file_id, "file.read")


def opened(file: StoredFile) -> Iterator[bytes]:
    """Its bytes, a piece at a time; refused when a scan found something in it since it was received."""
    if file.scan is Scan.INFECTED:
        raise FILE_INFECTED(name=file.name)
    try:
        return store.read(store.file_path(file.id))
    except FileNotFoundError:
        raise FILE_LOST(name=file.name) from None


def unscanned(tx: Tx, file_ids: Collection[UUID]) -> int:
    """How many of these files no scanner has said anything of: no scanner is set up, or it did not answer."""
    asked = select(func.count()).where(StoredFile.id.in_(file_ids), StoredFile.scan == Scan.NOT_SCANNED)
    return tx.session.scalars(asked).one() if file_ids else 0
