"""The evaluator's pages: her stack, the declaration of conflict alone, then the dossier and its grid."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...applications.completeness import call_form
from ...applications.documents import deposited
from ...applications.totals import sums
from ...calls.queries import definition
from ...calls.rules.vocabulary import name
from ...core.errors import INVALID, NOT_FOUND, VERSION_CONFLICT, FieldError, Problem
from ...core.tx import Tx, transaction
from ...files.serving import served
from ...people.models import Sex
from ...web.deps import EntryActor, PageActor
from ...web.forms import Typed, attempt, refused, see_other, version_of
from ...web.render import language_of, render, wants_block
from .. import commands, queries
from ..lifecycle import LIFECYCLE
from ..models import Assignment, AssignmentState
from ..scoring import half_up, points, total_hundredths

router = APIRouter()
UNFINISHED = (AssignmentState.ASSIGNED, AssignmentState.OPEN)


@router.get("/reviews")
def stack_page(request: Request, actor: EntryActor) -> Response:
    """What is left to judge, the nearest deadline first; what is signed; what was recused."""
    with transaction(actor) as tx:
        lines = queries.stack(tx)
    return render(
        request,
        actor,
        "reviews/stack.html",
        lines=lines,
        todo=[line for line in lines if line.assignment.state in UNFINISHED and line.title is not None],
        signed=[line for line in lines if line.assignment.state is AssignmentState.SIGNED and line.title],
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
        if found.state is AssignmentState.RECUSED:
            return render(request, actor, "reviews/closed.html", assignment=found)
        return _scoring(request, tx, assignment_id)


@router.get("/reviews/{assignment_id}/documents/{file_id}")
def review_document(request: Request, actor: PageActor, assignment_id: UUID, file_id: UUID) -> Response:
    """A file of the dossier that she judges, as it was deposited; 404 before her declaration."""
    with transaction(actor) as tx:
        file = deposited(tx, queries.dossier(tx, assignment_id).application, file_id)
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
            with transaction(actor) as tx:
                return see_other(_next(tx, assignment_id))
    except Problem as refusal:
        with transaction(actor) as tx:
            return _scoring(request, tx, assignment_id, typed, refusal)
    if wants_block(request):
        with transaction(actor) as tx:
            return _scoring(request, tx, assignment_id)
    return see_other(f"/reviews/{assignment_id}?saved=1")


def _own(tx: Tx, assignment_id: UUID) -> Assignment:
    found = queries.assignment(tx, assignment_id)
    if found.evaluator_id != tx.actor.id:
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


@dataclass
class Line:
    """A criterion on the page: its words, its levels, what she marked and wrote, what is stored beside it."""

    code: str
    label: dict[str, str]
    help: dict[str, str] | None
    weight: int
    levels: list[tuple[int, dict[str, str]]]
    mark: int | None
    note: str
    points: int | None
    error: str | None = None
    stored: str | None = None


@dataclass
class Sheet:
    """The grid as it stands: lines, the total of the marks given, the weight already marked."""

    lines: list[Line] = field(default_factory=list)
    total: int = 0
    scored: int = 0


def _scoring(
    request: Request,
    tx: Tx,
    assignment_id: UUID,
    typed: Mapping[str, str] | None = None,
    refusal: Problem | None = None,
) -> Response:
    """The dossier and its grid; after a refusal, what was typed and, beside it, what another window kept."""
    answer = refused(refusal, request, tx.actor)
    opened = queries.dossier(tx, assignment_id)
    lang = language_of(request, tx.actor)
    lines = queries.stack(tx)
    sheet = _sheet(opened, typed, conflict=bool(refusal and refusal.code == VERSION_CONFLICT.code))
    for place, words in answer["errors"]:
        for line in sheet.lines:
            if place.endswith(f".{line.code}"):
                line.error = words
    organisation = opened.organisation
    return render(
        request,
        tx.actor,
        "reviews/score.html",
        "state",
        **answer,
        partial=wants_block(request),
        assignment=opened.assignment,
        application=opened.application,
        call=opened.call,
        grid=opened.grid,
        sent_back_because=opened.sent_back_because,
        sheet=sheet,
        editable="sign" in _verbs(opened.assignment),
        saved="saved" in request.query_params or (wants_block(request) and not refusal),
        lines=lines,
        position=_position(lines, assignment_id),
        following=_following(lines, assignment_id),
        organisation=organisation,
        women=sum(member.sex is Sex.WOMAN for member in organisation.members),
        content=opened.application.content,
        sums=sums(opened.application.content),
        documents=[
            paper
            for paper in definition(opened.call).documents
            if paper.asked_of(call_form(organisation.legal_form))
        ],
        files_at=f"/reviews/{assignment_id}/documents/",
        commune=opened.commune,
        name=lambda vocabulary, code: name(vocabulary, code, lang) if code else "",
    )


def _verbs(assignment: Assignment) -> list[str]:
    """What may be done from this state; the guards speak when it is tried."""
    return [t.verb for t in LIFECYCLE.transitions.values() if assignment.state in t.sources]


def _sheet(opened: queries.Opened, typed: Mapping[str, str] | None, *, conflict: bool) -> Sheet:
    kept = opened.assignment
    marks: dict[str, int] = dict(kept.marks)
    sheet = Sheet()
    for criterion in opened.grid.criteria:
        code, note = criterion.code, kept.notes.get(criterion.code, "")
        if typed is not None:
            mine = typed.get(f"marks.{code}", "")
            if mine.isascii() and mine.isdigit() and int(mine) <= opened.grid.scale_max:
                marks[code] = int(mine)
            note = typed.get(f"notes.{code}", note)
        mark = marks.get(code)
        differs = conflict and (mark != kept.marks.get(code) or note.strip() != kept.notes.get(code, ""))
        sheet.lines.append(
            Line(
                code,
                dict(criterion.label),
                dict(criterion.help) if criterion.help else None,
                criterion.weight,
                [(level, dict(words)) for level, words in enumerate(criterion.levels)],
                mark,
                note,
                None if mark is None else half_up(points(criterion, mark, opened.grid.scale_max)),
                stored=_as_stored(kept, code) if differs else None,
            )
        )
    sheet.total = total_hundredths(opened.grid, marks)
    sheet.scored = sum(line.weight for line in sheet.lines if line.mark is not None)
    return sheet


def _as_stored(kept: Assignment, code: str) -> str:
    """What another window kept for this criterion: the mark, then the note."""
    mark = kept.marks.get(code)
    return " · ".join(part for part in ("–" if mark is None else str(mark), kept.notes.get(code, "")) if part)


def _position(lines: list[queries.Staple], assignment_id: UUID) -> int:
    return next((n for n, line in enumerate(lines, 1) if line.assignment.id == assignment_id), 1)


def _following(lines: list[queries.Staple], assignment_id: UUID) -> queries.Staple | None:
    """The next dossier to judge after this one, going round."""
    at = _position(lines, assignment_id)
    order = [*lines[at:], *lines[: at - 1]]
    return next((s for s in order if s.assignment.state in UNFINISHED and s.title is not None), None)


def _next(tx: Tx, assignment_id: UUID) -> str:
    found = _following(queries.stack(tx), assignment_id)
    return f"/reviews/{found.assignment.id}" if found else "/reviews?after=signed"


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
