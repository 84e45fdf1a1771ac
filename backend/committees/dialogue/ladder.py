"""The ladder of an agreed action: its owner is reminded before, on and after its day; the officers after."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from backend.core.ladders import Ladder, Sent, due_at
from backend.core.tx import Tx
from backend.people.models import Role, RoleGrant

from ..models import ActionAudience, ActionReminder, ActionState, AgreedAction

RUNGS = (
    (-7, ActionAudience.OWNER),
    (0, ActionAudience.OWNER),
    (3, ActionAudience.OWNER),
    (10, ActionAudience.OWNER),
    (3, ActionAudience.OFFICER),
    (10, ActionAudience.OFFICER),
)
"""Days from the due day, and to whom."""


def rungs(action_id: UUID, province: str, due_on: date, today: date) -> Iterable[ActionReminder]:
    """The ladder of a new action; rungs before today are not planned."""
    for days, audience in RUNGS:
        if due_at(due_on, days).date() >= today:
            yield ActionReminder(
                action_id=action_id,
                province_code=province,
                offset_days=days,
                audience=audience,
                due_at=due_at(due_on, days),
            )


def officers_of(tx: Tx, provinces: set[str]) -> dict[str, list[UUID]]:
    """The officers of each province, national ones in all."""
    found: dict[str | None, list[UUID]] = defaultdict(list)
    asked = (
        select(RoleGrant.province_code, RoleGrant.person_id)
        .where(
            RoleGrant.role == Role.OFFICER,
            RoleGrant.revoked_at.is_(None),
            or_(RoleGrant.province_code.in_(provinces), RoleGrant.province_code.is_(None)),
        )
        .order_by(RoleGrant.granted_at, RoleGrant.person_id)
    )
    for place, person in tx.session.execute(asked):
        found[place].append(person)
    return {one: [*found[one], *found[None]] for one in provinces}


def _announce(tx: Tx, sent: Sent) -> None:
    officers = officers_of(tx, {action.province_code for action, _ in sent})
    for action, rung in sent:
        told = [action.owner_id] if rung.audience is ActionAudience.OWNER else officers[action.province_code]
        tx.emit(
            "action.reminder",
            action,
            text=action.text,
            offset=rung.offset_days,
            audience=rung.audience.value,
            due_on=action.due_on.isoformat(),
            recipients=[str(person) for person in told],
        )


LADDER = Ladder(
    AgreedAction,
    ActionReminder,
    ActionReminder.action_id,
    lambda one: one.state is ActionState.OPEN,
    _announce,
)
