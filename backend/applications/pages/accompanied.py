"""The agent's own pages: the dossiers that she files, and how she begins one."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...core.actor import Actor
from ...core.errors import FORBIDDEN, Problem
from ...core.tx import Tx, transaction
from ...people.models import Role
from ...people.queries import accompanied as organisations
from ...people.queries import organisation as one_of
from ...web.deps import EntryActor, PageActor
from ...web.forms import see_other, uuid_of
from ...web.language import language_of
from ...web.nav import entry
from ...web.render import render
from .. import accompanied, commands
from ..standings import standings
from .parts import Form, home_of, time_left, told

router = APIRouter(prefix="/accompanied")
entry("/accompanied", "nav.accompanied", {Role.AGENT}, 12)


@router.get("")
def accompanied_page(request: Request, actor: EntryActor) -> Response:
    """Her dossiers, what each needs next and by when; the organisations that she helps."""
    with transaction(actor) as tx:
        found = accompanied.filed(tx)
        return render(
            request,
            actor,
            "applications/accompanied.html",
            found=found,
            standings=standings(tx, [one.application for one in found]),
            first=next((one for one in found if one.step), None),
            organisations=organisations(tx),
            at=tx.now,
            left=time_left(language_of(request, actor)),
            done="done" in request.query_params,
        )


@router.get("/organisations/{organisation_id}/begin")
def choose_call(request: Request, actor: PageActor, organisation_id: UUID) -> Response:
    """To which open call does the organisation answer?"""
    with transaction(actor) as tx:
        return _chooser(request, actor, tx, organisation_id)


@router.post("/organisations/{organisation_id}/begin")
def begin_accompanied(request: Request, actor: PageActor, organisation_id: UUID, form: Form) -> Response:
    """Begin the dossier in the holder's name, or go on with the one that the agent began."""
    try:
        with transaction(actor) as tx:
            one_of(tx, organisation_id)  # hers to see, before anything is said of it
            _agent_only(actor)
            call = uuid_of(str(form.get("call_id") or "")) or UUID(int=0)
            made = commands.create(tx, call, organisation_id)
    except Problem as problem:
        refusal = told(problem, request, actor)
        with transaction(actor) as tx:
            return _chooser(request, actor, tx, organisation_id, refusal)
    return see_other(home_of(made.id))


def _agent_only(actor: Actor) -> None:
    if Role.AGENT not in actor.roles:
        raise FORBIDDEN(rule="accompaniment.ask")


def _chooser(request: Request, actor: Actor, tx: Tx, organisation_id: UUID, refusal: Any = None) -> Response:
    organisation = one_of(tx, organisation_id)
    _agent_only(actor)
    return render(
        request,
        actor,
        "applications/accompanied_begin.html",
        status=refusal.status if refusal else 200,
        organisation=organisation,
        calls=accompanied.offered(tx, organisation),
        at=tx.now,
        left=time_left(language_of(request, actor)),
        refusal=refusal,
    )
