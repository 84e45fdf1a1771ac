"""The financial model before an evaluator: behind its gate, then in full; her marks stay hers to change."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...applications.viability import DRAWS
from ...applications.viability_inputs import read_at
from ...applications.viability_shown import page
from ...core.tx import Tx, transaction
from ...web.deps import PageActor
from ...web.forms import attempt, refused
from ...web.language import language_of
from ...web.render import render
from .. import commands, queries

router = APIRouter()


@router.get("/reviews/{assignment_id}/viability")
def model_page(request: Request, actor: PageActor, assignment_id: UUID) -> Response:
    """What the plan becomes, once she has asked to see it; before, what she marks first."""
    with transaction(actor) as tx:
        return _page(request, tx, assignment_id)


@router.post("/reviews/{assignment_id}/viability")
def see_model(request: Request, actor: PageActor, assignment_id: UUID) -> Response:
    """She asks to see it: the moment and her marks are kept."""
    return attempt(
        actor,
        lambda tx: commands.see_viability(tx, assignment_id),
        f"/reviews/{assignment_id}/viability",
        lambda tx, refusal: _page(request, tx, assignment_id, refusal),
    )


def _page(request: Request, tx: Tx, assignment_id: UUID, refusal: object = None) -> Response:
    lang = language_of(request, tx.actor)
    found = queries.modelled(tx, assignment_id, DRAWS)
    return render(
        request,
        tx.actor,
        "reviews/viability.html",
        **refused(refusal, request, tx.actor),  # type: ignore[arg-type]
        assignment=found.opened.assignment,
        application=found.opened.application,
        call=found.opened.call,
        gate=found.gate,
        v=page(found.study, lang) if found.study else None,
        where=read_at(f"/reviews/{assignment_id}", found.opened.call),
        content=found.opened.content,
        documents=(),
        whole=request.query_params.get("open") == "all",
    )
