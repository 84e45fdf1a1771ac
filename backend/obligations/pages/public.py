"""Asking for information and following it: no account, no script, the code in no address."""

from secrets import token_hex
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...core.calendar import local
from ...core.errors import NOT_FOUND, Problem
from ...core.i18n import LANGUAGES
from ...core.tx import Tx, transaction
from ...files.serving import PROTECTED, disposition, served
from ...people.cookies import address_of
from ...web.deps import AnyActor
from ...web.forms import Typed, read, refused, see_other, uuid_of
from ...web.render import language_of, render
from .. import asking, kept, printed, reading
from ..models import InformationRequest
from ..schemas import LONGEST, FollowIn, InformationIn
from ..served import provinces_served

router = APIRouter()
FIELDS = ("province_code", "name", "address", "language", "text", "key")
HERE = "/information/request"


@router.get("/information")
def information_page(request: Request, actor: AnyActor, province: str = "") -> Response:
    """What one may ask, the form, what became of those of the last years."""
    with transaction(actor) as tx:
        typed = {"province_code": province[:8], "language": language_of(request, actor)}
        return _form(request, tx, typed)


@router.post("/information")
def information_form(request: Request, actor: AnyActor, typed: Typed) -> Response:
    """Received: her browser keeps the code for an hour, and shows it once more with the receipt."""
    try:
        given = read(InformationIn, {name: typed[name] for name in FIELDS if name in typed})
        with transaction(actor) as tx:
            made, code = asking.ask(tx, given, address_of(request))
            number = made.number
    except Problem as refusal:
        with transaction(actor) as tx:
            return _form(request, tx, typed, refusal)
    response = see_other(f"{HERE}?done=received")
    kept.keep(response, number, code)
    return response


@router.get("/information/follow")
def follow_page(request: Request, actor: AnyActor) -> Response:
    """Where number and code are typed."""
    return _follow(request, actor, {})


@router.post("/information/follow")
def follow_form(request: Request, actor: AnyActor, typed: Typed) -> Response:
    """To the request, whose page reads the code from the browser, not from the address."""
    try:
        given = read(FollowIn, {name: typed.get(name, "") for name in ("number", "code")})
        with transaction(actor) as tx:
            number = asking.follow(tx, given).number
    except Problem as refusal:
        return _follow(request, actor, typed, refusal)
    response = see_other(HERE)
    kept.keep(response, number, given.code)
    return response


@router.get("/information/request")
def followed_page(request: Request, actor: AnyActor) -> Response:
    """Its state, its date, its answer; after an hour, or without the code, the form that asks for it."""
    with transaction(actor) as tx:
        asked, code = _kept(request, tx)
        if asked is None:
            return see_other("/information/follow")
        return render(
            request,
            actor,
            "obligations/followed.html",
            asked=asked,
            code=code,
            files=reading.files_of(tx, asked) if asked.answered_at else [],
            province=reading.province_of(tx, asked),
            done=request.query_params.get("done", ""),
            today=local(tx.now).date(),
            rights=printed.RIGHTS,
        )


@router.get("/information/request.pdf")
def information_receipt(request: Request, actor: AnyActor) -> Response:
    """The receipt on paper, in the language of the page."""
    with transaction(actor) as tx:
        asked, code = _kept(request, tx)
        if asked is None:
            return see_other("/information/follow")
        paper = printed.receipt(asked, reading.province_of(tx, asked), code, language_of(request, actor))
        headers = PROTECTED | {
            "Cache-Control": "private, no-store",
            "Content-Disposition": disposition("inline", f"{asked.number}.pdf"),
        }
    return Response(paper, media_type="application/pdf", headers=headers)


@router.get("/information/request/document")
def information_document(request: Request, actor: AnyActor, file: str = "") -> Response:
    """A document of the answer, for whoever has the code."""
    with transaction(actor) as tx:
        asked, _ = _kept(request, tx)
        if asked is None:
            return see_other("/information/follow")
        key = uuid_of(file)
        if key is None:
            raise NOT_FOUND(thing="file")
        found = reading.document(tx, asked, key, drafts=False)
    return served(request, found)


@router.post("/information/forget")
def forget_form(_actor: AnyActor) -> Response:
    """A telephone is often shared: it forgets the code at once."""
    response = see_other("/information/follow")
    kept.forget(response)
    return response


def _kept(request: Request, tx: Tx) -> tuple[InformationRequest | None, str]:
    """The request that her browser holds the code of."""
    held = kept.read(request)
    if held is None:
        return None, ""
    try:
        return asking.follow(tx, held), held.code
    except Problem:
        return None, ""


def _form(request: Request, tx: Tx, typed: dict[str, str], refusal: Problem | None = None) -> Response:
    answer = refused(refusal, request, tx.actor)
    context: dict[str, Any] = {
        "typed": typed,
        "key": typed.get("key") or token_hex(16),
        "provinces": provinces_served(tx),
        "languages": LANGUAGES,
        "mine": reading.mine(tx),
        "years": reading.yearly(tx),
        "longest": LONGEST,
        "wrong": dict(answer["errors"]),
    }
    return render(request, tx.actor, "obligations/ask.html", **answer, **context)


def _follow(
    request: Request, actor: AnyActor, typed: dict[str, str], refusal: Problem | None = None
) -> Response:
    answer = (
        refused(refusal, request, actor)
        if refusal is None or refusal.status != 404
        else _unknown(refusal, request, actor)
    )
    return render(
        request, actor, "obligations/follow.html", **answer, wrong=dict(answer["errors"]), typed=typed
    )


def _unknown(refusal: Problem, request: Request, actor: AnyActor) -> dict[str, Any]:
    """A wrong code is told on the same page, with what was typed."""
    from ...web.problems import describe

    return {"status": 404, "said": describe(refusal, language_of(request, actor)), "errors": []}
