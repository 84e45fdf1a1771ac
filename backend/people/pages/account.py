"""My account: how I am reached, in which language, and the keys of my programs."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from ...core.actor import Actor
from ...core.errors import Problem
from ...core.tx import transaction
from ...web import deps, language
from ...web.deps import PageActor
from ...web.forms import Typed, read
from ...web.render import render
from .. import commands, queries
from ..models import Reach
from ..schemas import PersonPatch, TokenIn
from . import parts

router = APIRouter()


@router.get("/me")
def show_me(request: Request, actor: PageActor) -> Response:
    return _page(request, actor)


@router.post("/me")
def edit_me(request: Request, actor: PageActor, typed: Typed) -> Response:
    try:
        patch = read(PersonPatch, parts.nested(typed, "version"))
        with transaction(actor) as tx:
            commands.edit_person(tx, queries.me(tx).id, patch, parts.version_of(typed))
    except Problem as refusal:
        return _page(request, actor, typed=typed, **parts.refused(refusal, request, actor, name="name"))
    response = parts.see_other("/me?saved=1")
    response.set_cookie(
        language.COOKIE,
        patch.language,
        max_age=language.YEAR_SECONDS,
        samesite="lax",
        httponly=True,
        secure=request.url.scheme == "https",
    )
    return response


def remember_language(request: Request, lang: str) -> None:
    """Keep the language chosen in the bar with the account of whoever is signed in."""
    actor = deps.identify(request)
    if not actor.is_authenticated:
        return
    with suppress(Problem), transaction(actor) as tx:  # a token that may not: the cookie is enough
        commands.choose_language(tx, lang)


@router.post("/me/tokens")
def create_token(request: Request, actor: PageActor, typed: Typed) -> Response:
    """The secret is on this answer only: it is neither kept nor put into an address."""
    values = {"name": typed.get("token", ""), "scopes": typed.get("scopes", "").split()}
    try:
        given = read(TokenIn, values | {"expires_in_days": typed.get("expires_in_days") or "90"})
        with transaction(actor) as tx:
            _, secret = commands.create_token(tx, given)
    except Problem as refusal:
        return _page(request, actor, token=typed, **parts.refused(refusal, request, actor, name="token"))
    response = _page(request, actor, secret=secret)
    response.headers["cache-control"] = "no-store"
    return response


@router.post("/me/tokens/{token_id}/revoke")
def revoke_token(token_id: UUID, actor: PageActor) -> Response:
    with transaction(actor) as tx:
        commands.revoke_token(tx, token_id)
    return parts.see_other("/me#tokens")


def _page(request: Request, actor: Actor, **context: Any) -> Response:
    with transaction(actor) as tx:
        person = queries.me(tx)
        tokens = queries.tokens(tx, limit=200).items
        names = dict(parts.provinces(tx, parts.words_of(request, actor))) if person.grants else {}
    typed = {
        "name": person.name,
        "phone": person.phone,
        "language": person.language,
        "reach": person.reach,
        "version": person.version,
    }
    known: dict[str, Any] = parts.ACCEPTED | {
        "typed": typed,
        "token": {},
        "secret": "",
        "saved": "saved" in request.query_params,
    }
    return render(
        request,
        actor,
        "people/me.html",
        person=person,
        tokens=tokens,
        names=names,
        languages=parts.LANGUAGE_NAMES,
        ways=parts.enum_options(parts.words_of(request, actor), "enum.reach", Reach),
        **(known | context | {"typed": typed | context.get("typed", {})}),
    )
