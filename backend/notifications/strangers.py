"""Messages to somebody without an account: who asked for information, at the address that she gave.

Her name, her address and the answer are read from her request when the message leaves. The ledger keeps none
of them, so that what is erased there is gone.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from ..core.mail import compose
from ..core.tx import Tx
from ..obligations.models import InformationRequest
from . import sms
from .models import Channel
from .outgoing import mailed
from .wording import isolated, message_id, short, words


def reached(tx: Tx, params: Mapping[str, Any]) -> InformationRequest | None:
    """Her request, while her address still stands there."""
    asked = tx.session.get(InformationRequest, UUID(params["request"]))
    return asked if asked and asked.address else None


def send(tx: Tx, message: Row[Any]) -> str | None:
    """None once it was taken; the code of a refusal for good (`address_erased` once she erased herself)."""
    asked = reached(tx, message.params)
    if asked is None:
        return "address_erased"
    lang, template, id = message.language, message.template, message_id(message.id)
    facts = message.params | {"answer": asked.answer, "reason": asked.extension_reason}
    subject, body = words(lang, template, facts, isolated(lang, asked.name))
    if message.channel is Channel.SMS:
        text = short(lang, template, message.params)
        return sms.send(sms.Text(asked.address, text, id, subject, lang, tx.now))
    return mailed(
        lambda: compose(
            to=asked.address,
            name=asked.name,
            subject=subject,
            body=body,
            language=lang,
            message_id=id,
            at=tx.now,
        )
    )
