"""What pages say of the conditions of a grant: how many are met, what its holder has to answer."""

from collections.abc import Iterable

from sqlalchemy import func, select

from ...applications.models import Application
from ...core.i18n import codes
from ...core.tx import Tx
from ...people.policy import represents
from ...web.links import Related, related
from ...web.next_steps import AT_MOST, Step, awaits
from ..models import ConditionState, Decision, DecisionCondition
from .lifecycle import OWED, end_known, last_day, pending

STANDS = ("conditions.owed", "conditions.answered", "conditions.met")
"""How the link says they stand: the holder has to answer, the officer has to confirm, all are met."""


@codes
def link_codes() -> Iterable[str]:
    yield from STANDS


@related("application", "link.application.conditions", order=15)
def conditions(tx: Tx, application: Application) -> Related | None:
    """The conditions of its grant, for whoever may see them."""
    asked = (
        select(DecisionCondition.state, Decision)
        .join(Decision, Decision.id == DecisionCondition.decision_id)
        .where(DecisionCondition.application_id == application.id)
        .order_by(DecisionCondition.decision_id.desc(), DecisionCondition.position)
    )
    found = tx.session.execute(tx.visible(asked, "condition.read")).all()
    if not found:
        return None
    decision = found[0][1]
    states = {state for state, grant in found if grant.id == decision.id}
    path = f"/applications/{application.id}/conditions"
    if decision.conditions_met_at:
        return Related(path, "conditions.met", kind="ok")
    if end_known(tx, decision):
        return Related(path, f"state.decision.{decision.state}", kind="no")
    return Related(path, "conditions.owed" if states & set(OWED) else "conditions.answered", kind="waiting")


@awaits("next.condition", dated=True)
def conditions_to_answer(tx: Tx) -> Iterable[Step]:
    """The grants of which she still has conditions to answer, the nearest date first."""
    owed = (
        select(DecisionCondition.decision_id, func.count().label("owed"))
        .where(DecisionCondition.state.in_((ConditionState.AWAITED, ConditionState.LACKING)))
        .group_by(DecisionCondition.decision_id)
        .subquery()
    )
    asked = (
        select(Application.id, Application.title, last_day())
        .select_from(Decision)
        .join(owed, owed.c.decision_id == Decision.id)
        .join(Application, Application.id == Decision.application_id)
        .where(pending(), represents(tx.actor, Application.organisation_id))
        .order_by(last_day(), Decision.id)
        .limit(AT_MOST)
    )
    for key, project, due in tx.session.execute(asked):
        yield Step(f"/applications/{key}/conditions", project, due=due)
