"""An agent asks a holder to let her help: the register number that she was told, then the holder's code."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from ...core.actor import Actor
from ...core.errors import FORBIDDEN, FieldError, Problem
from ...core.tx import transaction
from ...web.deps import PageActor
from ...web.forms import Typed, read
from ...web.render import render
from .. import commands, queries
from ..models import Role
from ..schemas import AccompanyIn
from . import parts

router = APIRouter(prefix="/accompanied")


@router.get("/add")
def show_add(request: Request, actor: PageActor) -> Response:
    return _add_page(request, actor)


@router.post("/add")
def ask_for(request: Request, actor: PageActor, typed: Typed) -> Response:
    try:
        given = read(AccompanyIn, typed)
        with transaction(actor) as tx:
            asked = commands.ask_accompaniment(tx, given)
    except Problem as refusal:
        return _add_page(request, actor, typed=typed, **parts.refused(refusal, request, actor))
    return parts.see_other(f"/accompanied/requests/{asked.id}")


@router.get("/requests/{accompaniment_id}")
def show_request(accompaniment_id: UUID, request: Request, actor: PageActor) -> Response:
    return _request_page(accompaniment_id, request, actor)


@router.post("/requests/{accompaniment_id}")
def confirm_request(accompaniment_id: UUID, request: Request, actor: PageActor, typed: Typed) -> Response:
    """The code that the holder read out."""
    problem = None
    try:
        with transaction(actor) as tx:
            done = commands.confirm_accompaniment(tx, accompaniment_id, typed.get("code", "")[:20])
        if done is None:  # counted, and committed
            problem = commands.CODE_WRONG([FieldError("code", "code_wrong")])
    except Problem as refusal:
        problem = refusal
    if problem:
        return _request_page(accompaniment_id, request, actor, **parts.refused(problem, request, actor))
    return parts.see_other("/accompanied?done=1")


def _add_page(request: Request, actor: Actor, **context: Any) -> Response:
    own = {place for place in actor.provinces(Role.AGENT) if place}
    if not own:
        raise FORBIDDEN(rule="accompaniment.ask")
    with transaction(actor) as tx:
        places = [one for one in parts.provinces(tx, parts.words_of(request, actor)) if one[0] in own]
    known: dict[str, Any] = parts.ACCEPTED | {"typed": {}} | context
    return render(request, actor, "people/accompany.html", provinces=places, **known)


def _request_page(accompaniment_id: UUID, request: Request, actor: Actor, **context: Any) -> Response:
    with transaction(actor) as tx:
        asked = queries.accompaniment(tx, accompaniment_id)
        names = dict(parts.provinces(tx, parts.words_of(request, actor)))
    if asked.since:
        return parts.see_other("/accompanied")
    known: dict[str, Any] = parts.ACCEPTED | context
    return render(
        request, actor, "people/accompany_code.html", asked=asked, place=names[asked.province_code], **known
    )
