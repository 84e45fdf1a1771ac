"""Who reads what, by hand: a dossier and its candidates, one review taken back, a third reader."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...core.errors import Problem
from ...core.tx import Tx, transaction
from ...web.deps import PageActor
from ...web.forms import Typed, attempt, refused, uuid_of, uuid_typed
from ...web.render import render
from .. import commands, queries
from .officer import board_again, steer_again

router = APIRouter()


@router.get("/das/assignments/of/{application_id}/readers")
def readers_page(request: Request, actor: PageActor, application_id: UUID) -> Response:
    """The evaluators of the province, those who may be asked first at the top."""
    with transaction(actor) as tx:
        return _readers(request, tx, application_id)


@router.post("/das/assignments/of/{application_id}/readers")
def give_form(request: Request, actor: PageActor, application_id: UUID, typed: Typed) -> Response:
    """Give the dossier to one of them."""
    return attempt(
        actor,
        lambda tx: commands.assign(
            tx, application_id, uuid_typed(typed.get("evaluator_id", ""), "evaluator_id")
        ),
        f"/das/assignments/of/{application_id}/readers",
        lambda tx, refusal: _readers(request, tx, application_id, refusal),
    )


@router.post("/das/assignments/of/{application_id}/reread")
def reread_form(request: Request, actor: PageActor, application_id: UUID) -> Response:
    """One more reader for a dossier on which those before disagree."""
    return attempt(
        actor,
        lambda tx: commands.reread(tx, application_id),
        lambda made: f"/das/calls/{made.call_id}/assignments?done=1",
        lambda tx, refusal: _after_reread(request, tx, application_id, refusal),
    )


@router.post("/das/assignments/{assignment_id}/withdraw")
def withdraw_form(request: Request, actor: PageActor, assignment_id: UUID, typed: Typed) -> Response:
    """Take the dossier back; given to somebody else when one was chosen."""
    other, reason = uuid_of(typed.get("evaluator_id", "")), typed.get("reason", "")

    def act(tx: Tx) -> object:
        if other:
            return commands.replace(tx, assignment_id, other, reason)
        return commands.withdraw(tx, assignment_id, reason)

    return attempt(
        actor,
        act,
        lambda found: f"/das/calls/{found.call_id}/assignments",
        lambda tx, refusal: steer_again(request, tx, assignment_id, typed, refusal),
    )


def _after_reread(request: Request, tx: Tx, application_id: UUID, refusal: Problem) -> Response:
    """The board, with why nobody was sent."""
    return board_again(request, tx, queries.giving(tx, application_id).application.call_id, refusal=refusal)


def _readers(request: Request, tx: Tx, application_id: UUID, refusal: Problem | None = None) -> Response:
    answer = refused(refusal, request, tx.actor)
    found = queries.giving(tx, application_id)
    return render(request, tx.actor, "reviews/readers.html", **answer, found=found)
