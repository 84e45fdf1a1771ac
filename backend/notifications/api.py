"""The delivery ledger over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from ..core.tx import transaction
from ..web.deps import CurrentActor, Cursor, Limit
from . import commands, queries
from .models import MessageState
from .schemas import MessageOut, MessagePage

router = APIRouter(prefix="/messages", tags=["messages"])


@router.get("")
def list_messages(
    actor: CurrentActor,
    state: MessageState | None = None,
    template: Annotated[str | None, Query(max_length=80)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> MessagePage:
    """The messages that you may see: refused ones first, then those without an address, waiting, sent."""
    with transaction(actor) as tx:
        page = queries.listed(tx, queries.Filter(state, template), cursor, limit)
        items = [MessageOut(**queries.line(kept, name)) for kept, name in page.items]
        return MessagePage(items=items, next=page.next, counts=queries.counts(tx))


@router.get("/{message_id}")
def read_message(message_id: UUID, actor: CurrentActor) -> MessageOut:
    """One message of the ledger."""
    with transaction(actor) as tx:
        kept, name = queries.message(tx, message_id)
        return MessageOut(**queries.line(kept, name))


@router.post("/{message_id}/resend")
def resend_message(message_id: UUID, actor: CurrentActor) -> MessageOut:
    """Send a refused message again, to the address that the person has today."""
    with transaction(actor) as tx:
        commands.resend(tx, message_id)
        tx.session.flush()
        kept, name = queries.message(tx, message_id)
        return MessageOut(**queries.line(kept, name))
