"""Ready states: a signed convention with its waves, due, answered."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.core.actor import SYSTEM
from backend.core.calendar import add_months
from backend.core.clock import arriving
from backend.core.tx import transaction
from backend.durability import commands
from backend.durability.models import ProjectStatus, Wave
from backend.durability.schemas import AnswerIn
from tests.funding import given as funding

MONTHS = (6, 12, 24, 36, 60)


def months_ago(n: int) -> date:
    """The day so many months before today."""
    return add_months(datetime.now(UTC).date(), -n)


def signed(world: Any, signed_on: date | None = None) -> UUID:
    """Tifaout's convention, signed that day (13 months ago by default), as seen from the next day."""
    day = signed_on or months_ago(13)
    with arriving(at=datetime.combine(day, time(12), UTC) + timedelta(days=1)):
        return funding.signed(world, day)


def planned(world: Any, signed_on: date | None = None) -> list[UUID]:
    """The five waves of Tifaout's convention (signed 13 months ago by default: two are due), by age."""
    convention_id = signed(world, signed_on)
    world.convention = convention_id
    with transaction(world.officer) as tx:
        commands.plan_call(tx, world.call)
    return of(convention_id)


def of(convention_id: UUID) -> list[UUID]:
    """The waves of a convention, by age."""
    with transaction(SYSTEM) as tx:
        return list(
            tx.session.scalars(
                select(Wave.id).where(Wave.convention_id == convention_id).order_by(Wave.months)
            )
        )


def answered(
    world: Any, wave_id: UUID, status: ProjectStatus = ProjectStatus.ACTIVE, by: str = "coach", **figures: Any
) -> Wave:
    """The wave, answered (again, if it was)."""
    with transaction(world.people[by]) as tx:
        return commands.answer(tx, wave_id, AnswerIn(status=status, **figures))


def wave(wave_id: UUID) -> Wave:
    """As it stands now."""
    with transaction(SYSTEM) as tx:
        return tx.session.scalars(select(Wave).where(Wave.id == wave_id)).one()
