"""Dossiers taken on paper, from a spreadsheet, without a script: send, look, take over."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy.orm import defer
from starlette.responses import Response

from ...calls.models import Call
from ...core.actor import Actor
from ...core.errors import INVALID, FieldError, Problem
from ...core.i18n import label
from ...core.tx import transaction
from ...people.roster import reader
from ...people.roster.table import Rows, packed, scalar, unpacked
from ...people.roster.told import message
from ...web.deps import PageActor
from ...web.forms import Sent, refused, see_other
from ...web.language import language_of
from ...web.render import render
from .. import paper
from .parts import Form

router = APIRouter(prefix="/das/calls/{call_id}/paper")


@router.get("")
def show_paper(request: Request, actor: PageActor, call_id: UUID) -> Response:
    """What a list of paper dossiers must say."""
    return _page(request, actor, call_id)


@router.post("")
def look_at_paper(request: Request, actor: PageActor, call_id: UUID, content: Sent) -> Response:
    """What the list would do; nothing is written yet."""
    try:
        if not content:
            raise INVALID([FieldError("file", "missing")])
        rows = [[_scalar(cell) for cell in row] for row in reader.cells(content)]
        with transaction(actor) as tx:
            found = paper.plan(tx, call_id, rows)
    except Problem as refusal:
        return _page(request, actor, call_id, refusal)
    return _page(request, actor, call_id, plan=found, kept=packed(rows))


@router.post("/take")
def take_paper(request: Request, actor: PageActor, call_id: UUID, form: Form) -> Response:
    """Begin a dossier for each sound line, if they still are those that were shown."""
    try:
        rows = _read_again(str(form.get("kept") or ""))
        with transaction(actor) as tx:
            paper.take(tx, call_id, rows, str(form.get("seen") or ""))
    except Problem as refusal:
        return _page(request, actor, call_id, refusal)
    return see_other(f"/das/calls/{call_id}/applications?filing=paper&state=draft")


def _page(
    request: Request, actor: Actor, call_id: UUID, refusal: Problem | None = None, **known: Any
) -> Response:
    with transaction(actor) as tx:
        call = tx.get(Call, call_id, "call.read", options=(defer(Call.definition),))
        tx.allow("call.screen", call)
    lang = language_of(request, actor)
    found: paper.Plan | None = known.get("plan")
    return render(
        request,
        actor,
        "applications/das_paper.html",
        call=call,
        plan=found,
        kept=known.get("kept", ""),
        faults=[(one, label(lang, f"column.{one.column}"), message(lang, one)) for one in found.faults]
        if found
        else [],
        columns=[label(lang, f"column.{name}") for name in paper.COLUMNS],
        most=paper.MOST,
        **refused(refusal, request, actor),
    )


def _scalar(cell: object) -> object:
    return cell.isoformat() if isinstance(cell, date | datetime) else scalar(cell)


def _read_again(kept: str) -> Rows:
    """The rows that were shown, within the bounds of a sheet: they come from the form, as from anybody."""
    return [
        [scalar(cell) for cell in row[: reader.MOST_COLUMNS]] for row in unpacked(kept)[: reader.MOST_ROWS]
    ]
