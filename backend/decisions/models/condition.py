"""What becomes of the conditions of a grant: answered by the holder, confirmed by an officer, by a date.

The words of a condition and its first date stand in the decision, as the committee adopted them and as the
trail sealed them. A row here is one of them, by its place in that list.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ...core.db import Base, HasId, Localized, Versioned, choice
from ...core.ladders import Rung


class ConditionState(StrEnum):
    AWAITED = "awaited"  # the holder has to answer
    ANSWERED = "answered"  # an officer has to say whether it is met
    LACKING = "lacking"  # something lacks, the officer said what
    MET = "met"


class ConditionAudience(StrEnum):
    HOLDER = "holder"
    OFFICER = "officer"


class DecisionCondition(HasId, Versioned, Base):
    """One condition of an adopted grant, from the release of its letter on. `position` counts from 1."""

    __tablename__ = "decision_condition"
    __table_args__ = (
        UniqueConstraint("decision_id", "position"),
        Index(
            "ix_decision_condition_answered",
            "province_code",
            "answered_at",
            postgresql_where=text("state = 'answered'"),
        ),
    )

    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), index=True)
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"))
    position: Mapped[int]
    state: Mapped[ConditionState] = choice(ConditionState, default=ConditionState.AWAITED)
    answer: Mapped[str] = mapped_column(default="", server_default="")
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    lacks: Mapped[Localized | None]  # what the officer said lacks
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class ConditionFile(HasId, Base):
    """A document that answers a condition."""

    __tablename__ = "condition_file"
    __table_args__ = (UniqueConstraint("condition_id", "file_id"),)

    condition_id: Mapped[UUID] = mapped_column(ForeignKey("decision_condition.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"))


class ConditionReminder(HasId, Rung, Base):
    """One rung of the ladder of a grant's conditions (`core/ladders.py`): one date, whatever their number."""

    __tablename__ = "condition_reminder"
    __table_args__ = (
        UniqueConstraint("decision_id", "offset_days", "audience"),
        Index("ix_condition_reminder_due", "due_at", "id", postgresql_where=text("state = 'planned'")),
    )

    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"))
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"))
    audience: Mapped[ConditionAudience] = choice(ConditionAudience)
