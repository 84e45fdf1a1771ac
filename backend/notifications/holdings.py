"""What notifications holds of a person: what it sent her, and where."""

from collections.abc import Iterable

from sqlalchemy import or_, select, update

from ..core.tx import Tx
from ..people.holdings import Row, erases, holds
from ..people.models import Person
from .models import Message


@holds("messages", "queued_at", "template", "channel", "address", "sent_at")
def messages(tx: Tx, person: Person) -> Iterable[Row]:
    asked = select(Message).where(Message.recipient_id == person.id).order_by(Message.id)
    for row in tx.session.scalars(asked):
        yield {
            "queued_at": row.queued_at,
            "template": f"mail.{row.template}",
            "channel": row.channel.value,
            "address": row.address,
            "sent_at": row.sent_at,
        }


@erases
def addresses(tx: Tx, person: Person) -> None:
    """Of what was sent her, or to her telephone for another: the message stays, not the address."""
    reached = [Message.recipient_id == person.id]
    reached += [Message.address == known for known in (person.email, person.phone) if known]
    tx.session.execute(
        update(Message).where(or_(*reached), Message.address.is_not(None)).values(address=None),
        execution_options={"synchronize_session": False},
    )
