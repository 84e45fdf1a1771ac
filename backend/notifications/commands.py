"""Owing messages, and sending a failed one again."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from uuid_utils.compat import uuid7

from ..core.events import Event, Job
from ..core.tx import Tx
from ..people.models import Person, Reach, Representative
from .cases import Case
from .lifecycle import MESSAGE
from .messages import MESSAGES, TEXTED
from .models import Channel, Message, MessageState

CHUNK = 1000
"""Rows of one INSERT: thirteen parameters each, under PostgreSQL's 65 535."""


def owe(tx: Tx, events: Sequence[Event]) -> int:
    """Write the messages that these events ask for, each once, and owe the delivery of each."""
    by_name: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        by_name[event.name].append(event)
    made = [case for name, same in by_name.items() for case in MESSAGES[name].cases(tx, same)]
    rows = list(_rows(tx, made))
    written = 0
    for start in range(0, len(rows), CHUNK):
        kept = tx.session.execute(
            insert(Message)
            .values(rows[start : start + CHUNK])
            .on_conflict_do_nothing()
            .returning(Message.id, Message.state)
        ).all()
        written += len(kept)
        for id, state in kept:
            if state is MessageState.QUEUED:
                enqueue(tx, id)
    return written


def enqueue(tx: Tx, message_id: UUID) -> None:
    """Owe a delivery."""
    tx.enqueue(Job(handler="notifications.deliver", args={"message": str(message_id)}, run_at=tx.now))


def _rows(tx: Tx, made: Sequence[Case]) -> Iterable[dict[str, Any]]:
    acting = _representatives(tx, {case.organisation_id for case in made if case.organisation_id})
    named = [(case, dict.fromkeys((*case.people, *acting.get(case.organisation_id, ())))) for case in made]
    people = _people(tx, {person for _case, whom in named for person in whom})
    for case in made:
        if case.stranger:
            channel = Channel.SMS if case.stranger.by_text else Channel.EMAIL
            yield _row(tx, case, channel, MessageState.QUEUED) | {"language": case.stranger.language}
    for case, whom in named:
        for person in (people[id] for id in whom if id in people):
            for channel, address in _reached(case, person):
                state = MessageState.QUEUED if address else MessageState.NO_ADDRESS
                to = {"recipient_id": person.id, "address": address, "language": person.language}
                yield _row(tx, case, channel, state) | to


def _row(tx: Tx, case: Case, channel: Channel, state: MessageState) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "event_id": case.event_id,
        "template": case.template,
        "recipient_id": None,
        "province_code": case.province_code,
        "channel": channel,
        "address": None,
        "params": case.params,
        "state": state,
        "queued_at": tx.now,
    }


def _reached(case: Case, person: Any) -> list[tuple[Channel, str | None]]:
    """By e-mail; by telephone what must go there; what matters, by the way that she chose, or has."""
    if case.phone is not None:
        return [(Channel.SMS, case.phone or None)]
    by_mail, by_text = (Channel.EMAIL, person.email), (Channel.SMS, person.phone)
    if case.template not in TEXTED or not person.phone:
        return [by_mail]
    if not person.email or person.reach is Reach.SMS:
        return [by_text]
    return [by_mail, by_text] if person.reach is Reach.BOTH else [by_mail]


def _representatives(tx: Tx, organisations: set[UUID]) -> dict[UUID | None, list[UUID]]:
    found: dict[UUID | None, list[UUID]] = defaultdict(list)
    if organisations:
        acting = select(Representative.organisation_id, Representative.person_id).where(
            Representative.organisation_id.in_(organisations), Representative.until.is_(None)
        )
        for organisation, person in tx.session.execute(
            acting.order_by(Representative.since, Representative.person_id)
        ):
            found[organisation].append(person)
    return found


def _people(tx: Tx, ids: set[UUID]) -> dict[UUID, Any]:
    """Those whose account was closed are not written to."""
    if not ids:
        return {}
    columns = select(Person.id, Person.email, Person.phone, Person.language, Person.reach).where(
        Person.id.in_(ids), Person.active
    )
    return {row.id: row for row in tx.session.execute(columns)}


def resend(tx: Tx, message_id: UUID) -> Message:
    """Send a failed message again, to the person's address of today, under the same Message-ID."""
    message = tx.get(Message, message_id, "message.resend")
    MESSAGE.fire(tx, message, "resend", template=message.template, error=message.error)
    if message.recipient_id:
        person = tx.session.get_one(Person, message.recipient_id)
        message.address = person.email if message.channel is Channel.EMAIL else person.phone
        message.language = person.language
    message.error = None
    message.queued_at = tx.now
    enqueue(tx, message.id)
    return message
