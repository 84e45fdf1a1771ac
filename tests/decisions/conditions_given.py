"""Ready grants under conditions: put to the vote as a deviation, adopted, told by a released letter."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.applications.models import Application
from backend.core import jobs
from backend.core.actor import SYSTEM
from backend.core.calendar import local
from backend.core.tx import transaction
from backend.decisions import commands
from backend.decisions.conditions.terms import Terms
from backend.decisions.models import Decision, DecisionCondition, DecisionOutcome
from tests.decisions import given

BECAUSE = "Le local n’est pas encore équipé, le projet est bon."
ONE = {"fr": "Le bail du local est signé.", "ar": "عقد كراء المحل موقع."}
TWO = {"fr": "L’agrément sanitaire est demandé.", "ar": "طلب الترخيص الصحي مودع."}
LACKS = {"fr": "La page deux du bail manque.", "ar": "الصفحة الثانية من العقد ناقصة."}


def today() -> date:
    with transaction(SYSTEM) as tx:
        return local(tx.now).date()


def terms(days: int = 60, count: int = 2) -> Terms:
    return Terms((ONE, TWO)[:count], today() + timedelta(days=days))


def of_tifaout(world: Any) -> Decision:
    """The decision in force, or proposed, on Tifaout's dossier of the call."""
    hers = select(Application.id).where(
        Application.organisation_id == world.tifaout, Application.call_id == world.call
    )
    with transaction(SYSTEM) as tx:
        asked = select(Decision).where(Decision.application_id.in_(hers)).order_by(Decision.id.desc())
        return tx.session.scalars(asked.limit(1)).one()


def put(world: Any, amount: int = 20_000_000, days: int = 60, count: int = 2) -> Decision:
    """Tifaout's proposal put to the vote under conditions."""
    given.proposed(world, 3)
    decision = of_tifaout(world)
    change = commands.Change(DecisionOutcome.CONDITIONAL, amount, terms(days, count))
    with transaction(world.officer) as tx:
        motions = commands.deviate(tx, world.session, world.call, {decision.id: change}, BECAUSE)
        world.motion = motions[0].id
    return decision


def adopted(world: Any, days: int = 60, count: int = 2) -> Decision:
    """Adopted; its letter waits."""
    decision = put(world, days=days, count=count)
    given.voted(world, world.motion, ("chair", "evaluator", "second"))
    with transaction(world.officer) as tx:
        commands.close_vote(tx, world.motion)
    return again(decision.id)


def told(world: Any, days: int = 60, count: int = 2) -> Decision:
    """Her letter is released: her conditions wait for her."""
    decision = adopted(world, days, count)
    given.released(world)
    jobs.drain()
    return again(decision.id)


def again(decision_id: UUID) -> Decision:
    with transaction(SYSTEM) as tx:
        return tx.session.get_one(Decision, decision_id)


def rows(decision: Decision) -> list[DecisionCondition]:
    """Its conditions in order."""
    with transaction(SYSTEM) as tx:
        asked = select(DecisionCondition).where(DecisionCondition.decision_id == decision.id)
        return list(tx.session.scalars(asked.order_by(DecisionCondition.position)))
