"""Committees: actions agreed and their reminders, questions put and answered, mandates that end."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from ...committees.models import AgreedAction, Committee, Consultation, Contribution, Seat
from ...core.calendar import local
from ...core.events import Event
from ...core.tx import Tx
from ...people.models import Person
from .case import Case, Cases, rows_of


def _actions() -> Any:
    return (
        select(AgreedAction.text, AgreedAction.due_on, AgreedAction.owner_id)
        .add_columns(Committee.name.label("committee"), Person.name.label("owner"))
        .join(Committee, Committee.id == AgreedAction.committee_id)
        .join(Person, Person.id == AgreedAction.owner_id)
    )


def action(tx: Tx, events: Sequence[Event]) -> Cases:
    """Agreed: its owner is told."""
    rows = rows_of(tx, _actions(), AgreedAction.id, events)
    for event in events:
        row = rows[event.subject_id]
        params = _about(row, event) | {"due_on": row.due_on.isoformat()}
        yield Case(event.id, event.name, params, event.province_code, people=(row.owner_id,))


def action_reminder(tx: Tx, events: Sequence[Event]) -> Cases:
    """Before, on or after the day: true even when it is sent late."""
    rows = rows_of(tx, _actions(), AgreedAction.id, events)
    for event in events:
        row, said = rows[event.subject_id], event.data
        days = (date.fromisoformat(said["due_on"]) - local(event.at).date()).days
        when = "before" if days > 0 else "after" if days < 0 else "on"
        params = _about(row, event) | {"due_on": said["due_on"], "n_days": abs(days)}
        people = tuple(UUID(person) for person in said["recipients"])
        template = f"action.reminder.{said['audience']}.{when}"
        yield Case(event.id, template, params, event.province_code, people=people)


def _about(row: Any, event: Event) -> dict[str, Any]:
    return {
        "text": row.text,
        "committee": row.committee,
        "owner": row.owner,
        "link_path": f"/actions/{event.subject_id}",
    }


def consultation(tx: Tx, events: Sequence[Event]) -> Cases:
    """Published: the committee's members of that day are asked. Concluded: who answered is told."""
    asked = select(Consultation.question, Consultation.closes_at, Consultation.committee_id).add_columns(
        Committee.name.label("committee")
    )
    rows = rows_of(
        tx, asked.join(Committee, Committee.id == Consultation.committee_id), Consultation.id, events
    )
    for event in events:
        row = rows[event.subject_id]
        params = {
            "question": row.question,
            "committee": row.committee,
            "closes_at": row.closes_at.isoformat(),
            "link_path": f"/consultations/{event.subject_id}",
        }
        people = _members(tx, row, event) if event.name == "consultation.published" else _answered(tx, event)
        yield Case(event.id, event.name, params, event.province_code, people=people)


def _members(tx: Tx, row: Any, event: Event) -> tuple[UUID, ...]:
    day = local(event.at).date()
    sitting = select(Seat.person_id).where(
        Seat.committee_id == row.committee_id,
        Seat.from_on <= day,
        or_(Seat.until_on.is_(None), Seat.until_on >= day),
    )
    return tuple(tx.session.scalars(sitting.order_by(Seat.position)))


def _answered(tx: Tx, event: Event) -> tuple[UUID, ...]:
    gave = select(Contribution.person_id).where(Contribution.consultation_id == event.subject_id)
    return tuple(tx.session.scalars(gave.order_by(Contribution.id)))


def mandate(_tx: Tx, events: Sequence[Event]) -> Cases:
    """A mandate ends soon: the officers are told in time to have it renewed."""
    for event in events:
        said = event.data
        params = {
            "member": said["member"],
            "committee": said["committee"],
            "until_on": said["until_on"],
            "link_path": f"/committees/{event.subject_id}",
        }
        people = tuple(UUID(person) for person in said["recipients"])
        yield Case(event.id, event.name, params, event.province_code, people=people)
