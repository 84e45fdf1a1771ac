"""The delivery ledger: every message owed to a person, and what became of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ..core.db import Base, HasId, choice


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"


class MessageState(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"  # the address or the server refused it for good: somebody must look
    NO_ADDRESS = "no_address"  # the person has none for this channel: said, not dropped


class Message(HasId, Base):
    """One message to one person because of one event: never two for the same."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("event_id", "recipient_id", "channel", "template"),
        Index(
            "uq_message_without_account",
            "event_id",
            "channel",
            "template",
            unique=True,
            postgresql_where=text("recipient_id IS NULL"),
        ),
        Index("ix_message_trouble", "state", postgresql_where=text("state <> 'sent'")),
    )

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    template: Mapped[str] = mapped_column(String(80))
    # none: she has no account; her name and address stand where she wrote them, and only there
    recipient_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    province_code: Mapped[str | None] = mapped_column(ForeignKey("province.code"), index=True)
    channel: Mapped[Channel] = choice(Channel)
    address: Mapped[str | None] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(3))
    params: Mapped[dict[str, Any]]
    state: Mapped[MessageState] = choice(MessageState, default=MessageState.QUEUED)
    queued_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(200))
