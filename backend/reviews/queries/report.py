"""What the panel's report says to this reader: made without the dossiers that are hidden from her."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import select

from ...applications.models import Application
from ...calls.callfile.models import Grid
from ...calls.models import Call
from ...calls.queries import definition
from ...core.tx import Tx
from ...people.models import Organisation, Person
from ..models import CallReview, Standing
from .ranking import hidden_ranked, totals


@dataclass(frozen=True)
class Named:
    """A dossier in a list."""

    id: UUID
    number: str
    title: str
    organisation: dict[str, str]


@dataclass(frozen=True)
class Panel:
    """The report of a call, with the names that it needs; `report` is None until one is made."""

    call: Call
    grid: Grid
    report: dict[str, Any] | None
    reported_at: datetime | None
    since: int
    """Signed reviews that she sees and the report does not know (fewer: below nil)."""
    evaluators: dict[str, str]
    dossiers: dict[str, Named]
    inputs: str | None
    """The fingerprint of the whole call's marks, for whom nothing is hidden."""


def panel(tx: Tx, call_id: UUID) -> Panel:
    """404 to whom the ranking is closed; constant in statements."""
    call = tx.get(Call, call_id, "ranking.read")
    kept = tx.session.execute(
        select(CallReview.report, CallReview.reported_at).where(CallReview.call_id == call_id)
    ).one_or_none()
    told = (kept.report if kept else None) or {}
    hidden = frozenset(map(str, tx.session.scalars(hidden_ranked(tx.actor, call_id))))
    report = told.get("views", {}).get(view_key(hidden)) if hidden else told.get("all")
    may = tx.may(["ranking.record"], call)["ranking.record"]
    return Panel(
        call,
        definition(call).grid,
        report,
        kept.reported_at if kept and report else None,
        totals(tx, call_id).reviews - (report["reviews"] if report else 0),
        _people(tx, report),
        _dossiers(tx, report),
        told.get("inputs") if may else None,
    )


def view_key(hidden: Collection[str]) -> str:
    """The name of the report made without these dossiers."""
    return sha256(" ".join(sorted(hidden)).encode()).hexdigest()


def _people(tx: Tx, report: dict[str, Any] | None) -> dict[str, str]:
    """Who is measured, and who is warned of: she may have shared no dossier."""
    told = report or {"evaluators": (), "warnings": ()}
    ids = {one["id"] for one in told["evaluators"]}.union(*(one["evaluators"] for one in told["warnings"]))
    rows = tx.session.execute(select(Person.id, Person.name).where(Person.id.in_(map(UUID, sorted(ids)))))
    return {str(key): name for key, name in rows}


def _dossiers(tx: Tx, report: dict[str, Any] | None) -> dict[str, Named]:
    ids = [UUID(one["file"]) for one in report["discordant"]] if report else []
    asked = (
        select(Application.id, Application.number, Application.title, Organisation.name)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Standing, Standing.application_id == Application.id)
        .where(Application.id.in_(ids))
    )
    rows = tx.session.execute(tx.visible(asked, "standing.read"))
    return {str(row.id): Named(row.id, row.number, row.title, row.name) for row in rows}
