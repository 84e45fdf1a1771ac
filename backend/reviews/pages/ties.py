"""Ties to confirm: the officer reads why, then confirms or dismisses with her reason."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...core.errors import NOT_FOUND, Problem
from ...core.tx import Tx, transaction
from ...web.deps import Cursor, EntryActor, PageActor
from ...web.forms import Typed, attempt, refused, uuid_of
from ...web.render import render
from .. import commands, queries
from ..models import SuspicionState

router = APIRouter(prefix="/das/ties")
ACTS = {"confirm": commands.confirm, "dismiss": commands.dismiss}


@router.get("")
def ties_page(
    request: Request, actor: EntryActor, state: str = "to_confirm", call: str = "", cursor: Cursor = None
) -> Response:
    """Of the province or of one call, those to decide first."""
    wanted = SuspicionState(state) if state in list(SuspicionState) else None
    with transaction(actor) as tx:
        page = queries.ties_listed(tx, state=wanted, call_id=uuid_of(call), cursor=cursor)
        found = queries.told_ties(tx, page.items)
    return render(
        request,
        actor,
        "reviews/ties.html",
        found=found,
        next=page.next,
        state=wanted or "",
        call=uuid_of(call) or "",
        states=list(SuspicionState),
    )


@router.get("/{tie_id}")
def tie_page(request: Request, actor: PageActor, tie_id: UUID) -> Response:
    """One evaluator and one holder, and why the platform wonders."""
    with transaction(actor) as tx:
        return _tie(request, tx, tie_id)


@router.post("/{tie_id}/{verb}")
def decide_tie(request: Request, actor: PageActor, tie_id: UUID, verb: str, typed: Typed) -> Response:
    """`verb` is confirm or dismiss, as the button says."""
    if verb not in ACTS:
        raise NOT_FOUND(thing="suspected_tie")
    return attempt(
        actor,
        lambda tx: ACTS[verb](tx, tie_id, typed.get("reason", "")),
        f"/das/ties/{tie_id}",
        lambda tx, refusal: _tie(request, tx, tie_id, typed | {"verb": verb}, refusal),
    )


def _tie(
    request: Request,
    tx: Tx,
    tie_id: UUID,
    typed: dict[str, str] | None = None,
    refusal: Problem | None = None,
) -> Response:
    answer = refused(refusal, request, tx.actor)
    one = queries.suspected(tx, tie_id)
    decides = (
        one.tie.state is SuspicionState.TO_CONFIRM
        and tx.may(["suspected_tie.decide"], one.tie)["suspected_tie.decide"]
    )
    return render(
        request, tx.actor, "reviews/tie.html", **answer, one=one, decides=decides, typed=typed or {}
    )
