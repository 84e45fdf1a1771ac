"""The life of a condition: awaited, answered, found lacking or met. And the day until which it may be."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, exists, func, select

from ...core.calendar import local
from ...core.errors import Problem, problem
from ...core.events import declare
from ...core.i18n import codes
from ...core.machine import Machine, T
from ...core.tx import Tx
from ..models import (
    ConditionState,
    Decision,
    DecisionCondition,
    DecisionOutcome,
    DecisionState,
)
from ..told import lapse_told
from . import policy  # noqa: F401 (rules declare themselves)

NOT_PENDING = problem("conditions_settled", 409)
CONDITION_LATE = problem("condition_late", 409)
EXTENDED = problem("conditions_extended", 409)

declare(
    "condition.document_added",
    "decision.conditions_begun",
    "decision.conditions_met",
    "decision.conditions_extended",
    "decision.conditions_reminder",
)
AWAITED, ANSWERED = ConditionState.AWAITED, ConditionState.ANSWERED
LACKING, MET = ConditionState.LACKING, ConditionState.MET
OWED = (AWAITED, LACKING)
"""The holder has to do something."""
UNMET = (AWAITED, ANSWERED, LACKING)


def until(decision: Decision) -> date:
    """The last day, that day included in Casablanca: the committee's, or the one to which it was put off."""
    day = decision.conditions_until or decision.conditions_due_on
    assert day
    return day


def pending() -> ColumnElement[bool]:
    """A standing grant whose conditions are not met yet."""
    return (
        (Decision.state == DecisionState.ADOPTED)
        & (Decision.outcome == DecisionOutcome.CONDITIONAL)
        & Decision.conditions_met_at.is_(None)
    )


def last_day() -> ColumnElement[date]:
    """`until`, in SQL."""
    return func.coalesce(Decision.conditions_until, Decision.conditions_due_on)


def owed() -> ColumnElement[bool]:
    """The holder still has to answer one of its conditions."""
    mine = select(DecisionCondition.id).where(
        DecisionCondition.decision_id == Decision.id, DecisionCondition.state.in_(OWED)
    )
    return exists(mine)


def is_pending(decision: Decision) -> bool:
    """The same of one decision."""
    adopted = decision.state is DecisionState.ADOPTED and decision.outcome is DecisionOutcome.CONDITIONAL
    return adopted and decision.conditions_met_at is None


def end_known(tx: Tx, decision: Decision) -> bool:
    """It stands no more and its holder knows: she gave it up, or the letter that says so was released."""
    if decision.state is not DecisionState.LAPSED:
        return False
    if decision.ended_because == "renounced":
        return True
    return bool(tx.session.scalar(select(lapse_told()).where(Decision.id == decision.id)))


def _of(tx: Tx, condition: DecisionCondition) -> Decision:
    return tx.session.get_one(Decision, condition.decision_id)


def _stands(tx: Tx, condition: DecisionCondition) -> Problem | None:
    return None if is_pending(_of(tx, condition)) else NOT_PENDING()


def _in_time(tx: Tx, condition: DecisionCondition) -> Problem | None:
    last = until(_of(tx, condition))
    return CONDITION_LATE(until=last.isoformat()) if local(tx.now).date() > last else None


CONDITIONS = Machine(
    DecisionCondition.state,
    # verb     from                        to       event                 may                requires
    T("answer", UNMET, ANSWERED, "condition.answered", "condition.answer", (_in_time, _stands)),
    T("return", {ANSWERED}, LACKING, "condition.lacking", "condition.settle", (_stands,)),
    T("confirm", UNMET, MET, "condition.met", "condition.settle", (_stands,)),
)


@codes
def words() -> Iterable[str]:
    yield from (f"state.decision_condition.{state}" for state in ConditionState)
    yield from (f"verb.decision_condition.{verb}" for verb in CONDITIONS.transitions)
    yield from (f"event.condition.{name}" for name in ("answered", "lacking", "met", "document_added"))
    told = ("begun", "met", "extended", "reminder")
    yield from (f"event.decision.conditions_{name}" for name in told)
