"""What follows from decisions: letters, published results, appeals."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ...core.db import Base, HasId, Localized, Money, Versioned, choice
from .decision import DecisionOutcome


class LetterKind(StrEnum):
    FUNDED = "funded"
    CONDITIONAL = "conditional"
    WAITING = "waiting"
    REFUSED = "refused"
    PROMOTED = "promoted"
    LAPSED = "lapsed"
    APPEAL = "appeal"


class LetterState(StrEnum):
    QUEUED = "queued"  # written, until a person releases it
    RELEASED = "released"
    WITHDRAWN = "withdrawn"  # what it said was replaced before anybody released it


class Letter(HasId, Base):
    """A letter on a decision: written by the records, released by a person, verifiable by its code."""

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("decision_id", "kind"),
        Index("ix_letter_state", "province_code", "state"),
    )

    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), index=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"), index=True)
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"))
    kind: Mapped[LetterKind] = choice(LetterKind)
    state: Mapped[LetterState] = choice(LetterState, default=LetterState.QUEUED)
    code: Mapped[str] = mapped_column(String(20), unique=True)  # on the paper and in its QR code
    content: Mapped[dict[str, Any]]  # what both languages print, canonical
    content_sha256: Mapped[str] = mapped_column(String(64))
    queued_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    released_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class Publication(HasId, Base):
    """The results of a call, made public by a person. Until then only holders read their own."""

    __tablename__ = "publication"

    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"), unique=True)
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    published_at: Mapped[datetime]
    published_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))


class AppealState(StrEnum):
    FILED = "filed"
    ASSIGNED = "assigned"  # somebody who did not decide studies it
    REPORTED = "reported"  # her report is ready for a session
    UPHELD = "upheld"  # the decision is replaced
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


class Appeal(HasId, Versioned, Base):
    """A holder contests a decision in the call's window: studied by others, settled in session."""

    __tablename__ = "appeal"
    __table_args__ = (
        Index(
            "ix_appeal_pending",
            "filed_at",
            postgresql_where=text("state IN ('filed', 'assigned', 'reported')"),
        ),
        Index(
            "uq_appeal_standing", "decision_id", unique=True, postgresql_where=text("state <> 'withdrawn'")
        ),
    )

    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), index=True)
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    state: Mapped[AppealState] = choice(AppealState, default=AppealState.FILED)
    reasons: Mapped[str]
    filed_at: Mapped[datetime]
    filed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    handler_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    report: Mapped[str] = mapped_column(default="", server_default="")
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("committee_session.id"), index=True)
    motion_id: Mapped[UUID | None] = mapped_column(ForeignKey("motion.id"))
    wanted_outcome: Mapped[DecisionOutcome | None] = choice(DecisionOutcome)  # what the motion would decide
    wanted_centimes: Mapped[Money] = mapped_column(default=0, server_default="0")
    wanted_conditions: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    wanted_due_on: Mapped[date | None]
    outcome_id: Mapped[UUID | None] = mapped_column(ForeignKey("decision.id"))  # the decision that it gave
    answer: Mapped[Localized | None]
    settled_at: Mapped[datetime | None]


class AppealFile(HasId, Base):
    """A document that the holder adds to her appeal."""

    __tablename__ = "appeal_file"
    __table_args__ = (UniqueConstraint("appeal_id", "file_id"),)

    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeal.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"))
