"""What the trail says of decisions, and must go on saying (see `core.facts`)."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from ..applications.models import Application
from ..committees.models import Minutes
from ..core.commitments import digest
from ..core.facts import Fact, fact
from ..files.models import StoredFile
from .models import Decision
from .standing import FINAL


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


def _minutes() -> Select[Any]:
    files = {lang: aliased(StoredFile) for lang in ("fr", "ar")}
    asked = select(
        Minutes.id.label("subject_id"),
        Minutes.number.label("named"),
        Minutes.number,
        Minutes.version,
        Minutes.record,
        Minutes.issued_at,
        files["fr"].sha256.label("fr"),
        files["ar"].sha256.label("ar"),
    )
    asked = asked.join(files["fr"], files["fr"].id == Minutes.file_fr_id)
    return asked.join(files["ar"], files["ar"].id == Minutes.file_ar_id)


def _minuted(row: Any) -> dict[str, Any]:
    said = {"number": row.number, "version": row.version, "sha256": digest(row.record)}
    return said | {"fr": row.fr, "ar": row.ar}


def minutes_record(minutes: Any) -> dict[str, Any]:
    """What minutes say, for those who may read them."""
    return dict(minutes.record)


fact(
    Fact(
        "minutes",
        ("minutes.issued",),
        rows=_minutes,
        says=_minuted,
        at="issued_at",
        record=minutes_record,
        proves=("number", "version", "sha256", "fr", "ar"),
    )
)
