"""What the edges of uploads and files accept and return."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from ..core.shapes import In, Out
from .models import Scan


class UploadIn(In):
    """A file that is to come: its name, to be shown, and its size in bytes."""

    name: Annotated[str, Field(min_length=1, max_length=1000)]
    size: Annotated[int, Field(strict=True, ge=0, le=2**53)]


class UploadOut(Out):
    """How far an upload is: `received` bytes of `size` are kept; then its file."""

    id: UUID
    name: str
    size: int
    received: int
    expires_at: datetime
    file_id: UUID | None


class FileOut(Out):
    """A file as it was received; its type is that of its content."""

    id: UUID
    name: str
    media_type: str
    size: int
    pages: int | None
    sha256: str
    scan: Scan
    created_at: datetime
