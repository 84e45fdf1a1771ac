"""Members from a spreadsheet, without a script: send, look, save. And a card's number."""

import base64
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from ...core import secrets
from ...core.actor import Actor
from ...core.errors import INVALID, FieldError, Problem
from ...core.tx import transaction
from ...web.deps import PageActor
from ...web.forms import Sent, Typed, read
from ...web.render import render
from .. import commands, queries
from ..roster import reader, template, told
from ..roster.plan import Plan
from ..roster.table import Rows, packed, scalar, unpacked
from ..schemas import RevealIn
from . import parts
from .organisations import organisation_page

router = APIRouter(prefix="/organisations/{organisation_id}/members")


@router.get("/import")
def show_import(organisation_id: UUID, request: Request, actor: PageActor) -> Response:
    return _page(organisation_id, request, actor)


@router.get("/template.xlsx")
def members_template(organisation_id: UUID, request: Request, actor: PageActor) -> Response:
    with transaction(actor) as tx:
        queries.organisation(tx, organisation_id)
    lang = parts.words_of(request, actor)
    return _workbook(template.template(lang), {"fr": "membres", "ar": "members-ar"}[lang])


@router.post("/import")
def look_at(organisation_id: UUID, request: Request, actor: PageActor, content: Sent) -> Response:
    """What the list would do; nothing is saved yet."""
    try:
        if not content:
            raise INVALID([FieldError("file", "missing")])
        rows = _plain(reader.cells(content))
        with transaction(actor) as tx:
            plan = commands.check_members(tx, organisation_id, rows)
            version = queries.organisation(tx, organisation_id).version
    except Problem as refusal:
        return _page(organisation_id, request, actor, **parts.refused(refusal, request, actor))
    kept = sealed(rows, organisation_id, actor)
    return _page(organisation_id, request, actor, plan=plan, kept=kept, seen=version)


@router.post("/import/save")
def save(organisation_id: UUID, request: Request, actor: PageActor, typed: Typed) -> Response:
    try:
        rows = _opened(typed, organisation_id, actor)
        with transaction(actor) as tx:
            _, plan = commands.import_members(
                tx, organisation_id, rows, parts.version_of(typed), keep_right=typed.get("right") == "1"
            )
    except Problem as refusal:
        return _page(organisation_id, request, actor, **parts.refused(refusal, request, actor))
    if plan.faults and typed.get("right") != "1":
        kept, seen = typed.get("kept", ""), typed.get("version", "")
        return _page(organisation_id, request, actor, plan=plan, kept=kept, seen=seen)
    return parts.see_other(f"/organisations/{organisation_id}#members")


@router.post("/import/faults.xlsx")
def faults_sheet(organisation_id: UUID, request: Request, actor: PageActor, typed: Typed) -> Response:
    """The list of what is wrong, to hand to whoever keeps the file."""
    try:
        rows = _opened(typed, organisation_id, actor)
        with transaction(actor) as tx:
            plan = commands.check_members(tx, organisation_id, rows)
    except Problem as refusal:
        return _page(organisation_id, request, actor, **parts.refused(refusal, request, actor))
    lang = parts.words_of(request, actor)
    content = template.faults_sheet(lang, plan, told.messages(lang, plan), _count(plan))
    return _workbook(content, {"fr": "a-corriger", "ar": "a-corriger-ar"}[lang])


@router.post("/{member_id}/identity")
def reveal(
    organisation_id: UUID, member_id: UUID, request: Request, actor: PageActor, typed: Typed
) -> Response:
    """The number is on this answer only, which nothing keeps."""
    try:
        given = read(RevealIn, {"reason": typed.get("reason", "")})
        with transaction(actor) as tx:
            number = commands.reveal_identity(tx, organisation_id, member_id, given)
    except Problem as refusal:
        shown = parts.refused(refusal, request, actor, reason=f"reason-{member_id}")
        return organisation_page(organisation_id, request, actor, **shown)
    response = organisation_page(organisation_id, request, actor, revealed={member_id: number})
    response.headers["cache-control"] = "no-store"
    return response


def _page(organisation_id: UUID, request: Request, actor: Actor, **context: Any) -> Response:
    with transaction(actor) as tx:
        row = queries.organisation(tx, organisation_id)
        tx.allow("organisation.edit", row)
        tx.recorded = True
    lang = parts.words_of(request, actor)
    plan: Plan | None = context.get("plan")
    known: dict[str, Any] = parts.ACCEPTED | {"plan": None, "kept": "", "seen": ""} | context
    return render(
        request,
        actor,
        "people/import.html",
        organisation=row,
        messages=told.messages(lang, plan) if plan else [],
        lines=_count(plan) if plan else 0,
        **known,
    )


def _count(plan: Plan) -> int:
    """Lines of members in the sheet, right or wrong."""
    right = len(plan.added) + len(plan.changed) + len(plan.unchanged)
    return right + len({fault.line for fault in plan.faults})


def _workbook(content: bytes, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(content, media_type=template.MEDIA_TYPE, headers=headers)


def _plain(rows: Rows) -> Rows:
    """As the page can carry them from one step to the next: text and numbers."""
    return [
        [cell.isoformat()[:4] if isinstance(cell, date | datetime) else scalar(cell) for cell in row]
        for row in rows
    ]


def _owner(organisation_id: UUID, actor: Actor) -> str:
    return f"{organisation_id} {actor.id}"


def sealed(rows: Rows, organisation_id: UUID, actor: Actor) -> str:
    """The rows on their way to the next step: sealed, for they may hold numbers of cards."""
    return base64.urlsafe_b64encode(secrets.seal(packed(rows), _owner(organisation_id, actor))).decode()


def _opened(typed: dict[str, str], organisation_id: UUID, actor: Actor) -> Rows:
    """The rows of the step before; refused when they are not what we sealed for her and this organisation."""
    try:
        sealed = base64.urlsafe_b64decode(typed.get("kept", "").encode())
        kept = secrets.reveal(sealed, _owner(organisation_id, actor))
    except (ValueError, secrets.Unreadable):
        raise INVALID([FieldError("file", "missing")]) from None
    return unpacked(kept)
