"""Durability: what became of each funded project, asked again at 6, 12, 24, 36 and 60 months."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..core.db import Base, HasId, Money, Versioned, choice
from ..funding.models import Convention


class WaveState(StrEnum):
    PLANNED = "planned"
    ANSWERED = "answered"


class ProjectStatus(StrEnum):
    """`UNREACHABLE` is an answer: it is counted both ways, never dropped."""

    ACTIVE = "active"
    SEASONAL = "seasonal"
    SUSPENDED = "suspended"
    STOPPED = "stopped"
    DISSOLVED = "dissolved"
    UNREACHABLE = "unreachable"


class Wave(HasId, Versioned, Base):
    """One follow-up of one project, so many months after the signature."""

    __tablename__ = "wave"
    __table_args__ = (
        UniqueConstraint("convention_id", "months"),
        CheckConstraint("(state = 'planned') = (status IS NULL)", name="answered"),
        Index("ix_wave_due", "due_on", postgresql_where=text("state = 'planned'")),
    )

    convention_id: Mapped[UUID] = mapped_column(ForeignKey("convention.id"))
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    months: Mapped[int]
    due_on: Mapped[date]
    state: Mapped[WaveState] = choice(WaveState, default=WaveState.PLANNED)
    status: Mapped[ProjectStatus | None] = choice(ProjectStatus)
    turnover_centimes: Mapped[Money | None]  # of the last twelve months
    jobs_women: Mapped[int | None]
    jobs_men: Mapped[int | None]
    members: Mapped[int | None]
    causes: Mapped[list[Any]] = mapped_column(default=list)  # of difficulty, as codes
    note: Mapped[str | None]
    surveyed_at: Mapped[datetime | None]
    surveyed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    convention: Mapped[Convention] = relationship(lazy="raise")
