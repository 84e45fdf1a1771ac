"""Calls for projects: a frozen call file with a life of its own."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ..core.db import Base, HasId, Localized, Money, Versioned, choice


class CallState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"  # open while now is within the window: a fact of the clock, not a state
    DECIDED = "decided"
    ARCHIVED = "archived"


class Call(HasId, Versioned, Base):
    """A call as its file states it; `definition` is the validated file and is frozen once published."""

    __tablename__ = "call"
    __table_args__ = (CheckConstraint("opens_at < closes_at", name="window"),)

    code: Mapped[str] = mapped_column(String(60), unique=True)
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    committee_id: Mapped[UUID | None] = mapped_column(ForeignKey("committee.id"))
    title: Mapped[Localized]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    envelope_centimes: Mapped[Money]
    definition: Mapped[dict[str, Any]]
    definition_sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[CallState] = choice(CallState, default=CallState.DRAFT)
    published_at: Mapped[datetime | None]
