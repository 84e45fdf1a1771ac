"""The ledger as a page, and the mail that a demonstration caught."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from ..core.config import settings
from ..core.errors import NOT_FOUND, Problem
from ..core.i18n import label
from ..core.tx import transaction
from ..people.models import Role
from ..web import nav
from ..web.deps import AnyActor, EntryActor, PageActor
from ..web.forms import refused, see_other
from ..web.render import language_of, render
from . import caught, commands, queries
from .messages import templates
from .models import MessageState

router = APIRouter()
nav.entry(
    "/messages", "nav.messages", {Role.OFFICER, Role.AUDITOR, Role.ADMINISTRATOR, Role.COORDINATION}, 90
)


@router.get("/messages")
def messages_page(
    request: Request,
    actor: EntryActor,
    state: Annotated[str, Query(max_length=20)] = "",
    template: Annotated[str, Query(max_length=80)] = "",
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
) -> Response:
    """Who was told what, and what did not arrive: trouble first."""
    return _ledger(request, actor, state, template, cursor)


@router.post("/messages/{message_id}/resend")
def resend_form(request: Request, actor: PageActor, message_id: UUID) -> Response:
    """Send it again."""
    try:
        with transaction(actor) as tx:
            commands.resend(tx, message_id)
    except Problem as refusal:
        return _ledger(request, actor, "", "", None, refusal)
    return see_other("/messages?done=1")


def _ledger(
    request: Request,
    actor: PageActor,
    state: str,
    template: str,
    cursor: str | None,
    refusal: Problem | None = None,
) -> Response:
    answer = refused(refusal, request, actor)
    lang = language_of(request, actor)
    with transaction(actor) as tx:
        chosen = MessageState(state) if state in set(MessageState) else None
        kind = template if template in templates() else None
        page = queries.listed(tx, queries.Filter(chosen, kind), cursor, 40)
        kept = {"state": chosen or "", "template": kind or ""}
        return render(
            request,
            actor,
            "notifications/ledger.html",
            **answer,
            rows=[(message, name, queries.subject(message)) for message, name in page.items],
            following=f"/messages?{urlencode(kept | {'cursor': page.next})}" if page.next else None,
            counts=queries.counts(tx),
            states=list(MessageState),
            kinds=sorted((label(lang, f"mail.{name}"), name) for name in templates()),
            state=chosen or "",
            kind=kind or "",
            may_resend=bool(actor.roles & {Role.OFFICER, Role.ADMINISTRATOR}),
            done="event.message.resent" if "done" in request.query_params and not refusal else None,
        )


def _box() -> Path:
    """The folder of caught mail, in a demonstration; otherwise there is no such page."""
    folder = settings().mail_dir
    if folder is None or not settings().demo:
        raise NOT_FOUND(thing="page")
    return folder


@router.get("/demo/mail")
def caught_page(request: Request, actor: AnyActor) -> Response:
    """The messages that a demonstration sent: they reached nobody."""
    folder = _box()
    return render(
        request, actor, "notifications/caught.html", mails=caught.newest(folder), count=caught.count(folder)
    )


@router.get("/demo/mail/{name}")
def caught_message_page(request: Request, actor: AnyActor, name: str) -> Response:
    """One of them, as text."""
    found = caught.read(_box(), name)
    if found is None:
        raise NOT_FOUND(thing="message")
    return render(request, actor, "notifications/mail.html", mail=found)
