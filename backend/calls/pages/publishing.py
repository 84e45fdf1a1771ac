"""Before a call is published: what it says, what deserves a second look, who will be told."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from backend.core.actor import Actor
from backend.core.errors import FORBIDDEN, Problem
from backend.core.tx import Tx, transaction
from backend.web.deps import PageActor
from backend.web.forms import Typed, attempt, see_other, told, version_of
from backend.web.problems import describe
from backend.web.render import language_of, render

from .. import commands, queries
from ..callfile.cautions import cautions
from ..editor import draft, sheet
from ..editor.faults import located
from ..lifecycle import PUBLISHABLE, committee_of, phase
from ..models import Call, CallState
from ..terms import MONEY_RULES

router = APIRouter()


@router.get("/das/calls/{call_id}/publish")
def publish_page(request: Request, actor: PageActor, call_id: UUID) -> Response:
    """What will be published, before it is; once it is, its page."""
    with transaction(actor) as tx:
        call = tx.get(Call, call_id, "call.read")
        if not tx.may(["call.publish"], call)["call.publish"]:
            raise FORBIDDEN(rule="call.publish")
        if call.state is not CallState.DRAFT:
            return see_other(f"/das/calls/{call_id}")
        return _page(request, actor, tx, call)


@router.post("/das/calls/{call_id}/publish")
def publish(request: Request, actor: PageActor, call_id: UUID, typed: Typed) -> Response:
    """Open the draft to the public, as it was read on the page before; 412 when it changed meanwhile.

    A call that is published already (in another tab) shows its page, which says since when.
    """

    def again(tx: Tx, refusal: Problem) -> Response:
        call = tx.get(Call, call_id, "call.read")
        if call.state is not CallState.DRAFT:
            return see_other(f"/das/calls/{call_id}")
        return _page(request, actor, tx, call, refusal)

    version = version_of(typed.get("version", ""))
    return attempt(actor, lambda tx: commands.publish(tx, call_id, version), f"/das/calls/{call_id}", again)


def _page(request: Request, actor: Actor, tx: Tx, call: Call, refusal: Problem | None = None) -> Response:
    lang = language_of(request, actor)
    file = queries.definition(call)
    draft_call = call.state is CallState.DRAFT
    missing = [found for guard in PUBLISHABLE if draft_call and (found := guard(tx, call))]
    rules = queries.rules_in_words(file)
    opened = draft.current(tx, call) if draft_call else None
    warned: Any = sheet.links(opened, located(cautions(file))) if opened else []
    said = told(refusal, request, actor) if refusal else None
    return render(
        request,
        actor,
        "calls/das_publish.html",
        status=refusal.status if refusal else 200,
        call=call,
        phase=phase(call, tx.now),
        file=file,
        money=[rule for rule in rules if rule.code in MONEY_RULES],
        rules=rules,
        committee=committee_of(tx, call),
        cautions=warned,
        again=len(opened.kept.to_reread or ()) if opened and opened.kept else 0,
        missing=[describe(problem, lang) for problem in missing],
        publishable=draft_call and not missing,
        past_opening=call.opens_at <= tx.now,
        said=said,
    )
