"""Conditions of grants: what waits for the officers, what comes back to the holder, the date that nears."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import aliased

from ...applications.models import Application
from ...core.calendar import local
from ...core.events import Event
from ...core.tx import Tx
from ...decisions.models import Decision, DecisionCondition
from ...decisions.told import told
from ...people.models import Role, RoleGrant
from .case import Case, Cases, rows_of


def _conditions() -> Any:
    return (
        select(
            DecisionCondition.position, DecisionCondition.lacks, DecisionCondition.province_code,
            Decision.conditions, Application.id.label("application_id"), Application.number,
            Application.title, Application.organisation_id,
        )
        .join(Decision, Decision.id == DecisionCondition.decision_id)
        .join(Application, Application.id == DecisionCondition.application_id)
    )  # fmt: skip


def _about(row: Any) -> dict[str, Any]:
    return {
        "number": row.number,
        "title": row.title,
        "link_path": f"/applications/{row.application_id}/conditions",
    }


def condition(tx: Tx, events: Sequence[Event]) -> Cases:
    """Something lacks: the holder reads what, with the words of the condition."""
    rows = rows_of(tx, _conditions(), DecisionCondition.id, events)
    for event in events:
        row = rows[event.subject_id]
        params = _about(row) | {
            "condition": row.conditions[row.position - 1],
            "lacks": event.data["reason"],
        }
        yield Case(event.id, event.name, params, event.province_code, row.organisation_id)


def condition_answered(tx: Tx, events: Sequence[Event]) -> Cases:
    """The officers of the province: an answer waits to be confirmed."""
    rows = rows_of(tx, _conditions(), DecisionCondition.id, events)
    for event in events:
        row = rows[event.subject_id]
        params = _about(row) | {"condition": row.conditions[row.position - 1]}
        here = or_(RoleGrant.province_code == row.province_code, RoleGrant.province_code.is_(None))
        officers = select(RoleGrant.person_id).where(
            RoleGrant.role == Role.OFFICER, RoleGrant.revoked_at.is_(None), here
        )
        people = tuple(tx.session.scalars(officers.distinct()))
        yield Case(event.id, "condition.to_confirm", params, event.province_code, people=people)


def _grants() -> Any:
    """The amount is the one that its holder was told: one that an appeal raised waits for its letter."""
    before = aliased(Decision)
    earlier = select(before.amount_centimes).where(before.id == Decision.follows_id).scalar_subquery()
    known = case((told(), Decision.amount_centimes), else_=func.coalesce(earlier, Decision.amount_centimes))
    return select(
        Application.id.label("application_id"), Application.number, Application.title,
        Application.organisation_id, known.label("amount_centimes"),
    ).join(Application, Application.id == Decision.application_id)  # fmt: skip


def conditions(tx: Tx, events: Sequence[Event]) -> Cases:
    """All are met, or their date was put off: the holder is told."""
    rows = rows_of(tx, _grants(), Decision.id, events)
    for event in events:
        row = rows[event.subject_id]
        params = _about(row) | {"amount_centimes": row.amount_centimes}
        if event.name == "decision.conditions_extended":
            params |= {"due_on": event.data["due_on"], "reason": event.data["reason"]}
        yield Case(event.id, event.name, params, event.province_code, row.organisation_id)


def conditions_reminder(tx: Tx, events: Sequence[Event]) -> Cases:
    """Before and on the last day, to the holder; after it, to the officers for whom an answer waits."""
    rows = rows_of(tx, _grants(), Decision.id, events)
    for event in events:
        row, said = rows[event.subject_id], event.data
        days = (date.fromisoformat(said["due_on"]) - local(event.at).date()).days
        params = _about(row) | {"due_on": said["due_on"], "n_days": abs(days)}
        if said["audience"] == "officer":
            people = tuple(UUID(one) for one in said["recipients"])
            template = "condition.reminder.officer"
            yield Case(event.id, template, params, event.province_code, people=people)
        else:
            when = "before" if days > 0 else "on"
            yield Case(
                event.id, f"condition.reminder.{when}", params, event.province_code, row.organisation_id
            )
