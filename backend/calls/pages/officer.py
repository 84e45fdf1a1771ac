"""The officer's pages: her province's calls, one call, loading a call file."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from backend.core.actor import Actor
from backend.core.errors import FORBIDDEN, Problem
from backend.core.tx import Tx, transaction
from backend.people.models import Role
from backend.people.policy import OVERSEERS
from backend.web import nav
from backend.web.deps import PageActor
from backend.web.forms import Typed, see_other, told
from backend.web.links import links_of
from backend.web.problems import describe
from backend.web.render import language_of, render

from .. import commands, queries
from ..callfile import CallFileInvalid
from ..lifecycle import LIFECYCLE, PUBLISHABLE, phase
from ..models import Call, CallState
from ..terms import ceiling
from .faults import listed_faults

router = APIRouter()
nav.entry("/das/calls", "nav.das_calls", {Role.OFFICER}, 20, also=("/das/assignments", "/das/ties"))


@router.get("/das/calls")
def calls_of_the_province(request: Request, actor: PageActor, cursor: str | None = None) -> Response:
    """The calls of the officer's provinces, drafts included; every call for overseers."""
    _for_staff(actor, Role.OFFICER, *OVERSEERS)
    with transaction(actor) as tx:
        page = queries.of_staff(tx, cursor)
        items = [(call, phase(call, tx.now)) for call in page.items]
        return render(request, actor, "calls/das_list.html", items=items, next=page.next, runs=_runs(actor))


@router.get("/das/calls/new")
def new_call(request: Request, actor: PageActor) -> Response:
    """Where a call file is pasted."""
    _for_staff(actor, Role.OFFICER)
    return _form(request, actor, "")


@router.post("/das/calls/new")
def load_pasted_call(request: Request, actor: PageActor, form: Typed) -> Response:
    """Keep the pasted call as a draft, or give the text back with its faults line by line."""
    _for_staff(actor, Role.OFFICER)
    source = form.get("source", "").replace("\r\n", "\n")
    try:
        file = commands.read_source(source)
        with transaction(actor) as tx:
            call = commands.load(tx, file, source.encode())
    except CallFileInvalid as invalid:
        return _form(request, actor, source, invalid=invalid)
    except Problem as problem:
        return _form(request, actor, source, refusal=told(problem, request, actor), status=problem.status)
    return see_other(f"/das/calls/{call.id}")


@router.get("/das/calls/{call_id}")
def officer_call(request: Request, actor: PageActor, call_id: UUID) -> Response:
    """Where the call stands, and what may be done now."""
    _for_staff(actor, Role.OFFICER, *OVERSEERS)
    with transaction(actor) as tx:
        return _page(request, actor, tx, tx.get(Call, call_id, "call.read"))


@router.post("/das/calls/{call_id}/review")
def review(request: Request, actor: PageActor, call_id: UUID) -> Response:
    """Begin the examination of the dossiers."""
    return _act(request, actor, call_id, commands.review)


@router.post("/das/calls/{call_id}/archive")
def archive(request: Request, actor: PageActor, call_id: UUID) -> Response:
    """Put the call away."""
    return _act(request, actor, call_id, commands.archive)


def _act(request: Request, actor: Actor, call_id: UUID, command: Any) -> Response:
    try:
        with transaction(actor) as tx:
            command(tx, call_id)
    except Problem as problem:
        refusal = told(problem, request, actor)
        with transaction(actor) as tx:
            call = tx.get(Call, call_id, "call.read")
            return _page(request, actor, tx, call, refusal=refusal, status=problem.status)
    return see_other(f"/das/calls/{call_id}")


def _page(
    request: Request, actor: Actor, tx: Tx, call: Call, *, refusal: Any = None, status: int = 200
) -> Response:
    file = queries.definition(call)
    verbs = LIFECYCLE.available(tx, call)
    lang = language_of(request, actor)
    missing = [guard(tx, call) for guard in PUBLISHABLE] if call.state is CallState.DRAFT else []
    return render(
        request,
        actor,
        "calls/das_call.html",
        status=status,
        call=call,
        file=file,
        phase=phase(call, tx.now),
        cap=ceiling(file),
        verbs=verbs,
        waiting=queries.waiting_questions(tx, call),
        missing=[describe(problem, lang) for problem in missing if problem],
        refusal=refusal,
        runs=_runs(actor),
        links=links_of(tx, "call", call),
    )


def _form(
    request: Request,
    actor: Actor,
    source: str,
    *,
    invalid: CallFileInvalid | None = None,
    refusal: Any = None,
    status: int = 422,
) -> Response:
    lang = language_of(request, actor)
    faults = listed_faults(invalid, source, lang)
    return render(
        request,
        actor,
        "calls/das_new.html",
        status=status if invalid or refusal else 200,
        source=source,
        faults=faults,
        count=len(invalid.issues) if invalid else 0,
        refusal=refusal,
    )


def _runs(actor: Actor) -> bool:
    return Role.OFFICER in actor.roles


def _for_staff(actor: Actor, *roles: Role) -> None:
    if not actor.provinces(*roles):
        raise FORBIDDEN(rule="call.load")
