"""Reactions to events: messages are owed in one commit, and delivered one by one, each in its own."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, String, cast, select, update

from ..applications import assistance
from ..core.events import Event, Job, JobState, every, job, on
from ..core.mail import compose
from ..core.tx import Tx
from ..people import commands as people
from ..people.models import Accompaniment, Person
from . import attachments, sms, strangers
from .commands import enqueue, owe
from .messages import CODES, MESSAGES
from .models import Channel, Message, MessageState
from .outgoing import mailed
from .wording import message_id, short, words

_NAME = select(Person.name).where(Person.id == Message.recipient_id).scalar_subquery()
STALE = timedelta(hours=2)
"""By then the kernel has stopped trying a delivery by itself (eight attempts in about an hour)."""
GIVE_UP = timedelta(days=3)


@on(*MESSAGES, many=True)
def prepare(tx: Tx, events: list[Event]) -> None:
    """Owe each person her messages."""
    owe(tx, events)


@job("notifications.deliver")
def deliver(tx: Tx, work: Job) -> None:
    """Hand one message to the mail server; sent is marked in the same commit.

    A worker killed between the two sends it again under the same Message-ID. A refusal for good is kept in
    the ledger; anything else (the server is away, busy, slow) raises, and the kernel tries again later.
    """
    taken = (
        update(Message)
        .where(
            Message.id == UUID(work.args["message"]),
            Message.state == MessageState.QUEUED,
        )
        .values(state=MessageState.SENT, sent_at=tx.now, error=None)
        .returning(
            Message.id,
            Message.address,
            Message.language,
            Message.template,
            Message.params,
            _NAME.label("name"),
            Message.channel,
            Message.recipient_id,
        )
    )
    message = tx.session.execute(taken, execution_options={"synchronize_session": False}).one_or_none()
    if message is None:
        return
    if message.recipient_id is None:
        error = strangers.send(tx, message)
    else:
        error = text_message(tx, message) if message.channel is Channel.SMS else _send(tx, message)
    if error:
        _settle(tx, [message.id], state=MessageState.FAILED, error=error, sent_at=None)


def _send(tx: Tx, message: Row[Any]) -> str | None:
    """None once the server took it; the code of a refusal for good. A way in is made here, kept hashed."""
    link = ""
    if message.template == "person.invited":
        link = people.fresh_link(tx, UUID(message.params["invitation"])) or ""
        if not link:
            return "not_awaited"
    subject, body = words(message.language, message.template, message.params, message.name, link)
    return mailed(
        lambda: compose(
            to=message.address or "",
            name=message.name,
            subject=subject,
            body=body,
            language=message.language,
            message_id=message_id(message.id),
            at=tx.now,
            attachments=attachments.of(tx, message.template, message.params, message.language),
        )
    )


def text_message(tx: Tx, message: Row[Any]) -> str | None:
    """By SMS. A code is made here, told to nobody else, kept hashed in this same commit."""
    more = {}
    if message.template in CODES:
        more = _code(tx, message)
        if not more:
            return "not_awaited"
    said = words(message.language, message.template, message.params, message.name)
    text = short(message.language, message.template, message.params, **more)
    return sms.send(
        sms.Text(message.address or "", text, message_id(message.id), said[0], message.language, tx.now)
    )


def _code(tx: Tx, message: Row[Any]) -> dict[str, str]:
    """The code, and who is to hear it; nothing when none is awaited. Names are not kept with a message."""
    if "accompaniment" in message.params:
        asked = UUID(message.params["accompaniment"])
        code = people.fresh_accompaniment_code(tx, asked)
        agent = select(Person.name).join(Accompaniment, Accompaniment.agent_id == Person.id)
        who = {"agent": tx.session.execute(agent.where(Accompaniment.id == asked)).scalar_one()}
    else:
        code, who = assistance.fresh_code(tx, UUID(message.params["application"])), {}
    return {"code": code} | who if code else {}


@every(3600, "messages")
def revive(tx: Tx) -> None:
    """Messages that waited long are tried again every hour for three days; then they are failed, and seen.

    Those whose delivery is still to be tried are left to it, however old: after a week without workers, what
    was owed is sent, not given up.
    """
    tried = select(Job.args["message"].astext).where(
        Job.handler == "notifications.deliver", Job.state == JobState.READY
    )
    waiting = select(Message.id, Message.queued_at).where(
        Message.state == MessageState.QUEUED,
        Message.queued_at < tx.now - STALE,
        cast(Message.id, String).not_in(tried),
    )
    found = tx.session.execute(waiting.order_by(Message.id).with_for_update(skip_locked=True)).all()
    old = [row.id for row in found if row.queued_at < tx.now - GIVE_UP]
    if old:
        _settle(tx, old, state=MessageState.FAILED, error="timeout")
    for row in found:
        if row.queued_at >= tx.now - GIVE_UP:
            enqueue(tx, row.id)


def _settle(tx: Tx, ids: list[UUID], **values: Any) -> None:
    tx.session.execute(
        update(Message).where(Message.id.in_(ids)).values(**values),
        execution_options={"synchronize_session": False},
    )
