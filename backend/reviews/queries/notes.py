"""Notes of visits and presentations, for those who may see the dossier."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from ...applications.models import Application
from ...core.errors import NOT_FOUND
from ...core.tx import Tx
from ...people.models import Organisation, Person
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
    organisation: dict[str, str]
    notes: list[Noted]
    may_write: bool


def notes_of(tx: Tx, application_id: UUID) -> list[Noted]:
    """In the order of their days; none to whom the dossier is closed."""
    asked = (
        select(FieldNote, Person.name)
        .join(Person, Person.id == FieldNote.author_id)
        .where(FieldNote.application_id == application_id)
        .order_by(FieldNote.held_on, FieldNote.id)
    )
    return [Noted(note, name) for note, name in tx.session.execute(tx.visible(asked, "field_note.read"))]


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
    return Notebook(
        application_id,
        application.number,
        application.title,
        organisation,
        notes_of(tx, application_id),
        tx.may(["application.note"], application)["application.note"],
    )


def note(tx: Tx, note_id: UUID) -> FieldNote:
    return tx.get(FieldNote, note_id, "field_note.read")


def own_review(tx: Tx, application_id: UUID) -> UUID | None:
    """The actor's own open or signed review of the dossier: where she came from."""
    asked = select(Assignment.id).where(
        Assignment.application_id == application_id,
        Assignment.evaluator_id == tx.actor.id,
        Assignment.state.in_((AssignmentState.OPEN, AssignmentState.SIGNED)),
    )
    return tx.session.scalar(asked)
