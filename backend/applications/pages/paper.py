"""Dossiers taken on paper, from a spreadsheet, without a script: send, look, take over."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy.orm import defer
from starlette.responses import Response

from ...calls.models import Call
from ...core.actor import Actor
from ...core.errors import Problem
from ...core.i18n import label
from ...core.tx import transaction
from ...people.roster.table import packed
from ...web.deps import PageActor
from ...web.forms import Sent, chosen, refused, see_other
from ...web.language import language_of
from ...web.render import render
from .. import lists, paper
from .faults import faults_file, faults_told
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
        rows = lists.rows_of(chosen(content), paper.PAPER_TOO_MANY(most=paper.MOST))
        with transaction(actor) as tx:
            found = paper.plan(tx, call_id, rows)
    except Problem as refusal:
        return _page(request, actor, call_id, refusal)
    return _page(request, actor, call_id, plan=found, kept=packed(rows))


@router.post("/take")
def take_paper(request: Request, actor: PageActor, call_id: UUID, form: Form) -> Response:
    """Begin a dossier for each sound line, if they still are those that were shown."""
    try:
        rows = lists.rows_again(str(form.get("kept") or ""))
        with transaction(actor) as tx:
            paper.take(tx, call_id, rows, str(form.get("seen") or ""))
    except Problem as refusal:
        return _page(request, actor, call_id, refusal)
    return see_other(f"/das/calls/{call_id}/applications?filing=paper&state=draft")


@router.post("/faults.xlsx")
def paper_faults(request: Request, actor: PageActor, call_id: UUID, form: Form) -> Response:
    """The cells to be corrected, to hand to whoever keeps the file."""
    try:
        rows = lists.rows_again(str(form.get("kept") or ""))
        with transaction(actor) as tx:
            found = paper.plan(tx, call_id, rows)
    except Problem as refusal:
        return _page(request, actor, call_id, refusal)
    right = len(found.added) + len(found.unchanged)
    lines = right + len({one.line for one in found.faults})
    return faults_file(language_of(request, actor), found.faults, right, lines)


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
        faults=faults_told(lang, found.faults) if found else [],
        columns=[label(lang, f"column.{name}") for name in paper.COLUMNS],
        most=paper.MOST,
        **refused(refusal, request, actor),
    )
