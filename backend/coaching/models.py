"""Accompaniment: a plan of dated milestones, and the reminders that keep it moving."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..core.db import Base, HasId, Localized, Versioned, choice
from ..core.ladders import ReminderState, Rung
from ..funding.models import Convention

__all__ = ["Audience", "Milestone", "MilestoneState", "Plan", "Reminder", "ReminderState"]


class Plan(HasId, Base):
    """The coaching of one convention: usually two years from its signature."""

    __tablename__ = "coaching_plan"

    convention_id: Mapped[UUID] = mapped_column(ForeignKey("convention.id"), unique=True)
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    coach_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    convention: Mapped[Convention] = relationship(lazy="raise")
    milestones: Mapped[list["Milestone"]] = relationship(lazy="raise", order_by="Milestone.due_on")


class MilestoneState(StrEnum):
    OPEN = "open"
    REPORTED = "reported"
    VALIDATED = "validated"


class Milestone(HasId, Versioned, Base):
    """Something due by a date: reported by the holder, validated by the coach."""

    __tablename__ = "milestone"
    __table_args__ = (
        UniqueConstraint("plan_id", "code"),
        Index("ix_milestone_open", "due_on", postgresql_where=text("state = 'open'")),
    )

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("coaching_plan.id"))
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    code: Mapped[str] = mapped_column(String(60))
    title: Mapped[Localized]
    due_on: Mapped[date]
    state: Mapped[MilestoneState] = choice(MilestoneState, default=MilestoneState.OPEN)
    report: Mapped[str | None] = mapped_column(String(4000))
    reported_at: Mapped[datetime | None]
    validated_at: Mapped[datetime | None]

    plan: Mapped[Plan] = relationship(lazy="raise", back_populates="milestones")


class Audience(StrEnum):
    HOLDER = "holder"
    COACH = "coach"
    OFFICER = "officer"


class Reminder(HasId, Rung, Base):
    """One rung of a milestone's ladder: so many days before (−) or after (+) its date, to one audience."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("milestone_id", "offset_days", "audience"),
        Index("ix_reminder_due", "due_at", "id", postgresql_where=text("state = 'planned'")),
    )

    milestone_id: Mapped[UUID] = mapped_column(ForeignKey("milestone.id"))
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"))
    audience: Mapped[Audience] = choice(Audience)
