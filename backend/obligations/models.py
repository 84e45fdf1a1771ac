"""What the law asks of the administration: questions of the public (law 31-13), deadlines that were told."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ..core.db import Base, HasId, Versioned, choice


class InformationState(StrEnum):
    RECEIVED = "received"
    ANSWERED = "answered"
    REFUSED = "refused"  # in writing, with the ground that the law allows


class RefusalGround(StrEnum):
    """Why the law lets an administration refuse (law 31-13: the exceptions of article 7, then the others)."""

    EXCEPTION = "exception"  # article 7: defence, security, private life, secrets protected by law
    NOT_HELD = "not_held"
    PUBLISHED = "published"  # the answer says where
    REPEATED = "repeated"  # given to the same person already this year
    UNCLEAR = "unclear"
    IN_PREPARATION = "in_preparation"
    ARCHIVES = "archives"  # deposited at Archives du Maroc


class InformationRequest(HasId, Versioned, Base):
    """A request for information (law 31-13, article 16): answered within twenty working days."""

    __tablename__ = "information_request"
    __secrets__ = ("name", "address", "text")
    __table_args__ = (
        Index("ix_information_request_due", "due_on", postgresql_where=text("state = 'received'")),
    )

    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    code_sha256: Mapped[str] = mapped_column(String(64), unique=True)  # of the code that opens the answer
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(254))  # where she wants the answer: e-mail or telephone
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    language: Mapped[str] = mapped_column(String(3))
    text: Mapped[str]
    state: Mapped[InformationState] = choice(InformationState, default=InformationState.RECEIVED)
    received_at: Mapped[datetime]
    due_on: Mapped[date]
    extended_at: Mapped[datetime | None]  # once
    extension_reason: Mapped[str] = mapped_column(default="", server_default="")
    ground: Mapped[RefusalGround | None] = choice(RefusalGround)  # of a refusal
    answer: Mapped[str] = mapped_column(default="", server_default="")
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class InformationFile(HasId, Base):
    """A document that goes with the answer; she who asked reads it once the answer is given."""

    __tablename__ = "information_file"
    __table_args__ = (UniqueConstraint("request_id", "file_id"),)

    request_id: Mapped[UUID] = mapped_column(ForeignKey("information_request.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"))


class ClockAlert(HasId, Base):
    """A statutory deadline of which the officers were told: never twice for a rung of the same day."""

    __tablename__ = "clock_alert"
    __table_args__ = (UniqueConstraint("subject_id", "clock", "due_on", "rung"),)

    subject_id: Mapped[UUID]
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    clock: Mapped[str] = mapped_column(String(40))  # decision, information, appeal
    rung: Mapped[int]  # days from the deadline, negative before it
    due_on: Mapped[date]
    told_at: Mapped[datetime]
