"""JSON edge of grants under conditions: read, answered, confirmed or sent back, their day put off once."""

from uuid import UUID

from fastapi import APIRouter

from ..core.tx import Tx, transaction
from ..web.deps import CurrentActor, Cursor, Limit
from .conditions import following, reading
from .conditions.schemas import (
    AnswerIn,
    ConditionList,
    ConditionOut,
    ConditionPage,
    ConfirmationIn,
    ExtensionIn,
    ExtensionOut,
    LackIn,
)
from .models import ConditionState, Decision, DecisionCondition

router = APIRouter()


@router.get("/conditions")
def list_conditions(
    actor: CurrentActor, *, state: ConditionState | None = None, cursor: Cursor = None, limit: Limit = 50
) -> ConditionPage:
    """Conditions of grants that you may see: a holder hers, an officer those of her province."""
    with transaction(actor) as tx:
        page = reading.listed(tx, state, cursor, limit)
        return ConditionPage(items=[ConditionOut.model_validate(one) for one in page.items], next=page.next)


@router.get("/decisions/{decision_id}/conditions")
def read_conditions(decision_id: UUID, actor: CurrentActor) -> ConditionList:
    """The conditions of a decision in its order; none before its letter is released."""
    with transaction(actor) as tx:
        tx.get(Decision, decision_id, "decision.read")
        rows = reading.of_decision(tx, decision_id)
        return ConditionList(items=[ConditionOut.model_validate(one) for one in rows])


@router.post("/decisions/{decision_id}/extend")
def extend_conditions(decision_id: UUID, body: ExtensionIn, actor: CurrentActor) -> ExtensionOut:
    """Put the last day off, once (409 `conditions_extended` the second time)."""
    with transaction(actor) as tx:
        done = following.extend(tx, decision_id, body.due_on, body.reason.model_dump())
        return ExtensionOut.model_validate(done)


@router.post("/conditions/{condition_id}/answer")
def answer_condition(condition_id: UUID, body: AnswerIn, actor: CurrentActor) -> ConditionOut:
    """Say how it is met, again as often as wanted until it is confirmed; 409 `condition_late` afterwards."""
    with transaction(actor) as tx:
        return _out(tx, following.answer(tx, condition_id, body.words))


@router.post("/conditions/{condition_id}/confirm")
def confirm_condition(condition_id: UUID, body: ConfirmationIn, actor: CurrentActor) -> ConditionOut:
    """It is met; with the last one the grant's convention may be prepared."""
    with transaction(actor) as tx:
        return _out(tx, following.confirm(tx, condition_id, body.seen))


@router.post("/conditions/{condition_id}/return")
def send_condition_back(condition_id: UUID, body: LackIn, actor: CurrentActor) -> ConditionOut:
    """Something lacks: what."""
    with transaction(actor) as tx:
        return _out(tx, following.send_back(tx, condition_id, body.lacks.model_dump()))


def _out(tx: Tx, condition: DecisionCondition) -> ConditionOut:
    tx.session.flush()
    return ConditionOut.model_validate(condition)
