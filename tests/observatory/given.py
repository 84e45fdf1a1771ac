"""Ready states: projects funded in two provinces, some paid, some followed."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from backend.coaching import commands as coaching
from backend.core.actor import SYSTEM
from backend.core.clock import arriving
from backend.core.tx import Tx, transaction
from backend.decisions.models import Decision
from backend.durability import commands as durability
from backend.durability.models import ProjectStatus
from backend.funding import commands as funding
from backend.funding.models import Convention, Tranche
from tests.durability import given as waves
from tests.funding import given as conventions

THERE_COMMUNE = "09.541"


def followed(world: Any, count: int = 1) -> list[UUID]:
    """Conventions signed thirteen months ago with a first tranche paid and a plan; their waves by `waves.of`.

    The first is Tifaout's, the second the rival's.
    """
    signed_on = waves.months_ago(13)
    made: list[UUID] = []
    with arriving(at=datetime.combine(signed_on, datetime.min.time(), UTC) + timedelta(days=1, hours=12)):
        for application_id in conventions.funded(world, count):
            with transaction(world.officer) as tx:
                convention = funding.prepare(tx, application_id)
                funding.sign(tx, convention.id, signed_on)
                funding.prove_own(tx, convention.id, "Relevé bancaire")
                made.append(convention.id)
            with transaction(world.officer) as tx:
                first = tx.session.scalars(
                    select(Tranche.id).where(Tranche.convention_id == convention.id).order_by(Tranche.number)
                ).first()
                funding.release(tx, first, "Ordre de virement")
                coaching.plan(tx, convention.id, world.coach.id)
        with transaction(world.officer) as tx:
            durability.plan_call(tx, world.call)
    return made


def answered(world: Any, convention_id: UUID, status: ProjectStatus, months: int = 6, **told: Any) -> UUID:
    """The project's wave at that age, answered."""
    wave_id = waves.of(convention_id)[waves.MONTHS.index(months)]
    waves.answered(world, wave_id, status, **told)
    return wave_id


def elsewhere(tx: Tx, convention_id: UUID, province: str) -> None:
    """Move a project's decision to another province (the figures follow decisions)."""
    decision = select(Convention.decision_id).where(Convention.id == convention_id).scalar_subquery()
    tx.session.execute(update(Decision).where(Decision.id == decision).values(province_code=province))


def moved(convention_id: UUID, province: str) -> None:
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        elsewhere(tx, convention_id, province)
