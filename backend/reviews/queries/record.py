"""The file that proves a ranking: all that its order depends on, evaluators under pseudonyms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from uuid import UUID

from sqlalchemy import select

from ...applications.models import Application, ApplicationState
from ...calls.models import Call
from ...calls.queries import definition
from ...core.config import settings
from ...core.errors import problem
from ...core.tx import Tx
from ..models import Assignment, AssignmentState, CallReview, Standing
from ..panel.record import Document, GridRules, Review, compose, pseudonyms

REPORT_STALE = problem("report_stale", 409)
NOTHING_RANKED = problem("nothing_ranked", 409)


@dataclass(frozen=True)
class Current:
    """How a call is ranked today: its draw, and whether by corrected scores or why not."""

    call: Call
    seed: str
    refused: str | None
    corrected: Mapping[str, int] | None
    """Hundredths by dossier's number, when it is ranked by them."""


def record(tx: Tx, call_id: UUID) -> Document:
    """The ranking as a file, for whom nothing of it is hidden."""
    call = tx.get(Call, call_id, "ranking.record")
    tx.allowed = False  # read only: the rule locks the call, and allows no write
    return document(tx, current(tx, call.id))


def current(tx: Tx, call_id: UUID, told: Mapping[str, Any] | None = None) -> Current:
    """How the call is ranked; `told` is a report that is being kept.

    409 when nothing is signed, or when a call ranked by corrected scores has marks that its report does not
    know: the next one is a minute away.
    """
    call = tx.session.get_one(Call, call_id)
    kept = tx.session.scalars(select(CallReview).where(CallReview.call_id == call_id)).one_or_none()
    if kept is None:
        raise NOTHING_RANKED()
    if definition(call).grid.ranking == "raw":
        return Current(call, kept.seed, None, None)
    if told is None:
        if kept.report is None or "all" not in kept.report or kept.reported_reviews != kept.reviews:
            raise REPORT_STALE()
        told = kept.report["all"]
    if told["method"] == "raw":
        return Current(call, kept.seed, told["refused"], None)
    rows = tx.session.execute(
        select(Application.number, Standing.corrected_hundredths)
        .join(Standing, Standing.application_id == Application.id)
        .where(Standing.call_id == call_id)
    )
    return Current(call, kept.seed, None, dict(rows.all()))  # type: ignore[arg-type]


def document(tx: Tx, how: Current) -> Document:
    """Everything read in two statements, whatever the number of dossiers."""
    call = how.call
    ranked = select(Standing.application_id).where(Standing.call_id == call.id)
    files = tx.session.scalars(
        select(Application.number).where(
            Application.call_id == call.id,
            (Application.state == ApplicationState.ELIGIBLE) | Application.id.in_(ranked),
        )
    ).all()
    rows = tx.session.execute(
        select(Application.number, Assignment.evaluator_id, Assignment.marks)
        .join(Application, Application.id == Assignment.application_id)
        .where(Assignment.call_id == call.id, Assignment.state == AssignmentState.SIGNED)
    ).all()
    key = f"ranking {call.id} {settings().secret_key}".encode()
    hidden = pseudonyms((str(row.evaluator_id) for row in rows), key)
    grid = definition(call).grid
    return compose(
        call=call.code,
        platform=_platform(),
        made_at=tx.now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        asked=grid.ranking,
        refused=how.refused,  # type: ignore[arg-type]
        corrected=how.corrected,
        seed=how.seed,
        grid=GridRules.of(grid),
        files=files,
        reviews=(
            Review(file=row.number, evaluator=hidden[str(row.evaluator_id)], marks=row.marks) for row in rows
        ),
    )


def _platform() -> str:
    try:
        return version("indh")
    except PackageNotFoundError:
        return "0"
