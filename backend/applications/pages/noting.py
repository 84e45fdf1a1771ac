"""Officers' notes: a list from a spreadsheet (send, look, take over), and one on a dossier's page."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...core.actor import Actor
from ...core.errors import Problem
from ...core.i18n import label
from ...core.tx import transaction
from ...people.roster.table import Rows, packed
from ...people.roster.template import MEDIA_TYPE
from ...web.deps import EntryActor, PageActor
from ...web.forms import Sent, chosen, refused, see_other
from ...web.language import language_of
from ...web.render import render
from .. import lists, noting, queries, still_open, verdict_book, verdicts, wanted
from ..paper import IMPORT_CHANGED
from . import done
from .faults import faults_file, faults_told
from .parts import Form

router = APIRouter()
HERE = f"{wanted.LIST}/notes"


@router.get(HERE)
def show_notes(request: Request, actor: EntryActor) -> Response:
    """What a list of notes must say."""
    noting.officers_only(actor)
    return _page(request, actor)


@router.get(f"{HERE}/template.xlsx")
def notes_template(request: Request, actor: EntryActor) -> Response:
    """The workbook to fill, with the dossiers that the filters of the list leave."""
    noting.officers_only(actor)
    lang = language_of(request, actor)
    try:
        with transaction(actor) as tx:
            content = verdict_book.book(
                lang, verdict_book.dossiers(tx, wanted.read(request.query_params).sound)
            )
    except Problem as refusal:
        return _page(request, actor, refusal)
    name = {"fr": "avis", "ar": "avis-ar"}[lang]
    headers = {"content-disposition": f'attachment; filename="{name}.xlsx"', "cache-control": "no-store"}
    return Response(content, media_type=MEDIA_TYPE, headers=headers)


@router.post(HERE)
def look_at_notes(request: Request, actor: EntryActor, content: Sent) -> Response:
    """What each line would do; nothing is written yet."""
    noting.officers_only(actor)
    try:
        rows = lists.rows_of(chosen(content), noting.NOTES_TOO_MANY(most=noting.MOST))
        with transaction(actor) as tx:
            found = noting.plan(tx, rows)
            judged = [one.application_id for one in found.done if one.verb in ("admit", "refuse")]
            closing = still_open.latest_closing(tx, judged)
            broken = queries.titles_of_refusals(tx, [one.application_id for one in found.done if one.rules])
    except Problem as refusal:
        return _page(request, actor, refusal)
    return _page(request, actor, plan=found, kept=packed(rows), closing=closing, broken=broken)


@router.post(f"{HERE}/take")
def take_notes(request: Request, actor: EntryActor, form: Form) -> Response:
    """Do all that is right, if it still is what was shown."""
    noting.officers_only(actor)
    kept = str(form.get("kept") or "")
    rows: Rows = []
    try:
        rows = lists.rows_again(kept)
        with transaction(actor) as tx:
            took = noting.take(tx, rows, str(form.get("seen") or ""), right_only=form.get("right") == "1")
    except Problem as refusal:
        if refusal.code == IMPORT_CHANGED.code and _taken(actor, rows):
            return see_other(f"{wanted.LIST}?done={done.AGAIN}")  # a second press
        return _page(request, actor, refusal)
    counts = {"admit": took.count("admit"), "refuse": took.count("refuse"), "sent_back": took.count("return")}
    return see_other(f"{wanted.LIST}?done={done.said(**counts, noted=took.count(None))}")


def _taken(actor: Actor, rows: Rows) -> bool:
    """Whether every line of the list is done already."""
    with transaction(actor) as tx:
        found = noting.plan(tx, rows)
    return not found.done and not found.faults


@router.post(f"{HERE}/faults.xlsx")
def notes_faults(request: Request, actor: EntryActor, form: Form) -> Response:
    """The cells to be corrected, to hand to whoever keeps the file."""
    noting.officers_only(actor)
    try:
        rows = lists.rows_again(str(form.get("kept") or ""))
        with transaction(actor) as tx:
            found = noting.plan(tx, rows)
    except Problem as refusal:
        return _page(request, actor, refusal)
    lang = language_of(request, actor)
    return faults_file(lang, found.faults, len(found.done) + len(found.unchanged), found.lines)


@router.post("/das/applications/{application_id}/notes")
def note_one(actor: PageActor, application_id: UUID, form: Form) -> Response:
    """A note on one dossier; an empty one changes nothing."""
    text = str(form.get("note") or "").replace("\0", "").strip()
    if text:
        with transaction(actor) as tx:
            noting.note(tx, application_id, text[: verdicts.LONGEST])
    return see_other(f"/das/applications/{application_id}#notes")


def _page(request: Request, actor: Actor, refusal: Problem | None = None, **known: Any) -> Response:
    lang = language_of(request, actor)
    found: noting.Plan | None = known.get("plan")
    asked = wanted.read(request.query_params)
    query = f"?{urlencode(asked.typed)}" if asked.typed else ""
    return render(
        request,
        actor,
        "applications/das_notes.html",
        here=HERE,
        back=asked.address(),
        narrows=asked.narrows or "call" in asked.typed,
        query=query,
        plan=found,
        kept=known.get("kept", ""),
        closing=known.get("closing"),
        broken=known.get("broken", {}),
        faults=faults_told(lang, found.faults) if found else [],
        columns=[label(lang, f"column.{name}") for name in verdicts.COLUMNS],
        most=noting.MOST,
        **refused(refusal, request, actor),
    )
