"""What was taken away from the platform: by whom, when, what was asked for, how many rows left."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..core.db import Base, HasId, choice
from ..people.models import Person


class ExportKind(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"


class Export(HasId, Base):
    """A list of dossiers that somebody took away. Kept in the commit before the file leaves.

    `asked` is what narrowed the list (`{"filters": {…}, "picked": n}`), `columns` are codes of
    `dossiers.FIELDS`, `sha256` is that of the rows as CSV: the same list gives the same one in both kinds.
    """

    __tablename__ = "export"
    __table_args__ = (Index("ix_export_person", "person_id", "made_at"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    kind: Mapped[ExportKind] = choice(ExportKind)
    language: Mapped[str] = mapped_column(String(2))
    asked: Mapped[dict[str, Any]]
    columns: Mapped[list[str]]
    rows: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))

    person: Mapped[Person] = relationship(lazy="raise")
