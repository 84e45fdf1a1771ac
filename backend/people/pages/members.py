"""Members added and removed one by one; from a spreadsheet: send, look, save. And a card's number."""

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
from ..models import OFFICES, Member, Organisation
from ..roster import reader, template, told
from ..roster.plan import Plan
from ..roster.table import Rows, packed, scalar, unpacked
from ..schemas import MemberIn, RevealIn
from . import parts
from .organisations import organisation_page

router = APIRouter(prefix="/organisations/{organisation_id}/members")


@router.get("")
def show_members(organisation_id: UUID, actor: PageActor) -> Response:
    """Read again by its address after a refusal: the page of the organisation has them."""
    with transaction(actor) as tx:
        tx.get(Organisation, organisation_id, "organisation.read")
    return parts.see_other(f"/organisations/{organisation_id}#members")


@router.post("")
def add_member(organisation_id: UUID, request: Request, actor: PageActor, typed: Typed) -> Response:
    try:
        values = {name.removeprefix("m."): text for name, text in typed.items() if name.startswith("m.")}
        given = read(MemberIn, values)
        with transaction(actor) as tx:
            members = _as_given(queries.organisation(tx, organisation_id).members)
            commands.replace_members(tx, organisation_id, [*members, given], parts.version_of(typed))
    except Problem as refusal:
        shown = parts.refused(refusal, request, actor, name="name")
        shown["errors"] = [(f"m.{path.rsplit('.', 1)[-1]}", words) for path, words in shown["errors"]]
        shown["wrong"] = dict(shown["errors"])
        twice = any(error.code == "member_twice" for error in refusal.errors)
        return organisation_page(
            organisation_id, request, actor, member=typed, adding=True, twice=twice, **shown
        )
    return parts.see_other(f"/organisations/{organisation_id}#members")


@router.get("/{member_id}/remove")
def ask_to_remove(organisation_id: UUID, member_id: UUID, request: Request, actor: PageActor) -> Response:
    """Whom, and what her leaving changes: nothing is done yet."""
    return _removal_page(organisation_id, member_id, request, actor)


@router.post("/{member_id}/remove")
def remove_member(
    organisation_id: UUID, member_id: UUID, request: Request, actor: PageActor, typed: Typed
) -> Response:
    try:
        with transaction(actor) as tx:
            commands.remove_member(tx, organisation_id, member_id, parts.version_of(typed))
    except Problem as refusal:
        return organisation_page(organisation_id, request, actor, **parts.refused(refusal, request, actor))
    return parts.see_other(f"/organisations/{organisation_id}#members")


@router.post("/{member_id}/restore")
def restore_member(organisation_id: UUID, member_id: UUID, request: Request, actor: PageActor) -> Response:
    try:
        with transaction(actor) as tx:
            commands.restore_member(tx, organisation_id, member_id)
    except Problem as refusal:
        return organisation_page(organisation_id, request, actor, **parts.refused(refusal, request, actor))
    return parts.see_other(f"/organisations/{organisation_id}#members")


@router.get("/{member_id}/erase")
def ask_to_erase(organisation_id: UUID, member_id: UUID, request: Request, actor: PageActor) -> Response:
    """Whom, what goes and what stays: nothing is done yet."""
    return _removal_page(
        organisation_id, member_id, request, actor, "organisation.erase_member", "people/member_erase.html"
    )


@router.post("/{member_id}/erase")
def erase_member(
    organisation_id: UUID, member_id: UUID, request: Request, actor: PageActor, typed: Typed
) -> Response:
    try:
        with transaction(actor) as tx:
            commands.erase_member(tx, organisation_id, member_id, parts.version_of(typed))
    except Problem as refusal:
        return organisation_page(organisation_id, request, actor, **parts.refused(refusal, request, actor))
    return parts.see_other(f"/organisations/{organisation_id}#members")


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


def _as_given(members: list[Member]) -> list[MemberIn]:
    """Those who are there, as they would be sent again."""
    return [
        MemberIn.model_construct(
            name=m.name, sex=m.sex, birth_year=m.birth_year, office=m.office, identity=None
        )
        for m in members
    ]


def _removal_page(
    organisation_id: UUID,
    member_id: UUID,
    request: Request,
    actor: Actor,
    rule: str = "organisation.edit",
    template: str = "people/member_remove.html",
) -> Response:
    with transaction(actor) as tx:
        row = queries.organisation(tx, organisation_id)
        tx.allow(rule, row)
        may_erase = tx.may(["organisation.erase_member"], row)["organisation.erase_member"]
        tx.recorded = True
    member = next((one for one in row.members if one.id == member_id), None)
    if member is None:  # gone already
        return parts.see_other(f"/organisations/{organisation_id}#members")
    shown: dict[str, Any] = {
        "organisation": row,
        "member": member,
        "offices": OFFICES,
        "may_erase": may_erase,
    }
    return render(request, actor, template, **shown)


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
