"""Funded projects: conventions, tranches, milestones, waves."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from ...applications.models import (
    Application,
)
from ...coaching.models import Milestone, Plan
from ...core.calendar import local
from ...core.events import Event
from ...core.tx import Tx
from ...durability.models import Wave
from ...funding.models import Convention, Tranche
from ...people.models import Organisation
from .case import Case, Cases, rows_of


def _conventions() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Convention.id.label("convention_id"), Convention.number, Convention.amount_centimes,
            Convention.own_centimes, Convention.signed_on, Convention.organisation_id, Organisation.name,
            Application.title,
        )
        .join(Organisation, Organisation.id == Convention.organisation_id)
        .join(Application, Application.id == Convention.application_id)
    )  # fmt: skip


def _about(row: Any) -> dict[str, Any]:
    return {
        "number": row.number,
        "title": row.title,
        "organisation": row.name,
        "amount_centimes": row.amount_centimes,
        "own_centimes": row.own_centimes,
        "link_path": f"/conventions/{row.convention_id}",
    }


def convention(tx: Tx, events: Sequence[Event]) -> Cases:
    """Prepared, signed, cancelled."""
    rows = rows_of(tx, _conventions(), Convention.id, events)
    for event in events:
        row = rows[event.subject_id]
        params = _about(row)
        if event.name == "convention.signed":
            params["signed_on"] = event.data["signed_on"]
        if event.name == "convention.cancelled":
            params["reason"] = event.data["reason"]
        yield Case(event.id, event.name, params, event.province_code, row.organisation_id)


def tranche(tx: Tx, events: Sequence[Event]) -> Cases:
    """A part of the grant was released."""
    asked = _conventions().join(Tranche, Tranche.convention_id == Convention.id)
    asked = asked.add_columns(Tranche.number.label("tranche"), Tranche.amount_centimes.label("part"))
    rows = rows_of(tx, asked, Tranche.id, events)
    for event in events:
        row = rows[event.subject_id]
        params = _about(row) | {"tranche": row.tranche, "part_centimes": row.part}
        yield Case(event.id, event.name, params, event.province_code, row.organisation_id)


def _milestones() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Milestone.title, Milestone.due_on, Plan.coach_id, Convention.organisation_id, Organisation.name,
            Application.title.label("project"),
        )
        .join(Plan, Plan.id == Milestone.plan_id)
        .join(Convention, Convention.id == Plan.convention_id)
        .join(Organisation, Organisation.id == Convention.organisation_id)
        .join(Application, Application.id == Convention.application_id)
    )  # fmt: skip


def milestone(tx: Tx, events: Sequence[Event]) -> Cases:
    """Reported: the coach must look. Sent back: the holder must take it up again."""
    rows = rows_of(tx, _milestones(), Milestone.id, events)
    for event in events:
        row = rows[event.subject_id]
        params = {
            "milestone": row.title,
            "organisation": row.name,
            "project": row.project,
            "due_on": row.due_on.isoformat(),
            "link_path": f"/milestones/{event.subject_id}",
        }
        if event.name == "milestone.reported":
            yield Case(event.id, event.name, params, event.province_code, people=(row.coach_id,))
        else:
            params["reason"] = event.data["reason"]
            yield Case(event.id, event.name, params, event.province_code, row.organisation_id)


def reminder(tx: Tx, events: Sequence[Event]) -> Cases:
    """Before, on or after the day; the holder is told to act, the others to see that she does."""
    rows = rows_of(tx, _milestones(), Milestone.id, events)
    for event in events:
        row, said = rows[event.subject_id], event.data
        days = (date.fromisoformat(said["due_on"]) - local(event.at).date()).days
        when = "before" if days > 0 else "after" if days < 0 else "on"  # true even when sent late
        reader = "holder" if said["audience"] == "holder" else "staff"
        params = {
            "milestone": said["title"],
            "organisation": row.name,
            "project": row.project,
            "due_on": said["due_on"],
            "n_days": abs(days),
            "link_path": f"/milestones/{event.subject_id}",
        }
        people = tuple(UUID(person) for person in said["recipients"])
        yield Case(
            event.id, f"milestone.reminder.{reader}.{when}", params, event.province_code, people=people
        )


def wave(tx: Tx, events: Sequence[Event]) -> Cases:
    """A follow-up is due: the holder and her coach are asked how the project fares."""
    asked = (
        _conventions()
        .join(Wave, Wave.convention_id == Convention.id)
        .outerjoin(Plan, Plan.convention_id == Convention.id)
        .add_columns(Wave.months, Wave.due_on, Plan.coach_id)
    )
    rows = rows_of(tx, asked, Wave.id, events)
    for event in events:
        row = rows[event.subject_id]
        params = {
            "organisation": row.name,
            "title": row.title,
            "n_months": row.months,
            "due_on": row.due_on.isoformat(),
            "link_path": f"/waves/{event.subject_id}",
        }
        people = (row.coach_id,) if row.coach_id else ()
        yield Case(event.id, event.name, params, event.province_code, row.organisation_id, people)
