"""What the edges return about messages."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from .models import Channel, MessageState


class MessageOut(BaseModel):
    """One message of the ledger; `subject` is in the recipient's language."""

    id: UUID
    event_id: UUID
    template: str
    subject: str
    recipient_id: UUID | None  # none: somebody without an account, whom nobody else names
    recipient: str
    province_code: str | None
    channel: Channel
    address: str | None
    language: str
    state: MessageState
    queued_at: datetime
    sent_at: datetime | None
    error: str | None


class MessagePage(BaseModel):
    """Some messages, those in trouble first, and how many there are in each state."""

    items: list[MessageOut]
    next: str | None
    counts: dict[MessageState, int]
