"""Beginning a dossier: for which open call, for which of her organisations."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from ...calls.models import Call
from ...core.actor import Actor
from ...core.errors import Problem
from ...core.tx import Tx, transaction
from ...people.models import Organisation
from ...people.queries import my_organisations
from ...web.deps import PageActor
from ...web.forms import see_other, uuid_of
from ...web.render import render
from .. import commands, queries
from ..lifecycle import WITHDRAWN
from ..models import Application
from ..standings import standings
from .parts import Form, home_of, told

router = APIRouter()


@router.get("/my/applications/new")
def choose_organisation(
    request: Request, actor: PageActor, call: Annotated[str | None, Query(max_length=60)] = None
) -> Response:
    """For which call, for which organisation?"""
    with transaction(actor) as tx:
        return _chooser(request, actor, tx, call)


@router.post("/my/applications")
def begin(request: Request, actor: PageActor, form: Form) -> Response:
    """Begin the dossier, or go on with the one that lives."""
    try:
        with transaction(actor) as tx:
            made = commands.create(tx, _uuid(form.get("call_id")), _uuid(form.get("organisation_id")))
    except Problem as problem:
        refusal = told(problem, request, actor)
        with transaction(actor) as tx:
            return _chooser(request, actor, tx, None, refusal)
    return see_other(home_of(made.id))


def _chooser(request: Request, actor: Actor, tx: Tx, code: str | None, refusal: Any = None) -> Response:
    found, organisations = queries.mine(tx), my_organisations(tx)
    asked = [one for one in queries.open_calls(tx) if code in (None, one.code)]
    free = offered(asked, organisations, found)
    living = [one for one in found if one.state is not WITHDRAWN]
    begun = [one for one in living if any(one.call_id == call.id for call in asked)]
    return render(
        request,
        actor,
        "applications/new.html",
        status=refusal.status if refusal else 200,
        calls=list(free),
        closed=not asked,
        organisations=[one for one in organisations if any(one in ones for ones in free.values())],
        registered=bool(organisations),
        assists=[one for one in queries.assistable(tx) if code in (None, one.code)],
        begun=begun,
        standings=standings(tx, begun),
        refusal=refusal,
    )


def offered(
    calls: Iterable[Call], organisations: Sequence[Organisation], found: Sequence[Application]
) -> dict[Call, list[Organisation]]:
    """The calls to which she may still answer, each with those of her organisations that have no dossier."""
    taken = {(one.call_id, one.organisation_id) for one in found if one.state is not WITHDRAWN}
    free = {call: [one for one in organisations if (call.id, one.id) not in taken] for call in calls}
    return {call: ones for call, ones in free.items() if ones}


def _uuid(text: Any) -> UUID:
    return uuid_of(str(text)) or UUID(int=0)  # nobody's: not found
