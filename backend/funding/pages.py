"""Conventions as pages: the officer's list whose sums add up, and the money of one project."""

from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import Response

from ..core.calendar import local
from ..core.errors import Problem
from ..core.tx import Tx, transaction
from ..people.models import Role
from ..people.policy import OVERSEERS
from ..web import nav
from ..web.deps import EntryActor, PageActor
from ..web.forms import Typed, attempt, day_typed, refused, see_other, uuid_of, version_of
from ..web.links import links_of
from ..web.render import render
from . import commands, ending, hooks, links, queries  # noqa: F401 (hooks and links declare themselves)
from .models import ConventionState, TrancheState

router = APIRouter()
nav.entry(
    "/conventions",
    "nav.conventions",
    {Role.OFFICER, Role.CHAIR, Role.COACH, Role.HOLDER},
    60,
    also=("/projects",),
    others=OVERSEERS,
)

Text = Annotated[str, Form(max_length=5000)]
DONE = {
    "prepare": "event.convention.prepared",
    "prove": "event.convention.own_proven",
    "sign": "event.convention.signed",
    "release": "event.tranche.released",
    "cancel": "event.convention.cancelled",
}


@router.get("/conventions")
def conventions_page(
    request: Request,
    actor: EntryActor,
    state: Annotated[str, Query(max_length=20)] = "",
    call: Annotated[str, Query(max_length=40)] = "",
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
) -> Response:
    """The conventions that the reader may see; the sums are of all of them, not of this page."""
    with transaction(actor) as tx:
        chosen = ConventionState(state) if state in set(ConventionState) else None
        narrowed = queries.Filter(chosen, uuid_of(call))
        page = queries.listed(tx, narrowed, cursor, 30)
        kept = {"state": chosen or "", "call": call}
        return render(
            request,
            actor,
            "funding/list.html",
            rows=page.items,
            following=f"/conventions?{urlencode(kept | {'cursor': page.next})}" if page.next else None,
            sums=queries.sums(tx, narrowed),
            calls=queries.calls(tx),
            to_prepare=queries.to_prepare(tx),
            states=list(ConventionState),
            state=chosen or "",
            call=call,
            done=DONE.get(request.query_params.get("done", "")),
        )


@router.post("/conventions/prepare")
def prepare_form(actor: PageActor, call_id: Annotated[UUID, Form()]) -> Response:
    """Prepare every convention that a call still owes."""
    with transaction(actor) as tx:
        commands.prepare_call(tx, call_id)
    return see_other(f"/conventions?call={call_id}&done=prepare")


@router.get("/conventions/{convention_id}")
def convention_page(request: Request, actor: PageActor, convention_id: UUID) -> Response:
    """One convention: its figures, its tranches, what is to be done next."""
    with transaction(actor) as tx:
        return _page(request, tx, convention_id)


@router.post("/conventions/{convention_id}/prove-own")
def prove_form(
    request: Request, actor: PageActor, convention_id: UUID, own_evidence: Text = "", version: Text = ""
) -> Response:
    """Note the proof of the own contribution."""
    return _do(
        request, actor, convention_id, "prove",
        lambda tx: commands.prove_own(tx, convention_id, own_evidence, version_of(version)),
        {"own_evidence": own_evidence},
    )  # fmt: skip


@router.post("/conventions/{convention_id}/sign")
def sign_form(
    request: Request, actor: PageActor, convention_id: UUID, signed_on: Text = "", version: Text = ""
) -> Response:
    """Note the signature."""
    return _do(
        request, actor, convention_id, "sign",
        lambda tx: commands.sign(tx, convention_id, day_typed(signed_on, "signed_on"), version_of(version)),
        {"signed_on": signed_on},
    )  # fmt: skip


@router.post("/conventions/{convention_id}/cancel")
def cancel_form(
    request: Request, actor: PageActor, convention_id: UUID, reason: Text = "", version: Text = ""
) -> Response:
    """Cancel, with the reason."""
    return _do(
        request, actor, convention_id, "cancel",
        lambda tx: commands.cancel(tx, convention_id, reason, version_of(version)), {"reason": reason},
    )  # fmt: skip


@router.post("/conventions/{convention_id}/tranches/{tranche_id}/release")
def release_form(
    request: Request, actor: PageActor, convention_id: UUID, tranche_id: UUID, evidence: Text = ""
) -> Response:
    """Release the tranche."""
    return _do(
        request, actor, convention_id, "release",
        lambda tx: commands.release(tx, tranche_id, evidence), {"evidence": evidence},
    )  # fmt: skip


def _do(
    request: Request,
    actor: Any,
    convention_id: UUID,
    verb: str,
    act: Callable[[Tx], Any],
    typed: dict[str, str],
) -> Response:
    """Do it and show the convention; when it is refused, the same page with what was typed and why."""
    return attempt(
        actor,
        act,
        f"/conventions/{convention_id}?done={verb}",
        lambda tx, refusal: _page(request, tx, convention_id, verb, typed, refusal),
    )


def _page(
    request: Request,
    tx: Tx,
    convention_id: UUID,
    verb: str = "",
    typed: dict[str, str] | None = None,
    refusal: Problem | None = None,
) -> Response:
    names = {"evidence": "own_evidence"} if verb == "prove" else {}  # two proofs may be asked for on one page
    answer = refused(refusal, request, tx.actor, **names)
    told = queries.story(tx, convention_id)
    return render(
        request,
        tx.actor,
        "funding/convention.html",
        **answer,
        told=told,
        followed=links_of(tx, "convention", told.convention),
        c=told.convention,
        paid=[t for t in told.convention.tranches if t.state is TrancheState.RELEASED],
        typed={"own_evidence": "", "signed_on": "", "reason": "", "evidence": ""} | (typed or {}),
        refused=verb,
        today=local(tx.now).date(),
        done=DONE.get(request.query_params.get("done", "")) if not refusal else None,
    )


@router.post("/applications/{application_id}/renounce")
def renounce_form(actor: PageActor, application_id: UUID, typed: Typed) -> Response:
    """Give up what was decided; the decision's page then says so."""
    with transaction(actor) as tx:
        ending.renounce(tx, application_id, typed.get("reason", ""))
    return see_other(f"/applications/{application_id}/decision")
