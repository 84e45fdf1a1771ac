"""Files that people hand in: what is kept of each, and uploads that are still under way."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ..core.db import Base, HasId, choice


class Scan(StrEnum):
    """What the virus scanner said; without one configured, that nobody looked."""

    NOT_SCANNED = "not_scanned"
    CLEAN = "clean"
    INFECTED = "infected"


class StoredFile(HasId, Base):
    """A file as it was received: never changed. Its bytes are in the store under its id."""

    __tablename__ = "stored_file"
    __table_args__ = (Index("ix_stored_file_unscanned", "id", postgresql_where=text("scan = 'not_scanned'")),)

    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))  # found in the content, whatever the name says
    size: Mapped[int] = mapped_column(BigInteger)  # bytes
    pages: Mapped[int | None]  # of a PDF
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    scan: Mapped[Scan] = choice(Scan, default=Scan.NOT_SCANNED)
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]


class Upload(HasId, Base):
    """A file on its way, in chunks: `received` bytes of `size` are kept; then it is `file_id`."""

    __tablename__ = "upload"
    __audited__ = False  # one line a chunk would be noise; the file that it becomes is audited
    __table_args__ = (CheckConstraint("received BETWEEN 0 AND size", name="received"),)

    name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
