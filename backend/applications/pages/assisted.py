"""An agent files for a holder: for whom, how it came, and what the holder confirms before the deposit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlalchemy import select
from sqlalchemy.orm import defer
from starlette.datastructures import FormData
from starlette.responses import Response

from ...calls.models import Call
from ...calls.queries import is_open
from ...core.actor import Actor
from ...core.calendar import parse_local
from ...core.config import settings
from ...core.errors import INVALID, NOT_FOUND, FieldError, Problem
from ...core.folding import fold
from ...core.tx import Tx, transaction
from ...files import commands as files
from ...files import intake
from ...files.models import StoredFile
from ...files.serving import served
from ...people.models import Organisation
from ...web.deps import PageActor
from ...web.forms import attempt, see_other, uuid_of
from ...web.language import language_of
from ...web.middleware import MAX_BODY, make_room
from ...web.render import render
from ...web.uploads import Posted, closing, file_of
from .. import assistance, commands, deposits, queries
from ..completeness import call_form, unfinished
from ..forms import documents_asked
from ..lifecycle import confirmed, editable, progress
from ..receipts import readable
from ..terms import terms
from .parts import Form, home_of, messages, told

router = APIRouter()
make_room("POST", r"/applications/[0-9a-f-]{36}/confirmation/sheet", lambda: settings().file_limit + MAX_BODY)
FEW = 8
"""Organisations that a search offers: with more, she writes more of the name."""


@router.get("/das/calls/{call_id}/assist")
def choose_holder(
    request: Request, actor: PageActor, call_id: UUID, q: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """For which holder, and did the dossier come on paper?"""
    with transaction(actor) as tx:
        return _chooser(request, actor, tx, call_id, Choice(q))


@router.post("/das/calls/{call_id}/assist")
def begin_for_holder(request: Request, actor: PageActor, call_id: UUID, form: Form) -> Response:
    """Begin the dossier in her name, or go on with the one that the agent began."""
    organisation = uuid_of(str(form.get("organisation_id") or "")) or UUID(int=0)
    try:
        at = _handed_in(form)
        with transaction(actor) as tx:
            tx.allow("call.screen", tx.get(Call, call_id, "call.read", options=(defer(Call.definition),)))
            made = commands.create(tx, call_id, organisation, at)
    except Problem as problem:
        if problem.status == 404 and organisation.int == 0:
            problem = INVALID([FieldError("organisation_id", "missing")])
        told(problem, request, actor)
        choice = Choice(
            str(form.get("q") or "")[:200], {key: str(text) for key, text in form.items()}, problem
        )
        with transaction(actor) as tx:
            return _chooser(request, actor, tx, call_id, choice)
    return see_other(home_of(made.id))


@router.get("/applications/{application_id}/confirmation")
def confirmation_page(request: Request, actor: PageActor, application_id: UUID) -> Response:
    """What the holder confirms, by her telephone or by her signature."""
    with transaction(actor) as tx:
        return _confirmation(request, actor, tx, application_id)


@router.post("/applications/{application_id}/confirmation/ask")
def ask_code_form(request: Request, actor: PageActor, application_id: UUID) -> Response:
    """Send the code."""
    return attempt(
        actor,
        lambda tx: assistance.ask_code(tx, application_id),
        f"{home_of(application_id)}/confirmation#code",
        lambda tx, refusal: _confirmation(request, actor, tx, application_id, refusal),
    )


@router.post("/applications/{application_id}/confirmation")
def confirm_code_form(request: Request, actor: PageActor, application_id: UUID, form: Form) -> Response:
    """The code that she read back."""
    code, problem = str(form.get("code") or "")[:20], None
    try:
        with transaction(actor) as tx:
            if assistance.confirm_by_code(tx, application_id, code) is None:  # counted, and committed
                problem = assistance.code_wrong(tx, application_id)
    except Problem as refusal:
        problem = refusal
    if problem is None:
        return see_other(f"{home_of(application_id)}/confirmation")
    told(problem, request, actor)
    with transaction(actor) as tx:
        return _confirmation(request, actor, tx, application_id, problem)


@router.get("/applications/{application_id}/confirmation/sheet")
def show_sheet(request: Request, actor: PageActor, application_id: UUID) -> Response:
    """The signed sheet itself, for who may read the dossier's papers."""
    with transaction(actor) as tx:
        application = queries.one(tx, application_id)
        tx.allow("application.edit", application)
        tx.recorded = True  # nothing is written
        filed = deposits.filed_by(tx, application)
        if filed is None or filed.row.sheet_file_id is None:
            raise NOT_FOUND(thing="document")
        file = tx.session.get_one(StoredFile, filed.row.sheet_file_id)
    return served(request, file)


@router.post("/applications/{application_id}/confirmation/sheet")
def confirm_sheet_form(request: Request, actor: PageActor, application_id: UUID, sent: Posted) -> Response:
    """The sheet that she signed, scanned or photographed."""
    kept = None
    with closing(sent):
        try:
            with transaction(actor) as tx:  # before anything is kept
                tx.allow("application.assist", queries.one(tx, application_id))
                tx.recorded = True
            sheet = file_of(sent, "sheet")
            kept = intake.keep(sheet.file, sheet.filename or "")
            with transaction(actor) as tx:
                assistance.confirm_by_sheet(tx, application_id, files.register(tx, kept).id)
        except Problem as problem:
            if kept:
                intake.discard(kept)
            told(problem, request, actor)
            with transaction(actor) as tx:
                return _confirmation(request, actor, tx, application_id, problem)
    return see_other(f"{home_of(application_id)}/confirmation")


def _handed_in(form: FormData) -> Any:
    """When the paper was handed in, on Casablanca's clock; None when the agent types with the holder."""
    if form.get("filing") != "paper":
        return None
    try:
        return parse_local(str(form.get("handed_in_at") or ""))
    except ValueError:
        raise INVALID([FieldError("handed_in_at", "instant_invalid")]) from None


@dataclass(frozen=True)
class Choice:
    """What the agent searched and typed, and why it was refused."""

    q: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    problem: Problem | None = None


def _chooser(request: Request, actor: Actor, tx: Tx, call_id: UUID, choice: Choice) -> Response:
    problem, lang = choice.problem, language_of(request, actor)
    refusal = told(problem, request, actor) if problem else None
    call = tx.get(Call, call_id, "dossiers.read", options=(defer(Call.definition),))
    tx.allow("call.screen", call)
    tx.recorded = True  # nothing is written
    asked = select(Organisation).where(Organisation.province_code == call.province_code)
    for word in fold(choice.q).split()[:8]:
        asked = asked.where(Organisation.folded_name.contains(word, autoescape=True))
    chosen = uuid_of(choice.typed.get("organisation_id", "")) or UUID(int=0)
    order = (Organisation.id != chosen, Organisation.folded_name, Organisation.id)
    seen = tx.visible(asked.order_by(*order), "organisation.read")
    found = tx.session.scalars(seen.limit(FEW + 1)).all()
    picked = [one for one in found[:1] if one.id == chosen]
    many = len(found) > FEW
    return render(
        request,
        actor,
        "applications/das_assist.html",
        status=refusal.status if refusal else 200,
        call=call,
        open=is_open(call, tx.now),
        organisations=picked if many and not choice.q else found[:FEW],
        few=FEW,
        many=many and (bool(choice.q) or not picked),
        q=choice.q,
        typed=choice.typed,
        error=dict(messages(lang, problem.errors)) if problem else {},
        errors=messages(lang, problem.errors) if problem else [],
        refusal=refusal,
    )


def _confirmation(
    request: Request, actor: Actor, tx: Tx, application_id: UUID, problem: Problem | None = None
) -> Response:
    application = queries.one(tx, application_id)
    tx.allow("application.edit", application)
    tx.recorded = True  # nothing is written
    filed = deposits.filed_by(tx, application)
    if filed is None:
        return see_other(home_of(application_id))
    lang, found = language_of(request, actor), progress(tx, application)
    refusal = told(problem, request, actor) if problem else None
    sent = filed.row.code_sent_at
    return render(
        request,
        actor,
        "applications/confirmation.html",
        status=refusal.status if refusal else 200,
        application=application,
        filed=filed,
        unconfirmed=confirmed(tx, application) is not None
        or filed.row.confirmed_sha256 != assistance.fingerprint(application),
        assists=tx.may(["application.assist"], application)["application.assist"]
        and editable(tx, application) is None,
        asked=filed.row.phone is not None,
        phone=assistance.masked(filed.row.phone) if filed.row.phone else None,
        expires_at=sent + assistance.LIVES if sent and sent + assistance.LIVES > tx.now else None,
        missing=unfinished(found),
        statuses={status.section: status for status in found},
        problems={status.section: dict(messages(lang, status.missing)) for status in found},
        documents=documents_asked(
            terms(application.call).file, call_form(application.organisation.legal_form)
        ),
        limit=settings().file_limit,
        print_=readable(assistance.fingerprint(application)),
        error=dict(messages(lang, problem.errors)) if problem else {},
        refusal=refusal,
    )
