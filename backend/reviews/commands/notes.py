"""Notes of visits and presentations: written by who may see the dossier, edited by their author, kept."""

from uuid import UUID

from ...applications.models import Application, ApplicationState
from ...calls.models import CallState
from ...core.calendar import local
from ...core.errors import INVALID, FieldError
from ...core.tx import Tx
from ..lifecycle import NOT_ASSIGNABLE, REVIEWS_CLOSED, call_of
from ..models import FieldNote, NoteKind
from ..schemas import FieldNoteIn, FieldNotePatch


def write_note(tx: Tx, application_id: UUID, given: FieldNoteIn) -> FieldNote:
    """Keep what was seen on a visit, or heard at a presentation; not of a day to come."""
    application = tx.get(Application, application_id, "application.note")
    if application.state is not ApplicationState.ELIGIBLE:
        raise NOT_ASSIGNABLE(state=f"state.application.{application.state}")
    _of_the_past(tx, given)
    _open(tx, application.call_id)
    note = FieldNote(
        application_id=application_id,
        call_id=application.call_id,
        province_code=application.province_code,
        author_id=tx.actor.id,
        written_at=tx.now,
        **given.model_dump(),
    )
    tx.add(note, "field_note.write")
    tx.emit("field_note.written", note, kind=NoteKind(note.kind), application=str(application_id))
    return note


def edit_note(tx: Tx, note_id: UUID, given: FieldNotePatch, version: int | None) -> FieldNote:
    """Correct one's own note; what it said before stays in the audit."""
    note = tx.get(FieldNote, note_id, "field_note.write", version=version)
    _of_the_past(tx, given)
    _open(tx, note.call_id)
    said = given.model_dump(exclude_unset=True, exclude_none=True)
    if all(getattr(note, name) == value for name, value in said.items()):
        tx.recorded = True  # the same again: nothing is written
        return note
    for name, value in said.items():
        setattr(note, name, value)
    tx.emit("field_note.edited", note, fields=sorted(said))
    tx.session.flush()
    return note


def _of_the_past(tx: Tx, given: FieldNoteIn | FieldNotePatch) -> None:
    if given.held_on and given.held_on > local(tx.now).date():
        raise INVALID([FieldError("held_on", "held_later")])


def _open(tx: Tx, call_id: UUID) -> None:
    if call_of(tx, call_id).state in (CallState.DECIDED, CallState.ARCHIVED):
        raise REVIEWS_CLOSED()
