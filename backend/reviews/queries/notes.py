"""Notes of visits and presentations, for those who may see the dossier."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from ...applications.models import Application
from ...core.errors import NOT_FOUND
from ...core.tx import Tx
from ...people.models import Organisation, Person
from ..lifecycle import grid_of
from ..models import Assignment, AssignmentState, FieldNote


@dataclass(frozen=True)
class Noted:
    """A note and the name of who wrote it."""

    note: FieldNote
    author: str


@dataclass(frozen=True)
class Notebook:
    """The notes of a dossier; whether the actor may add one."""

    application_id: UUID
    number: str
    title: str
    organisation: dict[str, str] | None
    notes: list[Noted]
    may_write: bool


def notes_of(tx: Tx, application_id: UUID, *, blind: bool) -> list[Noted]:
    """In the order of their days; none to whom the dossier is closed.

    `blind` takes out who was there, but for what she wrote herself.
    """
    asked = (
        select(FieldNote, Person.name)
        .join(Person, Person.id == FieldNote.author_id)
        .where(FieldNote.application_id == application_id)
        .order_by(FieldNote.held_on, FieldNote.id)
    )
    rows = tx.session.execute(tx.visible(asked, "field_note.read")).all()
    return [Noted(_told(tx, note) if blind else note, name) for note, name in rows]


def _told(tx: Tx, note: FieldNote) -> FieldNote:
    """The note without who was there: they are the holder's people. What is read only is changed here."""
    if note.author_id != tx.actor.id:
        set_committed_value(note, "present", "")
    return note


def _judges_blind(tx: Tx, application: Application) -> bool:
    """The actor judges the dossier on a blind panel, and does not lead its call."""
    leads = tx.may(["application.judge"], application)["application.judge"]
    return not leads and grid_of(tx, application.call_id).blind


def notebook(tx: Tx, application_id: UUID) -> Notebook:
    """A dossier's notes with what names it; 404 to whom it is closed."""
    asked = (
        select(Application, Organisation.name)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Application.id == application_id)
    )
    row = tx.session.execute(tx.visible(asked, "application.note_seen")).one_or_none()
    if row is None:
        raise NOT_FOUND(thing="application")
    application, organisation = row
    blind = _judges_blind(tx, application)
    return Notebook(
        application_id,
        application.number,
        application.title,
        None if blind else organisation,
        notes_of(tx, application_id, blind=blind),
        tx.may(["application.note"], application)["application.note"],
    )


def note(tx: Tx, note_id: UUID) -> FieldNote:
    found = tx.get(FieldNote, note_id, "field_note.read")
    application = tx.session.get_one(Application, found.application_id)
    return _told(tx, found) if _judges_blind(tx, application) else found


def own_review(tx: Tx, application_id: UUID) -> UUID | None:
    """The actor's own open or signed review of the dossier: where she came from."""
    asked = select(Assignment.id).where(
        Assignment.application_id == application_id,
        Assignment.evaluator_id == tx.actor.id,
        Assignment.state.in_((AssignmentState.OPEN, AssignmentState.SIGNED)),
    )
    return tx.session.scalar(asked)
