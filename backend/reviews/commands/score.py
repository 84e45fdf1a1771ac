"""One evaluator's review: conflict declared, marks kept as she goes, signature; and the standing renewed."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Select, Table, Uuid, bindparam, delete, select
from sqlalchemy.dialects.postgresql import Insert, insert

from ...applications.models import Application
from ...calls.callfile.models import Grid
from ...core.actor import Actor
from ...core.errors import INVALID, WRONG_STATE, FieldError
from ...core.shapes import written
from ...core.tx import Tx
from ...people.models import Interest
from ..lifecycle import LIFECYCLE, REVIEW_REASON_REQUIRED, grid_of
from ..models import Assignment, AssignmentState, CallReview, Standing
from ..scoring import drawn, standing, total_hundredths

NOTE_LENGTH = 2000
REASON_LENGTH = 1000
TIME_TO_CORRECT = timedelta(days=3)
"""What a review sent back after its deadline is given at the least."""

Marks = Mapping[str, int | None]
Notes = Mapping[str, str | None]


def declare(tx: Tx, assignment_id: UUID, conflict: bool, reason: str, version: int | None) -> Assignment:
    """Say whether she is tied to the holder, before anything else is shown of the dossier.

    A conflict needs its reason; it closes the dossier to her for good, wipes what she had marked, and is
    kept as a tie with the holder, so that no rule shows her anything of it any more. It holds whatever was
    saved meanwhile: only to open the dossier is the version asked.
    """
    asked = None if conflict else version
    assignment = tx.get(Assignment, assignment_id, "assignment.declare", version=asked)
    if not conflict:
        LIFECYCLE.fire(tx, assignment, "open")
        assignment.declared_at = tx.now
        return assignment
    reason = _why(reason)
    _recuse(tx, assignment, reason)
    _keep_tie(tx, assignment, reason)
    return assignment


def abstain(tx: Tx, assignment_id: UUID, reason: str, version: int | None) -> Assignment:
    """She cannot judge the dossier and says why: no conflict, but her marks are wiped, it closes to her."""
    assignment = tx.get(Assignment, assignment_id, "assignment.score", version=version)
    reason = _why(reason)
    LIFECYCLE.fire(tx, assignment, "abstain", reason=reason)
    assignment.abstention_reason = reason
    _wipe(assignment)
    tx.session.flush()
    return assignment


def recuse_tied(tx: Tx, person_id: UUID, organisation_id: UUID, reason: str) -> list[Assignment]:
    """A tie declared elsewhere takes the holder's dossiers off her stack."""
    hers = (
        select(Assignment)
        .join(Application, Application.id == Assignment.application_id)
        .where(
            Assignment.evaluator_id == person_id,
            Application.organisation_id == organisation_id,
            Assignment.state != AssignmentState.RECUSED,
        )
        .order_by(Assignment.id)
        .with_for_update(of=Assignment)
    )
    found = [a for a in tx.session.scalars(hers) if "recuse" in LIFECYCLE.available(tx, a)]
    for assignment in found:
        _recuse(tx, assignment, reason)
    return found


def save(tx: Tx, assignment_id: UUID, marks: Marks, notes: Notes, version: int | None) -> Assignment:
    """Keep any part of the review. None takes a mark or a note away; what is not named stays.

    Kept even after the deadline: only the signature is held to it. 412 when another tab saved meanwhile.
    """
    assignment = tx.get(Assignment, assignment_id, "assignment.score", version=version)
    if assignment.state is not AssignmentState.OPEN:
        raise WRONG_STATE(
            state=f"state.assignment.{assignment.state}", allowed_verbs=LIFECYCLE.available(tx, assignment)
        )
    grid = grid_of(tx, assignment.call_id)
    _check(grid, marks, notes)
    kept_marks = _merged(assignment.marks, marks)
    kept_notes = _merged(
        assignment.notes, {code: (text or "").strip() or None for code, text in notes.items()}
    )
    if (kept_marks, kept_notes) == (assignment.marks, assignment.notes):
        tx.recorded = True  # the same again: nothing is written
        return assignment
    assignment.marks, assignment.notes = kept_marks, kept_notes
    assignment.total_hundredths = total_hundredths(grid, kept_marks)
    tx.emit("assignment.saved", assignment, criteria=sorted({*marks, *notes}))
    tx.session.flush()
    return assignment


def sign(tx: Tx, assignment_id: UUID, version: int | None) -> Assignment:
    """Close the review: it counts in the dossier's standing from now on."""
    assignment = tx.get(Assignment, assignment_id, "assignment.score", version=version)
    LIFECYCLE.fire(tx, assignment, "sign", total_hundredths=assignment.total_hundredths)
    assignment.signed_at = tx.now
    renew(tx, assignment)
    return assignment


def reopen(tx: Tx, assignment_id: UUID, reason: str, due_at: datetime | None = None) -> Assignment:
    """Send a signed review back to its author, the reason on record; it stops counting until signed again."""
    assignment = tx.get(Assignment, assignment_id, "assignment.reopen")
    LIFECYCLE.fire(tx, assignment, "reopen", reason=_why(reason))
    assignment.signed_at = None
    assignment.due_at = due_at or max(assignment.due_at, tx.now + TIME_TO_CORRECT)
    renew(tx, assignment)
    return assignment


def renew(tx: Tx, assignment: Assignment) -> None:
    """Make the dossier's standing again from its signed reviews; two signatures at once take turns."""
    dossier = assignment.application_id
    (locked,) = tx.rows("standing.locked", _locked, dossier=dossier)
    signed = [row.marks for row in tx.rows("standing.marks", _signed, dossier=dossier)]
    if not signed:
        tx.session.execute(delete(Standing).where(Standing.application_id == dossier))
        return
    figures = asdict(standing(grid_of(tx, assignment.call_id), signed))
    values = {
        "application_id": dossier,
        "call_id": assignment.call_id,
        "province_code": assignment.province_code,
        "reviews": figures["reviews"],
        "score_hundredths": figures["score"],
        "spread_hundredths": figures["spread"],
        "ties": figures["ties"],
        "criteria": figures["criteria"],
        "floors": figures["floors"],
        "discordant": figures["discordant"],
        "draw": drawn(locked.seed, locked.number),
    }
    tx.session.execute(_kept_standing(), values)


_DOSSIER = bindparam("dossier", type_=Uuid)


def _locked(_actor: Actor) -> Select[str, str]:
    """What the draw is made of, the dossier locked: marks read after it are the latest."""
    return (
        select(Application.number, CallReview.seed)
        .join(CallReview, CallReview.call_id == Application.call_id)
        .where(Application.id == _DOSSIER)
        .with_for_update(of=Application, key_share=True)
    )


def _signed(_actor: Actor) -> Select[Any]:
    return (
        select(Assignment.marks)
        .where(Assignment.application_id == _DOSSIER, Assignment.state == AssignmentState.SIGNED)
        .order_by(Assignment.id)
    )


@cache
def _kept_standing() -> Insert:
    """A standing, over the one before; made once, its values are given."""
    place = ("application_id", "call_id", "province_code")
    figures = (
        "reviews", "score_hundredths", "spread_hundredths", "ties", "criteria", "floors", "discordant",
        "draw",
    )  # fmt: skip
    table = cast(Table, Standing.__table__)
    made = insert(table).values({name: bindparam(name, type_=table.c[name].type) for name in place + figures})
    renewed = {name: made.excluded[name] for name in figures}
    return made.on_conflict_do_update(index_elements=["application_id"], set_=renewed)


def _recuse(tx: Tx, assignment: Assignment, reason: str) -> None:
    counted = assignment.state is AssignmentState.SIGNED
    LIFECYCLE.fire(tx, assignment, "recuse", reason=reason)
    assignment.declared_at = tx.now
    assignment.recusal_reason = reason
    _wipe(assignment)
    if counted:
        renew(tx, assignment)
    tx.session.flush()


def _wipe(assignment: Assignment) -> None:
    """Nothing of what she had marked is kept."""
    assignment.marks, assignment.notes, assignment.total_hundredths = {}, {}, 0
    assignment.marks_before = assignment.signed_at = None


def _keep_tie(tx: Tx, assignment: Assignment, reason: str) -> None:
    """The tie itself, once: later calls of the same holder will not be hers to judge either."""
    holder = (
        select(Application.organisation_id)
        .where(Application.id == assignment.application_id)
        .scalar_subquery()
    )
    known = select(Interest.id).where(
        Interest.person_id == assignment.evaluator_id, Interest.organisation_id == holder
    )
    if tx.session.execute(known).first():
        return
    tie = Interest(
        person_id=assignment.evaluator_id,
        organisation_id=tx.session.execute(select(holder)).scalar_one(),
        reason=reason,
        declared_at=tx.now,
    )
    tx.add(tie, "interest.declare")
    tx.emit("interest.declared", tie)


def _check(grid: Grid, marks: Marks, notes: Notes) -> None:
    known = {criterion.code for criterion in grid.criteria}
    wrong = [FieldError(f"marks.{code}", "unknown_criterion") for code in marks if code not in known]
    wrong += [FieldError(f"notes.{code}", "unknown_criterion") for code in notes if code not in known]
    wrong += [
        FieldError(f"marks.{code}", "mark_out_of_scale", {"max": grid.scale_max})
        for code, level in marks.items()
        if code in known and level is not None and not 0 <= level <= grid.scale_max
    ]
    wrong += [
        FieldError(f"notes.{code}", "note_too_long", {"max": NOTE_LENGTH})
        for code, text in notes.items()
        if text and len(text) > NOTE_LENGTH
    ]
    if wrong:
        raise INVALID(wrong)


def _why(reason: str) -> str:
    """The reason given, which must be there and not be a letter."""
    if not reason.strip():
        raise REVIEW_REASON_REQUIRED([FieldError("reason", "reason_missing")])
    return written(reason, "reason", REASON_LENGTH)


def _merged(kept: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    return {code: value for code, value in {**kept, **changed}.items() if value is not None}
