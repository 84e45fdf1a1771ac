"""The officer's pages: screening with its preview, one file with its reasons."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlalchemy.orm import defer
from starlette.responses import Response

from ...calls.models import Call
from ...core.actor import Actor
from ...core.calendar import local
from ...core.errors import Problem
from ...core.events import Event
from ...core.shapes import written
from ...core.tx import Tx, transaction
from ...files import queries as files
from ...people import queries as people
from ...people.models import Sex
from ...web.deps import PageActor
from ...web.forms import attempt, see_other
from ...web.language import language_of
from ...web.links import links_of
from ...web.render import render
from .. import commands, deposits, noting, queries, screening, still_open
from ..completeness import call_form
from ..documents import provided_in
from ..forms import documents_asked
from ..lifecycle import LIFECYCLE, progress
from ..schemas import DECLARATIONS
from ..terms import terms
from ..totals import sums
from .parts import Form, named, told

router = APIRouter()


@dataclass
class Lived:
    """A line of a dossier's history; sections saved one after another make one line."""

    name: str
    at: datetime
    actor_name: str
    sections: list[str] = field(default_factory=list)


def folded(history: Iterable[Event]) -> list[Lived]:
    """The history, the latest first, with the saves of one person on one day folded into one line."""
    lines: list[Lived] = []
    for event in history:
        section: str = event.data.get("section", "")
        last = lines[-1] if lines else None
        same = (
            last
            and section
            and last.sections
            and (last.name, last.actor_name, local(last.at).date())
            == (event.name, event.actor_name, local(event.at).date())
        )
        if last and same:
            last.sections += [section] if section not in last.sections else []
        else:
            lines.append(Lived(event.name, event.at, event.actor_name, [section] if section else []))
    return lines


@router.get("/das/calls/{call_id}/screening")
def preview(request: Request, actor: PageActor, call_id: UUID) -> Response:
    """What screening all the deposited dossiers will do, to be confirmed."""
    with transaction(actor) as tx:
        return _preview(request, actor, tx, call_id)


@router.post("/das/calls/{call_id}/screening")
def screen(request: Request, actor: PageActor, call_id: UUID, form: Form) -> Response:
    """Do it, if it still is what she confirmed."""
    seen = str(form.get("seen") or "") or None
    return attempt(
        actor,
        lambda tx: screening.screen_call(tx, call_id, seen),
        f"/das/calls/{call_id}/applications",
        lambda tx, refusal: _preview(request, actor, tx, call_id, told(refusal, request, actor)),
    )


def _preview(request: Request, actor: Actor, tx: Tx, call_id: UUID, refusal: Any = None) -> Response:
    found = screening.preview(tx, call_id)
    closing = still_open.latest_closing(tx, [*found.admitted, *found.refused])
    groups = screening.concerned(tx, found)
    return render(
        request,
        actor,
        "applications/das_screen.html",
        status=refusal.status if refusal else 200,
        call=tx.get(Call, call_id, "call.read", options=(defer(Call.definition),)),
        found=found,
        closing=closing,
        groups=groups,
        refusals=queries.titles_of_refusals(tx, [row.id for one in groups for row in one.rows]),
        titles={code: title for code, title, _ in queries.refused_by_rule(tx, call_id)},
        refusal=refusal,
    )


@router.get("/das/applications/{application_id}")
def one_file(
    request: Request,
    actor: PageActor,
    application_id: UUID,
    history: Annotated[str | None, Query(max_length=2000)] = None,
) -> Response:
    """The dossier, the rules with their reasons, its history from the latest back; `history` is a cursor."""
    with transaction(actor) as tx:
        return _file(request, actor, tx, application_id, history)


@router.get("/das/applications/{application_id}/admit")
def ask_admission(request: Request, actor: PageActor, application_id: UUID) -> Response:
    """What declaring the dossier eligible does, to be confirmed."""
    with transaction(actor) as tx:
        return _confirm(request, actor, tx, application_id, Act("admit"))


@router.post("/das/applications/{application_id}/admit")
def admit(request: Request, actor: PageActor, application_id: UUID) -> Response:
    """Eligible."""
    return attempt(
        actor,
        lambda tx: commands.admit(tx, application_id),
        f"/das/applications/{application_id}",
        lambda tx, refusal: _confirm(request, actor, tx, application_id, Act("admit", refusal)),
    )


@router.get("/das/applications/{application_id}/refuse")
def ask_refusal(request: Request, actor: PageActor, application_id: UUID) -> Response:
    """What declaring the dossier ineligible does, with its reasons, to be confirmed."""
    with transaction(actor) as tx:
        return _confirm(request, actor, tx, application_id, Act("refuse"))


@router.post("/das/applications/{application_id}/refuse")
def refuse(request: Request, actor: PageActor, application_id: UUID, form: Form) -> Response:
    """Not eligible, with the rule or the written reason."""
    reason = str(form.get("reason") or "")
    return attempt(
        actor,
        lambda tx: commands.refuse(
            tx, application_id, written(reason, "reason", 2000) if reason.strip() else None
        ),
        f"/das/applications/{application_id}",
        lambda tx, refusal: _confirm(request, actor, tx, application_id, Act("refuse", refusal, reason)),
    )


@dataclass(frozen=True)
class Act:
    """What an officer is about to do with a dossier; why it was refused; the reason as she typed it."""

    verb: str
    problem: Problem | None = None
    reason: str = ""


def _confirm(request: Request, actor: Actor, tx: Tx, application_id: UUID, act: Act) -> Response:
    """The effect of the act, its reasons, and the button that does it; the dossier once it cannot be done."""
    refusal = told(act.problem, request, actor) if act.problem else None
    application = queries.one(tx, application_id)
    tx.allow("application.screen", application)
    verbs = LIFECYCLE.available(tx, application)
    if act.verb not in verbs and not refusal:
        return see_other(f"/das/applications/{application_id}")
    _, results = queries.judged(tx, application)
    return render(
        request,
        actor,
        "applications/das_confirm.html",
        status=refusal.status if refusal else 200,
        application=application,
        act=act,
        possible=act.verb in verbs,
        closing=still_open.latest_closing(tx, [application.id]),
        refused=[one for one in results if one.refuses and one.outcome == "fail"],
        refusal=refusal,
    )


def _file(request: Request, actor: Actor, tx: Tx, application_id: UUID, cursor: str | None) -> Response:
    application = queries.one(tx, application_id)
    tx.allow("dossiers.read", application.call)  # its holder has a page of her own
    organisation = application.organisation
    stored, results = queries.judged(tx, application)
    lived = queries.history(tx, application, cursor)
    sent = [UUID(one["file"]) for one in provided_in(application.content) if one.get("file")]
    return render(
        request,
        actor,
        "applications/das_file.html",
        application=application,
        call=application.call,
        organisation=organisation,
        women=sum(one.sex is Sex.WOMAN for one in organisation.members),
        content=application.content,
        sums=sums(application.content),
        stored=stored,
        results=results,
        refused=[one for one in results if one.refuses and one.outcome == "fail"],
        history=folded(lived.items),
        older=lived.next,
        earlier=cursor is not None,
        holders=people.representatives(tx, organisation.id),
        notes=noting.notes(tx, application_id),
        clock=deposits.clock(tx, application),
        filed=deposits.filed_by(tx, application),
        lacking=[one for one in progress(tx, application, application.content) if one.missing],
        refusal=queries.refusal(tx, application),
        links=links_of(tx, "application", application),
        documents=documents_asked(terms(application.call).file, call_form(organisation.legal_form)),
        declarations=DECLARATIONS,
        unscanned=files.unscanned(tx, sent),
        name=named(language_of(request, actor)),
        verbs=LIFECYCLE.available(tx, application),
    )
