"""The ladder of a grant's conditions: its holder is reminded before and on the last day, officers after.

After the last day a grant of which something is still owed has lapsed: what is left waits for the officers.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select, update

from ...committees.dialogue.ladder import officers_of
from ...core.ladders import Ladder, ReminderState, Sent, due_at
from ...core.tx import Tx
from ..models import ConditionAudience, ConditionReminder, ConditionState, Decision, DecisionCondition
from .lifecycle import OWED, is_pending, until

HOLDER, OFFICER = ConditionAudience.HOLDER, ConditionAudience.OFFICER
RUNGS = ((-30, HOLDER), (-14, HOLDER), (-3, HOLDER), (0, HOLDER), (1, OFFICER), (8, OFFICER))
"""Days from the last day, and to whom."""


def rungs(decision: Decision, today: date) -> Iterable[ConditionReminder]:
    """The ladder of a grant; rungs before today are not planned."""
    last = until(decision)
    for days, audience in RUNGS:
        if due_at(last, days).date() >= today:
            yield ConditionReminder(
                decision_id=decision.id,
                province_code=decision.province_code,
                offset_days=days,
                audience=audience,
                due_at=due_at(last, days),
            )


def _announce(tx: Tx, sent: Sent) -> None:
    """A holder who has answered everything is not reminded: her rung is not needed."""
    states = (
        select(
            DecisionCondition.decision_id,
            func.count().filter(DecisionCondition.state.in_(OWED)).label("owed"),
            func.count().filter(DecisionCondition.state == ConditionState.ANSWERED).label("answered"),
        )
        .where(DecisionCondition.decision_id.in_({one.id for one, _ in sent}))
        .group_by(DecisionCondition.decision_id)
    )
    found = {key: (owed, answered) for key, owed, answered in tx.session.execute(states)}
    officers = officers_of(tx, {one.province_code for one, _ in sent})
    idle = []
    for decision, rung in sent:
        owed, answered = found.get(decision.id, (0, 0))
        holder = rung.audience is HOLDER
        if holder and not owed:
            idle.append(rung.id)
            continue
        tx.emit(
            "decision.conditions_reminder",
            decision,
            audience=rung.audience.value,
            offset=rung.offset_days,
            due_on=until(decision).isoformat(),
            count=owed if holder else answered,
            recipients=[] if holder else [str(one) for one in officers[decision.province_code]],
        )
    if idle:
        tx.session.execute(
            update(ConditionReminder)
            .where(ConditionReminder.id.in_(idle))
            .values(state=ReminderState.NOT_NEEDED),
            execution_options={"synchronize_session": False},
        )


LADDER = Ladder(Decision, ConditionReminder, ConditionReminder.decision_id, is_pending, _announce)
