"""The life of a review: the conflict first, then the marks, then the signature."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import defer

from ..applications.models import Application
from ..calls.callfile.models import Grid
from ..calls.models import Call, CallState
from ..calls.queries import definition
from ..core.errors import FieldError, Problem, problem
from ..core.events import declare
from ..core.i18n import codes
from ..core.machine import Machine, T
from ..core.tx import Tx
from ..people.models import Interest
from .models import Assignment, AssignmentState, NoteKind, SuspectedTie, SuspicionState
from .scoring import unmarked

TIED = problem("evaluator_tied", 409)
ALREADY_ASSIGNED = problem("already_assigned", 409)
NOT_ASSIGNABLE = problem("not_assignable", 409)
MARKS_MISSING = problem("marks_missing", 409)
REVIEW_LATE = problem("review_late", 409)
REVIEWS_CLOSED = problem("reviews_closed", 409)
REVIEW_REASON_REQUIRED = problem("review_reason_required", 422)
NOT_DISCORDANT = problem("not_discordant", 409)
NOBODY_FREE = problem("nobody_free", 409)
VIABILITY_LATER = problem("viability_later", 409)
GROUNDS = ("namesake", "family", "same_organisation", "accompanied", "coached")
"""Why somebody may be too close to a holder; a person confirms or dismisses."""

DECLARED = (
    "assignment.created",
    "assignment.saved",
    "assignment.extended",
    "assignment.unfilled",
    "assignment.viability_seen",
    "call_review.begun",
    "suspected_tie.found",
    "field_note.written",
    "field_note.edited",
    "person.knowledge_declared",
)
declare(*DECLARED)

ASSIGNED, OPEN = AssignmentState.ASSIGNED, AssignmentState.OPEN
SIGNED, RECUSED = AssignmentState.SIGNED, AssignmentState.RECUSED
ABSTAINED, WITHDRAWN = AssignmentState.ABSTAINED, AssignmentState.WITHDRAWN


_LIGHT = (defer(Call.definition),)


def call_of(tx: Tx, call_id: UUID) -> Call:
    """The call without its file: one statement a transaction, whoever asks."""
    call = tx.session.get_one(Call, call_id, options=_LIGHT)
    tx.session.info.setdefault("calls", set()).add(call)  # the session itself holds its rows weakly
    return call


def grid_of(tx: Tx, call_id: UUID) -> Grid:
    """The call's grid; its file, frozen by then, is read once a process."""
    return definition(call_of(tx, call_id)).grid


def no_tie(tx: Tx, assignment: Assignment) -> Problem | None:
    """What she declared elsewhere (her profile, another call) holds here too."""
    tie = (
        select(Interest.id)
        .join(Application, Application.organisation_id == Interest.organisation_id)
        .where(Interest.person_id == assignment.evaluator_id, Application.id == assignment.application_id)
    )
    return TIED() if tx.session.execute(tie).first() else None


def every_criterion_marked(tx: Tx, assignment: Assignment) -> Problem | None:
    left = unmarked(grid_of(tx, assignment.call_id), assignment.marks)
    return (
        MARKS_MISSING([FieldError(f"marks.{code}", "mark_missing") for code in left], missing=left)
        if left
        else None
    )


def in_time(tx: Tx, assignment: Assignment) -> Problem | None:
    """Signed by the deadline; an officer may give more time. What was typed stays either way."""
    if tx.now <= assignment.due_at:
        return None
    return REVIEW_LATE(due_at=assignment.due_at.isoformat(), now=tx.now.isoformat())


def undecided(tx: Tx, assignment: Assignment) -> Problem | None:
    """Marks no longer move once the call is decided."""
    state = call_of(tx, assignment.call_id).state
    return REVIEWS_CLOSED() if state in (CallState.DECIDED, CallState.ARCHIVED) else None


LIFECYCLE = Machine(
    Assignment.state,
    # verb       from                      to       event                  may                    requires
    T("open", {ASSIGNED}, OPEN, "assignment.opened", "assignment.declare", (no_tie,)),
    T("recuse", {ASSIGNED, OPEN, SIGNED}, RECUSED, "assignment.recused", "assignment.declare", (undecided,)),
    T(
        "sign", {OPEN}, SIGNED, "assignment.signed", "assignment.score",
        (undecided, in_time, every_criterion_marked),
    ),
    T("abstain", {OPEN}, ABSTAINED, "assignment.abstained", "assignment.score", (undecided,)),
    T("reopen", {SIGNED}, OPEN, "assignment.reopened", "assignment.reopen", (undecided,)),
    T("withdraw", {ASSIGNED}, WITHDRAWN, "assignment.withdrawn", "assignment.give", (undecided,)),
    T("give_again", {WITHDRAWN}, ASSIGNED, "assignment.created", "assignment.give", (undecided,)),
)  # fmt: skip
TO_CONFIRM = SuspicionState.TO_CONFIRM
SUSPICION = Machine(
    SuspectedTie.state,
    T("confirm", {TO_CONFIRM}, SuspicionState.CONFIRMED, "suspected_tie.confirmed", "suspected_tie.decide"),
    T("dismiss", {TO_CONFIRM}, SuspicionState.DISMISSED, "suspected_tie.dismissed", "suspected_tie.decide"),
    T("raise", {SuspicionState.DISMISSED}, TO_CONFIRM, "suspected_tie.raised", "suspected_tie.raise"),
)


@codes
def words() -> Iterable[str]:
    """States, verbs and events of a review."""
    yield from (f"state.assignment.{state}" for state in AssignmentState)
    yield from (f"verb.assignment.{verb}" for verb in LIFECYCLE.transitions)
    yield from (f"state.suspected_tie.{state}" for state in SuspicionState)
    yield from (f"verb.suspected_tie.{verb}" for verb in SUSPICION.transitions)
    moved = (*LIFECYCLE.transitions.values(), *SUSPICION.transitions.values())
    yield from sorted({f"event.{name}" for name in (*DECLARED, *(t.event for t in moved))})
    yield from (f"enum.note_kind.{kind}" for kind in NoteKind)
    for ground in GROUNDS:
        yield from (f"tie_ground.{ground}", f"tie_ground.{ground}.you")
