"""What the panel of a call is worth: agreement, severity, discordant dossiers. Findings first."""

from math import ceil
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...calls.models import CallState
from ...core.errors import Problem
from ...core.i18n import translate
from ...core.tx import Tx, transaction
from ...web.deps import PageActor
from ...web.forms import attempt, refused
from ...web.language import language_of
from ...web.render import render
from ...web.tables import csv_file
from .. import commands, queries

router = APIRouter()
WORDED = ((0.8, "panel.agree.well"), (0.667, "panel.agree.rather"), (0.4, "panel.agree.fairly"))
"""How the title words α, from the highest down; unsure when its interval spans more than two of them."""


@router.get("/das/calls/{call_id}/panel")
def panel_page(request: Request, actor: PageActor, call_id: UUID, asked: bool = False) -> Response:
    """Do the evaluators agree, who is severe, which dossiers need another reading."""
    with transaction(actor) as tx:
        return _again(request, tx, call_id, asked=asked)


@router.post("/das/calls/{call_id}/panel")
def report_form(request: Request, actor: PageActor, call_id: UUID) -> Response:
    """Have it computed now."""
    return attempt(
        actor,
        lambda tx: commands.ask_report(tx, call_id),
        lambda _: f"/das/calls/{call_id}/panel?asked=true",
        lambda tx, refusal: _again(request, tx, call_id, refusal=refusal),
    )


@router.get("/das/calls/{call_id}/panel.csv")
def panel_csv(request: Request, actor: PageActor, call_id: UUID) -> Response:
    """How far each evaluator stands from the others, and her severity, as a table."""
    with transaction(actor) as tx:
        found = queries.panel(tx, call_id)
    lang = language_of(request, actor)
    columns = ("evaluator", "files", "shared", "mean", "sd", "effect", "low", "high")
    rows = [
        (found.evaluators.get(one["id"], ""), *(_cell(one.get(part)) for part in columns[1:]))
        for one in (found.report["evaluators"] if found.report else [])
    ]
    heads = [translate(lang, f"panel.column.{part}") for part in columns]
    return csv_file(f"severite-{found.call.code}", heads, rows)


class _Points(float):
    """Written with a comma, as a French spreadsheet reads it; still a number: its minus begins no formula."""

    def __str__(self) -> str:
        return f"{self:.2f}".replace(".", ",")


def _cell(value: Any) -> Any:
    return _Points(value) if isinstance(value, float) else value


def _again(
    request: Request, tx: Tx, call_id: UUID, *, asked: bool = False, refusal: Problem | None = None
) -> Response:
    found = queries.panel(tx, call_id)
    may = tx.may(["ranking.report", "call.assign", "ranking.record"], found.call)
    return render(
        request,
        tx.actor,
        "reviews/panel.html",
        **refused(refusal, request, tx.actor),
        asked=asked,
        call=found.call,
        found=found,
        report=found.report,
        agree=_worded(found.report),
        labels={criterion.code: criterion.label for criterion in found.grid.criteria},
        severity=_severity(found),
        warnings=_warnings(found.report),
        may_ask=may["ranking.report"],
        may_give=may["call.assign"] and found.call.state not in (CallState.DECIDED, CallState.ARCHIVED),
        may_export=may["ranking.record"],
    )


def _worded(report: dict[str, Any] | None) -> str:
    """Without an interval there is no verdict."""
    found = report["agreement"]["interval"] if report else {}
    value = found.get("value")
    if value is None or found.get("low") is None:
        return "panel.agree.unknown"
    words = [*(code for _, code in WORDED), "panel.agree.little"]
    places = [next((at for at, (least, _) in enumerate(WORDED) if end >= least), len(WORDED))
              for end in (value, found["low"], found["high"])]  # fmt: skip
    return words[places[0]] if places[1] - places[2] <= 1 else "panel.agree.unsure"


def _warnings(report: dict[str, Any] | None) -> list[tuple[str, list[list[str]]]]:
    """Each warning once, with the groups of people that it names."""
    groups: dict[str, list[list[str]]] = {}
    for one in (report or {}).get("warnings", ()):
        groups.setdefault(one["code"], []).append(one["evaluators"])
    return list(groups.items())


def _severity(found: queries.Panel) -> dict[str, Any] | None:
    """Bars from the most severe to the most lenient on a scale that holds all their intervals."""
    known = [one for one in (found.report or {}).get("evaluators", ()) if one["effect"] is not None]
    if not known:
        return None
    top = max(5, 5 * ceil(max(max(abs(one["low"]), abs(one["high"])) for one in known) / 5))
    return {
        "rows": [one | {"name": found.evaluators.get(one["id"], "")} for one in known],
        "scale": (-top, top),
        "gap": known[-1]["effect"] - known[0]["effect"],
    }
