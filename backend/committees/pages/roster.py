"""Seats from a spreadsheet and to one: send, look, save; what is wrong as a sheet of its own."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...core.actor import Actor
from ...core.calendar import local
from ...core.errors import INVALID, FieldError, Problem
from ...core.tx import transaction
from ...people.roster import reader
from ...people.roster.table import Rows, packed, scalar, unpacked
from ...people.roster.template import MEDIA_TYPE, faults_book
from ...people.roster.told import message
from ...web.deps import AnyActor, PageActor
from ...web.forms import Sent, Typed, refused, see_other
from ...web.render import language_of, render
from .. import queries, seating_sheet
from ..models import Committee
from ..seating_roster import Plan, check_seats, import_seats

router = APIRouter(prefix="/committees/{committee_id}/roster")


@router.get("")
def roster_page(request: Request, actor: PageActor, committee_id: UUID) -> Response:
    """Where a sheet is sent."""
    return _page(request, actor, committee_id)


@router.get("/template.xlsx")
def roster_template(request: Request, actor: PageActor, committee_id: UUID) -> Response:
    """The sheet to fill."""
    with transaction(actor) as tx:
        tx.get(Committee, committee_id, "committee.edit")
        tx.recorded = True
    return _book(seating_sheet.template(language_of(request, actor)), "sieges")


@router.get("/export.xlsx")
def roster_export(request: Request, actor: AnyActor, committee_id: UUID) -> Response:
    """Who sits today. Sex and year of birth are there for those who may read them."""
    with transaction(actor) as tx:
        committee = tx.get(Committee, committee_id, "committee.read")
        sittings = queries.seats_on(tx, [committee_id], local(tx.now).date())
        private = bool(sittings) and actor.is_authenticated
        private = private and tx.may(["seat.private"], sittings[0].seat)["seat.private"]
        content = seating_sheet.export(language_of(request, actor), sittings, private=private)
    return _book(content, f"sieges-{committee.kind}")


@router.post("")
def look_at_roster(request: Request, actor: PageActor, committee_id: UUID, content: Sent) -> Response:
    """What the sheet would do; nothing is saved yet."""
    try:
        if not content:
            raise INVALID([FieldError("file", "missing")])
        rows = _plain(reader.cells(content))
        with transaction(actor) as tx:
            plan = check_seats(tx, committee_id, rows)
    except Problem as refusal:
        return _page(request, actor, committee_id, refusal=refusal)
    return _page(request, actor, committee_id, plan, packed(rows))


@router.post("/save")
def save_roster(request: Request, actor: PageActor, committee_id: UUID, typed: Typed) -> Response:
    """Give the seats of the sheet that was looked at."""
    try:
        with transaction(actor) as tx:
            plan = import_seats(tx, committee_id, unpacked(typed.get("kept", "")))
    except Problem as refusal:
        return _page(request, actor, committee_id, refusal=refusal)
    if plan.faults:
        return _page(request, actor, committee_id, plan, typed.get("kept", ""))
    return see_other(f"/committees/{committee_id}?done=import")


@router.post("/faults.xlsx")
def roster_faults(request: Request, actor: PageActor, committee_id: UUID, typed: Typed) -> Response:
    """The list of what is wrong, to hand to whoever keeps the sheet."""
    try:
        with transaction(actor) as tx:
            plan = check_seats(tx, committee_id, unpacked(typed.get("kept", "")))
    except Problem as refusal:
        return _page(request, actor, committee_id, refusal=refusal)
    lang = language_of(request, actor)
    said = [(fault, message(lang, fault)) for fault in plan.faults]
    right = len(plan.added) + len(plan.unchanged)
    return _book(faults_book(lang, said, right, plan.lines), "a-corriger")


def _page(
    request: Request,
    actor: Actor,
    committee_id: UUID,
    plan: Plan | None = None,
    kept: str = "",
    refusal: Problem | None = None,
) -> Response:
    answer = refused(refusal, request, actor)
    lang = language_of(request, actor)
    with transaction(actor) as tx:
        committee = tx.get(Committee, committee_id, "committee.edit")
        tx.recorded = True  # read under the right to edit, nothing written
        return render(
            request,
            actor,
            "committees/roster.html",
            **answer,
            committee=committee,
            plan=plan,
            kept=kept,
            messages=[(fault, message(lang, fault)) for fault in plan.faults] if plan else [],
        )


def _plain(rows: Rows) -> Rows:
    """As the page can carry them to the next step: text and numbers, days as `2024-01-05`."""
    return [[_cell(cell) for cell in row] for row in rows]


def _cell(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else scalar(cell)


def _book(content: bytes, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(content, media_type=MEDIA_TYPE, headers=headers)
