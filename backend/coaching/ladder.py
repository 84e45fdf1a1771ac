"""The ladder of a milestone: whom a reminder is for, and what is announced of it."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from ..core.ladders import Ladder, Sent
from ..core.tx import Tx
from ..funding.models import Convention
from ..people.models import Representative, Role, RoleGrant
from .models import Audience, Milestone, MilestoneState, Plan, Reminder


def _announce(tx: Tx, sent: Sent) -> None:
    told = recipients(tx, {milestone.id for milestone, _rung in sent})
    for milestone, rung in sent:
        tx.emit(
            "milestone.reminder",
            milestone,
            milestone=milestone.code,
            title=milestone.title,
            offset=rung.offset_days,
            audience=rung.audience.value,
            due_on=milestone.due_on.isoformat(),
            recipients=[str(person) for person in told[milestone.id][rung.audience]],
        )


def recipients(tx: Tx, milestones: set[UUID]) -> dict[UUID, dict[Audience, list[UUID]]]:
    """Who is behind each audience: representatives, the coach, the province's officers."""
    named = tx.session.execute(
        select(Milestone.id, Milestone.province_code, Plan.coach_id, Convention.organisation_id)
        .join(Plan, Plan.id == Milestone.plan_id)
        .join(Convention, Convention.id == Plan.convention_id)
        .where(Milestone.id.in_(milestones))
    ).all()
    holders = _grouped(
        tx,
        select(Representative.organisation_id, Representative.person_id)
        .where(
            Representative.organisation_id.in_({row.organisation_id for row in named}),
            Representative.until.is_(None),
        )
        .order_by(Representative.since, Representative.person_id),
    )
    officers = _grouped(
        tx,
        select(RoleGrant.province_code, RoleGrant.person_id)
        .where(
            RoleGrant.role == Role.OFFICER,
            RoleGrant.revoked_at.is_(None),
            or_(
                RoleGrant.province_code.in_({row.province_code for row in named}),
                RoleGrant.province_code.is_(None),
            ),
        )
        .order_by(RoleGrant.granted_at, RoleGrant.person_id),
    )
    return {
        row.id: {
            Audience.HOLDER: holders[row.organisation_id],
            Audience.COACH: [row.coach_id],
            Audience.OFFICER: [*officers[row.province_code], *officers[None]],
        }
        for row in named
    }


def _grouped(tx: Tx, pairs: Any) -> dict[Any, list[UUID]]:
    found: dict[Any, list[UUID]] = defaultdict(list)
    for key, person in tx.session.execute(pairs):
        found[key].append(person)
    return found


LADDER = Ladder(
    Milestone, Reminder, Reminder.milestone_id, lambda one: one.state is MilestoneState.OPEN, _announce
)
