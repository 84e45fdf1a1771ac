"""What the trail says of decisions, and must go on saying (see `core.facts`)."""

from typing import Any

from sqlalchemy import Select, select

from ..applications.models import Application
from ..core.commitments import digest
from ..core.facts import Fact, fact
from .models import Decision, DecisionState

FINAL = (DecisionState.ADOPTED, DecisionState.REPLACED, DecisionState.LAPSED)
"""States of a decision that was adopted, whatever became of it."""


def record(decision: Any) -> dict[str, Any]:
    """What a decision says, as plain JSON: what is adopted with it and does not change after.

    Not what becomes of it (its state, conditions met), nor who was recused, which is the committee's affair.
    """
    due = decision.conditions_due_on
    return {
        "decision": str(decision.id),
        "application": str(decision.application_id),
        "call": str(decision.call_id),
        "session": str(decision.session_id),
        "outcome": decision.outcome.value,
        "amount_centimes": decision.amount_centimes,
        "rank": decision.rank,
        "score_hundredths": decision.score_hundredths,
        "reasons": decision.reasons,
        "conditions": decision.conditions or [],
        "conditions_due_on": due.isoformat() if due else None,
        "waiting_order": decision.waiting_order,
    }


def _rows() -> Select[Any]:
    columns = (
        Decision.id, Decision.application_id, Decision.call_id, Decision.session_id, Decision.outcome,
        Decision.amount_centimes, Decision.rank, Decision.score_hundredths, Decision.reasons,
        Decision.conditions, Decision.conditions_due_on, Decision.waiting_order, Decision.decided_at,
    )  # fmt: skip
    asked = select(Decision.id.label("subject_id"), Application.number.label("named"), *columns)
    asked = asked.join(Application, Application.id == Decision.application_id)
    return asked.where(Decision.state.in_(FINAL))


def _says(row: Any) -> dict[str, Any]:
    return {
        "outcome": row.outcome.value,
        "amount_centimes": row.amount_centimes,
        "application": str(row.application_id),
        "sha256": digest(record(row)),
    }


def _states(decision: Decision) -> dict[str, Any]:
    return {"application": str(decision.application_id), "sha256": digest(record(decision))}


fact(
    Fact(
        "decision",
        ("decision.adopted",),
        rows=_rows,
        says=_says,
        at="decided_at",
        states=_states,
        record=record,
        proves=("application", "outcome", "amount_centimes"),
        also=("sha256",),
    )
)
