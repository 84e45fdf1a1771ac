"""Reviews: who judges which dossier, the marks given, and the standing of each dossier."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..applications.models import Application
from ..core.db import Base, HasId, Versioned, choice


class AssignmentState(StrEnum):
    ASSIGNED = "assigned"  # conflict not yet declared: the dossier stays shut
    OPEN = "open"  # no conflict: may read and score
    SIGNED = "signed"
    RECUSED = "recused"


class Assignment(HasId, Versioned, Base):
    """A dossier on an evaluator's stack, and her review of it.

    `marks` is {criterion: level}, `notes` {criterion: words}; `total_hundredths` the weighted total of the
    marks given, in hundredths of a point.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("application_id", "evaluator_id"),
        Index("ix_assignment_stack", "evaluator_id", "state"),
    )

    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    evaluator_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    state: Mapped[AssignmentState] = choice(AssignmentState, default=AssignmentState.ASSIGNED)
    assigned_at: Mapped[datetime]
    due_at: Mapped[datetime]
    declared_at: Mapped[datetime | None]
    recusal_reason: Mapped[str | None]
    marks: Mapped[dict[str, Any]] = mapped_column(default=dict)
    notes: Mapped[dict[str, str]] = mapped_column(default=dict)
    total_hundredths: Mapped[int] = mapped_column(default=0)
    signed_at: Mapped[datetime | None]

    application: Mapped[Application] = relationship(lazy="raise")


class Standing(Base):
    """A dossier's kept score: the mean of its signed reviews, renewed with each of them.

    `score_hundredths` is the mean total in hundredths of a point; `ties` the means of the criteria in the
    order in which they break ties (hundredths of points), compared element by element.
    """

    __tablename__ = "standing"
    __table_args__ = (
        CheckConstraint("reviews >= 0", name="reviews"),
        Index("ix_standing_rank", "call_id", "score_hundredths", "ties", "application_id"),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), primary_key=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"))
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    reviews: Mapped[int] = mapped_column(default=0)
    score_hundredths: Mapped[int]
    spread_hundredths: Mapped[int] = mapped_column(default=0)  # highest minus lowest total
    ties: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    criteria: Mapped[dict[str, Any]]  # {criterion: mean in hundredths of points}
