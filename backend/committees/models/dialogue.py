"""Dialogue between the actors of a territory: questions put to them, and actions agreed with them."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ...core.db import Base, HasId, Localized, Versioned, choice
from ...core.ladders import Rung


class ConsultationState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    CONCLUDED = "concluded"  # its synthesis is published


class Consultation(HasId, Versioned, Base):
    """A question that a committee puts to the actors of its territory, until an hour."""

    __tablename__ = "consultation"
    __table_args__ = (CheckConstraint("closes_at > opens_at", name="window"),)

    committee_id: Mapped[UUID] = mapped_column(ForeignKey("committee.id"), index=True)
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    question: Mapped[Localized]
    context: Mapped[Localized]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    state: Mapped[ConsultationState] = choice(ConsultationState, default=ConsultationState.DRAFT)
    synthesis: Mapped[Localized | None]
    concluded_at: Mapped[datetime | None]


class ConsultationFile(HasId, Base):
    """A document to read before answering."""

    __tablename__ = "consultation_file"
    __table_args__ = (UniqueConstraint("consultation_id", "file_id"),)

    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultation.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"))
    title: Mapped[Localized]
    position: Mapped[int]


class Standing(StrEnum):
    """As what somebody contributes."""

    MEMBER = "member"  # of the committee
    HOLDER = "holder"  # of a project of the province
    PUBLIC = "public"


class Contribution(HasId, Versioned, Base):
    """What an actor answers, in her language: one a person, hers to change until the question is closed.

    `body` is whom she speaks for: a cooperative, a service, an association …
    """

    __tablename__ = "contribution"
    __table_args__ = (UniqueConstraint("consultation_id", "person_id"),)

    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultation.id"))
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"))
    standing: Mapped[Standing] = choice(Standing)
    body: Mapped[str] = mapped_column(String(200))
    text: Mapped[str]
    shared: Mapped[bool] = mapped_column(default=False)  # she agrees that everybody reads it after the close
    given_at: Mapped[datetime]


class ActionState(StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class AgreedAction(HasId, Versioned, Base):
    """What was agreed, by whom it is done and until when: in a session or after a consultation."""

    __tablename__ = "agreed_action"
    __table_args__ = (Index("ix_agreed_action_due", "due_on", postgresql_where=text("state = 'open'")),)

    committee_id: Mapped[UUID] = mapped_column(ForeignKey("committee.id"), index=True)
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("committee_session.id"), index=True)
    consultation_id: Mapped[UUID | None] = mapped_column(ForeignKey("consultation.id"), index=True)
    text: Mapped[Localized]
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    due_on: Mapped[date]
    state: Mapped[ActionState] = choice(ActionState, default=ActionState.OPEN)
    outcome: Mapped[str] = mapped_column(default="", server_default="")  # what was done, or why not
    settled_at: Mapped[datetime | None]


class ActionAudience(StrEnum):
    OWNER = "owner"
    OFFICER = "officer"


class ActionReminder(HasId, Rung, Base):
    """One rung of an action's ladder (`core/ladders.py`)."""

    __tablename__ = "action_reminder"
    __table_args__ = (
        UniqueConstraint("action_id", "offset_days", "audience"),
        Index("ix_action_reminder_due", "due_at", "id", postgresql_where=text("state = 'planned'")),
    )

    action_id: Mapped[UUID] = mapped_column(ForeignKey("agreed_action.id"))
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"))
    audience: Mapped[ActionAudience] = choice(ActionAudience)
