"""Whoever was invited chooses her password, and is in."""

from typing import Any

from fastapi import APIRouter, Request, Response

from ...core.actor import Actor
from ...core.errors import Problem
from ...core.tx import transaction
from ...web.deps import AnyActor
from ...web.forms import Typed, read
from ...web.render import render
from .. import commands
from ..cookies import address_of, keep_session
from ..schemas import InvitationIn
from . import parts

router = APIRouter(prefix="/invitations")


@router.get("/{secret}")
def show_invitation(secret: str, request: Request, actor: AnyActor) -> Response:
    return _page(secret, request, actor)


@router.post("/{secret}")
def accept_invitation(secret: str, request: Request, actor: AnyActor, typed: Typed) -> Response:
    try:
        given = read(InvitationIn, {"password": typed.get("password", "")[:300]})
        with transaction(actor) as tx:
            session = commands.accept_invitation(tx, secret[:200], given.password, address_of(request))
    except Problem as refusal:
        return _page(secret, request, actor, **parts.refused(refusal, request, actor))
    response = parts.see_other("/welcome")
    keep_session(response, session)
    return response


def _page(secret: str, request: Request, actor: Actor, **context: Any) -> Response:
    with transaction(actor) as tx:
        _, person = commands.invited(tx, secret[:200])
        known: dict[str, Any] = parts.ACCEPTED | context
        response = render(
            request,
            actor,
            "people/invitation.html",
            secret=secret,
            name=person.name,
            email=person.email,
            **known,
        )
    response.headers["cache-control"] = "no-store"
    response.headers["referrer-policy"] = "no-referrer"
    return response
