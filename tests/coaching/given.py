"""Ready states: a signed convention with its plan, and its milestones by date."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.coaching import commands
from backend.coaching.models import Milestone, Reminder, ReminderState
from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from tests.funding import given as funding


def planned(world: Any, signed_on: date | None = None) -> UUID:
    """The plan of Tifaout's convention, with `world.coach`; returns its id."""
    convention_id = funding.signed(world, signed_on)
    world.convention = convention_id
    with transaction(world.officer) as tx:
        return commands.plan(tx, convention_id, world.coach.id).id


def milestones(plan_id: UUID) -> list[UUID]:
    """Its milestones, the first due first."""
    with transaction(SYSTEM) as tx:
        return list(
            tx.session.scalars(
                select(Milestone.id).where(Milestone.plan_id == plan_id).order_by(Milestone.due_on)
            )
        )


def milestone(milestone_id: UUID) -> Milestone:
    """As it stands now."""
    with transaction(SYSTEM) as tx:
        return tx.session.scalars(select(Milestone).where(Milestone.id == milestone_id)).one()


def rungs(milestone_id: UUID, state: ReminderState | None = None) -> list[tuple[int, str]]:
    """(offset, audience) of its reminders, in one state or all."""
    found = select(Reminder).where(Reminder.milestone_id == milestone_id)
    if state:
        found = found.where(Reminder.state == state)
    with transaction(SYSTEM) as tx:
        rows = tx.session.scalars(found.order_by(Reminder.offset_days, Reminder.audience))
        return [(row.offset_days, row.audience.value) for row in rows]
