"""The officer's pages: who reads what, and one review."""

from collections.abc import Callable, Mapping
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from ...core.actor import Actor
from ...core.errors import Problem
from ...core.tx import Tx, transaction
from ...people.models import Role
from ...web.deps import PageActor
from ...web.forms import Typed, attempt, hour_typed, read, refused
from ...web.render import render
from .. import commands, queries
from ..lifecycle import LIFECYCLE
from ..models import Assignment
from ..queries import UNFINISHED
from ..schemas import SharingIn

router = APIRouter()


@router.get("/das/calls/{call_id}/assignments")
def board_page(
    request: Request,
    actor: PageActor,
    call_id: UUID,
    done: Annotated[int | None, Query(ge=0, le=10**6)] = None,
    strangers: Annotated[int, Query(ge=0, le=10**6)] = 0,
) -> Response:
    """Load of each evaluator, readers of each dossier, what nobody reads yet and why."""
    with transaction(actor) as tx:
        return board_again(request, tx, call_id, done=done, strangers=strangers)


@router.post("/das/calls/{call_id}/assignments")
def share_form(request: Request, actor: PageActor, call_id: UUID, typed: Typed) -> Response:
    """Share out what is missing, evenly, nobody above the number of dossiers typed."""

    def share(tx: Tx) -> commands.Assigned:
        most = typed.get("most", "").strip() or None
        asked = read(SharingIn, {"call_id": call_id, "most": most})
        return commands.assign_call(tx, asked.call_id, most=asked.most)

    return attempt(
        actor,
        share,
        lambda done: (
            f"/das/calls/{call_id}/assignments?"
            + urlencode({"done": len(done.created), "strangers": len(done.without_expert)})
        ),
        lambda tx, refusal: board_again(request, tx, call_id, refusal=refusal, most=typed.get("most", "")),
    )


@router.get("/das/assignments/{assignment_id}")
def steer_page(request: Request, actor: PageActor, assignment_id: UUID) -> Response:
    """One review: more time for its author, or back to her once signed."""
    with transaction(actor) as tx:
        return steer_again(request, tx, assignment_id)


@router.post("/das/assignments/{assignment_id}/reopen")
def reopen_form(request: Request, actor: PageActor, assignment_id: UUID, typed: Typed) -> Response:
    """Send a signed review back with its reason."""
    return _do(
        request,
        actor,
        assignment_id,
        typed,
        lambda tx: commands.reopen(tx, assignment_id, typed.get("reason", "")[:1000]),
    )


@router.post("/das/assignments/{assignment_id}/extend")
def extend_form(request: Request, actor: PageActor, assignment_id: UUID, typed: Typed) -> Response:
    """Give the evaluator until another hour."""
    return _do(
        request,
        actor,
        assignment_id,
        typed,
        lambda tx: commands.extend(tx, assignment_id, hour_typed(typed.get("due_at", ""), "due_at")),
    )


def _do(
    request: Request,
    actor: Actor,
    assignment_id: UUID,
    typed: Mapping[str, str],
    act: Callable[[Tx], Assignment],
) -> Response:
    """Do it to the review, then the call's board; refused, the review's page with what was typed."""
    return attempt(
        actor,
        act,
        lambda found: f"/das/calls/{found.call_id}/assignments",
        lambda tx, refusal: steer_again(request, tx, assignment_id, typed, refusal),
    )


def steer_again(
    request: Request,
    tx: Tx,
    assignment_id: UUID,
    typed: Mapping[str, str] | None = None,
    refusal: Problem | None = None,
) -> Response:
    answer = refused(refusal, request, tx.actor)
    found = queries.steered(tx, assignment_id)
    return render(
        request,
        tx.actor,
        "reviews/steer.html",
        **answer,
        found=found,
        assignment=found.assignment,
        reopens="reopen" in LIFECYCLE.available(tx, found.assignment),
        extends=found.assignment.state in UNFINISHED,
        others=queries.others(tx, found.assignment),
        typed=typed or {},
    )


def _steers(tx: Tx, province_code: str) -> bool:
    """Whether she may give more time and send reviews back: the province's officer or chair."""
    places = tx.actor.provinces(Role.OFFICER, Role.CHAIR)
    return None in places or province_code in places


def board_again(  # noqa: PLR0913 (what the page is shown with)
    request: Request,
    tx: Tx,
    call_id: UUID,
    *,
    done: int | None = None,
    strangers: int = 0,
    most: str = "",
    refusal: Problem | None = None,
) -> Response:
    board = queries.board(tx, call_id)  # to whom it is hidden, nothing is said of it: 404 before 403
    may_share = tx.may(["call.assign"], board.call)["call.assign"]
    return render(
        request,
        tx.actor,
        "reviews/board.html",
        **refused(refusal, request, tx.actor),
        board=board,
        moved=queries.moved(tx, call_id),
        call=board.call,
        heaviest=max((load.assigned + load.open + load.signed for load in board.loads), default=1) or 1,
        may_share=may_share,
        unplaced=queries.without_commune(tx, board.call.province_code) if may_share else [],
        steers=_steers(tx, board.call.province_code),
        done=done,
        strangers=strangers,
        most=most,
    )
