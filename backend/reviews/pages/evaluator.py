"""The evaluator's pages: her stack, the declaration of conflict alone, then the dossier and its grid."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...core.errors import INVALID, NOT_FOUND, FieldError, Problem
from ...core.tx import Tx, transaction
from ...files.serving import served
from ...web.deps import EntryActor, PageActor
from ...web.forms import Typed, attempt, refused, see_other, version_of
from ...web.render import render, wants_block
from .. import commands, queries
from ..models import Assignment, AssignmentState
from .scoring import UNFINISHED, following_page, scoring_page

router = APIRouter()


@router.get("/reviews")
def stack_page(request: Request, actor: EntryActor) -> Response:
    """What is left to judge, the nearest deadline first; what is signed; what was recused."""
    with transaction(actor) as tx:
        lines = queries.stack(tx)
    by_state = {
        state: [line for line in lines if line.assignment.state is state] for state in AssignmentState
    }
    return render(
        request,
        actor,
        "reviews/stack.html",
        lines=lines,
        todo=[line for line in lines if line.assignment.state in UNFINISHED and line.title is not None],
        signed=[line for line in by_state[AssignmentState.SIGNED] if line.title],
        abstained=[line for line in by_state[AssignmentState.ABSTAINED] if line.title],
        recused=[line for line in lines if line.title is None],
        after=request.query_params.get("after", ""),
    )


@router.get("/reviews/{assignment_id}")
def review_page(request: Request, actor: PageActor, assignment_id: UUID) -> Response:
    """First the declaration, alone; then the dossier beside its grid; nothing any more after a recusal."""
    with transaction(actor) as tx:
        found = _own(tx, assignment_id)
        if found.state is AssignmentState.ASSIGNED:
            return _declaration(request, tx, assignment_id)
        if found.state in (AssignmentState.RECUSED, AssignmentState.ABSTAINED):
            return render(request, actor, "reviews/closed.html", assignment=found)
        return scoring_page(request, tx, assignment_id)


@router.get("/reviews/{assignment_id}/documents/{file_id}")
def review_document(request: Request, actor: PageActor, assignment_id: UUID, file_id: UUID) -> Response:
    """A file of the dossier that she judges, as it was deposited; 404 before her declaration."""
    with transaction(actor) as tx:
        file = queries.paper(tx, assignment_id, file_id)
    return served(request, file)


@router.post("/reviews/{assignment_id}/declare")
def declare_form(request: Request, actor: PageActor, assignment_id: UUID, typed: Typed) -> Response:
    """Keep the declaration; a conflict leads back to the stack, the rest into the dossier."""
    conflict = typed.get("conflict")

    def act(tx: Tx) -> None:
        if conflict not in ("yes", "no"):
            raise INVALID([FieldError("conflict", "missing")])
        version = version_of(typed.get("version", ""))
        commands.declare(tx, assignment_id, conflict == "yes", typed.get("reason", ""), version)

    return attempt(
        actor,
        act,
        "/reviews?after=recused" if conflict == "yes" else f"/reviews/{assignment_id}",
        lambda tx, refusal: _declaration(request, tx, assignment_id, typed, refusal),
    )


@router.post("/reviews/{assignment_id}/abstain")
def abstain_form(request: Request, actor: PageActor, assignment_id: UUID, typed: Typed) -> Response:
    """She cannot judge it, and says why; then the next dossier of her stack."""
    version = version_of(typed.get("version", ""))
    return attempt(
        actor,
        lambda tx: commands.abstain(tx, assignment_id, typed.get("reason", ""), version),
        "/reviews?after=abstained",
        lambda tx, refusal: scoring_page(request, tx, assignment_id, None, refusal),
    )


@router.post("/reviews/{assignment_id}")
def score_form(request: Request, actor: PageActor, assignment_id: UUID, typed: Typed) -> Response:
    """Keep what was marked; then sign if that was asked. Typed words come back whatever happens."""
    try:
        marks, notes = _read(typed)
        with transaction(actor) as tx:
            saved = commands.save(tx, assignment_id, marks, notes, version_of(typed.get("version", "")))
        if typed.get("act") == "sign":
            with transaction(actor) as tx:
                commands.sign(tx, assignment_id, saved.version)
                following = following_page(tx, assignment_id)
            return see_other(following)
    except Problem as refusal:
        with transaction(actor) as tx:
            return scoring_page(request, tx, assignment_id, typed, refusal)
    if wants_block(request):
        with transaction(actor) as tx:
            return scoring_page(request, tx, assignment_id)
    return see_other(f"/reviews/{assignment_id}?saved=1")


def _own(tx: Tx, assignment_id: UUID) -> Assignment:
    found = queries.assignment(tx, assignment_id)
    if found.evaluator_id != tx.actor.id or found.state is AssignmentState.WITHDRAWN:
        raise NOT_FOUND(thing="assignment")
    return found


def _declaration(
    request: Request,
    tx: Tx,
    assignment_id: UUID,
    typed: Mapping[str, str] | None = None,
    refusal: Problem | None = None,
) -> Response:
    answer = refused(refusal, request, tx.actor)
    who = queries.identity(tx, assignment_id)
    return render(
        request,
        tx.actor,
        "reviews/declare.html",
        **answer,
        who=who,
        typed=typed or {},
    )


def _read(typed: Mapping[str, str]) -> tuple[dict[str, int | None], dict[str, str | None]]:
    """Marks and notes out of the form's fields `marks.<criterion>` and `notes.<criterion>`."""
    marks: dict[str, int | None] = {}
    notes: dict[str, str | None] = {}
    for key, value in typed.items():
        kind, _, code = key.partition(".")
        if kind == "notes":
            notes[code] = value.replace("\r\n", "\n")
        elif kind == "marks":
            if not (value.isascii() and value.isdigit() and len(value) < 4):
                raise INVALID([FieldError(key, "int_parsing")])
            marks[code] = int(value)
    return marks, notes
