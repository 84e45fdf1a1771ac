"""A document that answers something: its bytes kept just now, or a file that its sender sent before."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from uuid import UUID

from ..core.shapes import In
from ..core.tx import Tx
from ..files import commands as files
from ..files import intake
from ..files.intake import Kept
from ..files.lifecycle import FILE_INFECTED
from ..files.models import Scan, StoredFile

Sent = Kept | UUID


class SentIn(In):
    """A file that was sent (`/uploads`)."""

    file_id: UUID


@contextmanager
def kept(content: bytes, name: str) -> Iterator[Kept]:
    """The bytes, examined and kept; forgotten when what they were sent for is refused."""
    made = intake.keep(BytesIO(content), name)
    try:
        yield made
    except Exception:
        intake.discard(made)
        raise


def received(tx: Tx, sent: Sent) -> StoredFile:
    """Its row. 404 for a file of somebody else's, 409 `file_infected` where the scan found something."""
    if isinstance(sent, Kept):
        return files.register(tx, sent)
    file = tx.get(StoredFile, sent, "file.read")
    if file.scan is Scan.INFECTED:
        raise FILE_INFECTED(name=file.name)
    return file
