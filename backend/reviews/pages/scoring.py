"""The scoring page: the dossier beside its grid, what is marked so far, and the dossier that comes after."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from ...applications.completeness import call_form
from ...applications.documents import provided_in
from ...applications.totals import sums
from ...calls.callfile.models import Criterion, Document
from ...calls.queries import definition
from ...calls.rules.vocabulary import name
from ...core.errors import VERSION_CONFLICT, Problem
from ...core.tx import Tx
from ...files import queries as files
from ...people.models import Sex
from ...web.forms import refused
from ...web.render import language_of, render, wants_block
from .. import queries
from ..lifecycle import LIFECYCLE
from ..models import Assignment, AssignmentState
from ..scoring import sum_hundredths, total_hundredths

UNFINISHED = (AssignmentState.ASSIGNED, AssignmentState.OPEN)


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
class Part:
    """A section of the grid (without words in a grid without), its lines and what they are worth together."""

    code: str = ""
    label: dict[str, str] | None = None
    lines: list[Line] = field(default_factory=list)
    points: int | None = None

    @property
    def weight(self) -> int:
        return sum(line.weight for line in self.lines)


@dataclass
class Sheet:
    """The grid as it stands: its parts, the total of the marks given, the weight already marked."""

    parts: list[Part] = field(default_factory=list)
    total: int = 0
    scored: int = 0

    @property
    def lines(self) -> list[Line]:
        """Every criterion, in the order of the page."""
        return [line for part in self.parts for line in part.lines]

    def refuse(self, errors: Iterable[tuple[str, str]]) -> None:
        """Each error, in words, beside the criterion whose field it names."""
        for place, words in errors:
            for line in self.lines:
                if place.endswith(f".{line.code}"):
                    line.error = words


def scoring_page(
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
    sheet.refuse(answer["errors"])
    organisation = opened.holder
    sent = [UUID(one["file"]) for one in provided_in(opened.content) if one.get("file")]
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
        notes=opened.notes,
        beside=opened.beside,
        sheet=sheet,
        gate=queries.gate(opened.assignment, opened.grid),
        editable="sign" in _verbs(opened.assignment),
        saved="saved" in request.query_params or (wants_block(request) and not refusal),
        lines=lines,
        position=_position(lines, assignment_id),
        following=_following(lines, assignment_id),
        organisation=organisation,
        women=sum(sex is Sex.WOMAN for sex in organisation.members),
        content=opened.content,
        sums=sums(opened.content),
        documents=_papers(opened),
        unscanned=files.unscanned(tx, sent),
        files_at=f"/reviews/{assignment_id}/documents/",
        commune=opened.commune,
        name=lambda vocabulary, code: name(vocabulary, code, lang) if code else "",
    )


def _papers(opened: queries.Opened) -> list[Document]:
    """The documents that the call asks of a holder of this legal form."""
    form = call_form(opened.holder.legal_form)
    return [paper for paper in definition(opened.call).documents if paper.asked_of(form)]


def _verbs(assignment: Assignment) -> list[str]:
    """What may be done from this state; the guards speak when it is tried."""
    return [t.verb for t in LIFECYCLE.transitions.values() if assignment.state in t.sources]


def _sheet(opened: queries.Opened, typed: Mapping[str, str] | None, *, conflict: bool) -> Sheet:
    kept = opened.assignment
    marks: dict[str, int] = dict(kept.marks)
    for code in (one.code for one in opened.grid.criteria if typed is not None):
        mine = typed.get(f"marks.{code}", "") if typed else ""
        if mine.isascii() and mine.isdigit() and int(mine) <= opened.grid.scale_max:
            marks[code] = int(mine)
    sheet = Sheet()
    for section, criteria in opened.grid.parts:
        part = Part(section.code, dict(section.label)) if section else Part()
        sheet.parts.append(part)
        for criterion in criteria:
            stored = kept.notes.get(criterion.code, "")
            note = stored if typed is None else typed.get(f"notes.{criterion.code}", stored)
            line = _line(criterion, opened.grid.scale_max, marks.get(criterion.code), note)
            if conflict and (line.mark != kept.marks.get(line.code) or note.strip() != stored):
                line.stored = _as_stored(kept, line.code)
            part.lines.append(line)
        if section and any(line.mark is not None for line in part.lines):
            part.points = sum_hundredths(criteria, marks, opened.grid.scale_max)
    sheet.total = total_hundredths(opened.grid, marks)
    sheet.scored = sum(line.weight for line in sheet.lines if line.mark is not None)
    return sheet


def _line(criterion: Criterion, scale_max: int, mark: int | None, note: str) -> Line:
    return Line(
        criterion.code,
        dict(criterion.label),
        dict(criterion.help) if criterion.help else None,
        criterion.weight,
        [(level, dict(words)) for level, words in enumerate(criterion.levels)],
        mark,
        note,
        None if mark is None else sum_hundredths((criterion,), {criterion.code: mark}, scale_max),
    )


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


def following_page(tx: Tx, assignment_id: UUID) -> str:
    found = _following(queries.stack(tx), assignment_id)
    return f"/reviews/{found.assignment.id}" if found else "/reviews?after=signed"
