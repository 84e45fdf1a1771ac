"""Reading the delivery ledger: what needs a look first."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, case, func, select

from ..core.paging import Key, Page, paginate
from ..core.tx import Tx
from ..people.models import Person
from .models import Message, MessageState
from .wording import headed

RANK = {MessageState.FAILED: 0, MessageState.NO_ADDRESS: 1, MessageState.QUEUED: 2, MessageState.SENT: 3}
_NAME = func.coalesce(Person.name, "")
_RANK = case(dict(RANK.items()), value=Message.state)
KEYS = (
    Key(_RANK, lambda row: RANK[row[0].state]),
    Key(Message.queued_at.expression, lambda row: row[0].queued_at, True),
    Key(Message.id.expression, lambda row: row[0].id, True),
)


@dataclass(frozen=True)
class Filter:
    """What the ledger is narrowed to; None is no narrowing."""

    state: MessageState | None = None
    template: str | None = None


def listed(tx: Tx, narrowed: Filter, cursor: str | None = None, limit: int = 50) -> Page[Any]:
    """Rows of (message, recipient's name): refused, without address, waiting, sent; the latest first."""
    found = select(Message, _NAME).outerjoin(Person, Person.id == Message.recipient_id)
    if narrowed.state:
        found = found.where(Message.state == narrowed.state)
    if narrowed.template:
        found = found.where(Message.template == narrowed.template)
    return paginate(tx, tx.visible(found, "message.read"), KEYS, cursor, limit)


def counts(tx: Tx) -> dict[MessageState, int]:
    """How many the reader may see in each state."""
    counted = select(Message.state, func.count()).group_by(Message.state)
    found: dict[MessageState, int] = dict(tx.session.execute(tx.visible(counted, "message.read")).all())
    return dict.fromkeys(MessageState, 0) | found


def message(tx: Tx, message_id: UUID) -> Row[Message, str]:
    """One message with its recipient's name; 404 when the reader may not see it."""
    found = tx.get(Message, message_id, "message.read")
    return tx.session.execute(
        select(Message, _NAME)
        .outerjoin(Person, Person.id == Message.recipient_id)
        .where(Message.id == found.id)
    ).one()


def subject(kept: Message) -> str:
    """Its subject, in the recipient's language."""
    return headed(kept.language, kept.template, kept.params)


def line(kept: Message, name: str) -> dict[str, Any]:
    """The fields of `MessageOut`."""
    return {
        "id": kept.id,
        "event_id": kept.event_id,
        "template": kept.template,
        "subject": subject(kept),
        "recipient_id": kept.recipient_id,
        "recipient": name,
        "province_code": kept.province_code,
        "channel": kept.channel,
        "address": kept.address,
        "language": kept.language,
        "state": kept.state,
        "queued_at": kept.queued_at,
        "sent_at": kept.sent_at,
        "error": kept.error,
    }
