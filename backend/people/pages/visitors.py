"""Signing in, signing out, opening an account."""

from math import ceil
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from starlette.responses import HTMLResponse

from ...core.actor import ANONYMOUS, Actor
from ...core.config import settings
from ...core.errors import Problem
from ...core.tx import transaction
from ...web import nav, resume
from ...web.deps import AnyActor
from ...web.forms import Typed, read
from ...web.language import local_path
from ...web.problems import describe
from ...web.render import render
from .. import commands, demonstration
from ..authentication import COOKIE, by_session
from ..cookies import address_of, drop_email, drop_session, email_of, keep_email, keep_session
from ..schemas import RegisterIn
from . import parts

router = APIRouter()


@router.get("/sign-in")
def show_sign_in(
    request: Request,
    actor: AnyActor,
    next: str = "",  # noqa: A002
    new: str = "",
    erased: str = "",
) -> Response:
    if actor.is_authenticated:
        return parts.see_other(local_path(next, nav.start(actor)))
    email = email_of(request) if new == "1" else ""
    return _sign_in_page(request, actor, next=next, registered=new == "1", erased=erased == "1", email=email)


@router.post("/sign-in")
def sign_in(request: Request, actor: AnyActor, typed: Typed) -> Response:
    email, target = typed.get("email", ""), typed.get("next", "")
    try:
        with transaction(actor) as tx:
            secret = commands.sign_in(tx, email[:254], typed.get("password", "")[:200], address_of(request))
    except Problem as refusal:
        said = describe(refusal, parts.words_of(request, actor))
        minutes = ceil(refusal.params.get("retry_after", 0) / 60)
        return _sign_in_page(
            request,
            actor,
            next=target,
            email=email,
            refusal=said,
            minutes=minutes,
            status=refusal.status,
            kept=typed.get("kept", ""),
        )
    back, waiting = local_path(target, "/welcome"), resume.unpack(typed.get("kept", ""))
    response = _resume(request, secret, *waiting, back) if waiting else parts.see_other(back)
    keep_session(response, secret)
    drop_email(response)
    return response


def _resume(request: Request, secret: str, path: str, typed: resume.Pairs, back: str) -> Response:
    """What she had typed when her session ended, to be sent again."""
    actor = by_session(secret) or ANONYMOUS
    return render(request, actor, "people/resume.html", path=path, typed=typed, next=back)


@router.get("/welcome")
def welcome(actor: AnyActor) -> Response:
    """Where one's work begins, once the session says who one is."""
    return parts.see_other(nav.start(actor))


@router.post("/sign-out")
def sign_out(request: Request, actor: AnyActor) -> Response:
    with transaction(actor) as tx:
        commands.sign_out(tx, request.cookies.get(COOKIE))
    response = parts.see_other("/")
    drop_session(response)
    return response


@router.get("/register")
def show_register(request: Request, actor: AnyActor, next: str = "") -> Response:  # noqa: A002
    typed = {"language": parts.words_of(request, actor), "next": local_path(next, "")}
    return render(request, actor, "people/register.html", typed=typed, **parts.ACCEPTED, **_languages())


@router.post("/register")
def register(request: Request, actor: AnyActor, typed: Typed) -> Response:
    """The way goes on to the sign-in page in any case: nothing tells whether the e-mail had an account."""
    target = local_path(typed.get("next", ""), "")
    try:
        given = read(RegisterIn, {name: value for name, value in typed.items() if name != "next"})
        with transaction(actor) as tx:
            commands.register(tx, given, address_of(request))
    except Problem as refusal:
        shown = parts.refused(refusal, request, actor, **{"name": "name", "": "name"})
        kept = {name: value for name, value in typed.items() if name != "password"} | {"next": target}
        return render(request, actor, "people/register.html", typed=kept, **shown, **_languages())
    response = parts.see_other("/sign-in?" + urlencode({"new": "1"} | ({"next": target} if target else {})))
    keep_email(response, given.email)
    return response


def _languages() -> dict[str, Any]:
    return {"languages": parts.LANGUAGE_NAMES}


def _sign_in_page(request: Request, actor: Actor, status: int = 200, **context: Any) -> HTMLResponse:
    known: dict[str, Any] = {
        "next": "",
        "email": "",
        "registered": False,
        "erased": False,
        "refusal": None,
        "minutes": 0,
        "kept": "",
    } | context
    accounts = demonstration.accounts() if settings().demo else ()
    return render(request, actor, "people/sign_in.html", status=status, accounts=accounts, **known)
