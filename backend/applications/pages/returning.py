"""The officer sends a dossier back to be completed: what she asks, in one page, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...core.actor import Actor
from ...core.errors import Problem
from ...core.i18n import translate
from ...core.shapes import written
from ...core.tx import Tx, transaction
from ...web.deps import PageActor
from ...web.forms import attempt, see_other
from ...web.language import language_of
from ...web.render import render
from .. import commands, queries
from ..completeness import call_form
from ..completion import askable, due_on, lacking
from ..forms import documents_asked
from ..lifecycle import LIFECYCLE, progress
from ..terms import terms
from .parts import Form, messages, told

router = APIRouter()


@router.get("/das/applications/{application_id}/return")
def ask_completion_page(request: Request, actor: PageActor, application_id: UUID) -> Response:
    """What may be asked, and until which day the holder would have."""
    with transaction(actor) as tx:
        return _page(request, actor, tx, application_id)


@router.post("/das/applications/{application_id}/return")
def ask_completion_form(request: Request, actor: PageActor, application_id: UUID, form: Form) -> Response:
    """Send it back."""
    items = [str(item)[:100] for item in form.getlist("items")][:100]
    note = str(form.get("note") or "")
    return attempt(
        actor,
        lambda tx: commands.ask_completion(
            tx, application_id, items, written(note, "note", 2000) if note.strip() else ""
        ),
        f"/das/applications/{application_id}",
        lambda tx, refusal: _page(request, actor, tx, application_id, Typed(items, note, refusal)),
    )


@dataclass(frozen=True)
class Typed:
    """What the officer ticked and wrote, and why it was refused."""

    items: Sequence[str] = ()
    note: str = ""
    problem: Problem | None = None


BLANK = Typed()


def _page(request: Request, actor: Actor, tx: Tx, application_id: UUID, typed: Typed = BLANK) -> Response:
    application = queries.one(tx, application_id)
    tx.allow("application.screen", application)
    if "return" not in LIFECYCLE.available(tx, application) and typed.problem is None:
        return see_other(f"/das/applications/{application_id}")
    refusal: Any = told(typed.problem, request, actor) if typed.problem else None
    due: date = due_on(tx, application)
    file = terms(application.call).file
    return render(
        request,
        actor,
        "applications/das_return.html",
        status=refusal.status if refusal else 200,
        application=application,
        asked=askable(application),
        chosen=typed.items,
        note=typed.note,
        due=due,
        lacking=lacking(progress(tx, application, application.content)),
        documents=documents_asked(file, call_form(application.organisation.legal_form)),
        refusal=refusal,
        wrong=_wrong(typed.problem, language_of(request, actor)),
    )


def _wrong(problem: Problem | None, lang: str) -> list[tuple[str, str]]:
    """The faults of the form; the list in which nothing was ticked is named."""
    ticked = translate(lang, "Cochez au moins une ligne de la liste « Que faut-il compléter ? »")
    found = messages(lang, problem.errors) if problem else []
    missing = {one.field for one in problem.errors if one.code == "missing"} if problem else set[str]()
    return [(name, ticked if name == "items" and name in missing else words) for name, words in found]
