"""What the trail says of deposits, and must go on saying (see `core.facts`)."""

from typing import Any

from sqlalchemy import select

from ..core.facts import Fact, fact
from .models import Application, Submission
from .receipts import sha256


def _rows() -> Any:
    return select(
        Submission.application_id.label("subject_id"),
        (Application.number + " / " + Submission.receipt_code).label("named"),
        Submission.number,
        Submission.receipt_code,
        Submission.submitted_at,
        Submission.content,
        Submission.snapshot,
    ).join(Application, Application.id == Submission.application_id)


def _says(row: Any) -> dict[str, Any]:
    return {
        "receipt": row.receipt_code,
        "counts_at": row.submitted_at,
        "sha256": sha256({"content": row.content, **row.snapshot}),
    }


fact(
    Fact(
        "receipt",
        ("application.submitted", "application.completed", "application.resubmitted"),
        rows=_rows,
        says=_says,
        match={"number": "number"},
        proves=("receipt", "sha256", "number", "counts_at"),
    )
)
