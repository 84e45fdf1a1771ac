"""What was seen on visits and heard at presentations, beside the dossiers that a session deliberates on."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from ..core.tx import Tx
from ..people.models import Person
from ..reviews.models import FieldNote
from ..reviews.queries import Noted
from .models import Decision


def noted(tx: Tx, decisions: Iterable[Decision]) -> dict[UUID, list[Noted]]:
    """By dossier, in the order of their days; none of a dossier from which the reader is recused.

    One statement. The committee in session knows who files, also where its panel was blind.
    """
    about = {one.application_id for one in decisions}
    if not about:
        return {}
    asked = (
        select(FieldNote, Person.name)
        .join(Person, Person.id == FieldNote.author_id)
        .where(FieldNote.application_id.in_(about))
        .order_by(FieldNote.held_on, FieldNote.id)
    )
    found: dict[UUID, list[Noted]] = {}
    for note, name in tx.session.execute(tx.visible(asked, "field_note.deliberate")):
        found.setdefault(note.application_id, []).append(Noted(note, name))
    return found
