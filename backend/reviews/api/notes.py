"""Notes of field visits and of presentations."""

from uuid import UUID

from fastapi import APIRouter, Response

from ...core.tx import transaction
from ...web.deps import CurrentActor, IfMatch, OncePerKey, etag
from .. import commands, queries
from ..schemas import FieldNoteIn, FieldNoteList, FieldNoteOut, FieldNotePatch

router = APIRouter(tags=["reviews"])


@router.get("/applications/{application_id}/field-notes")
def list_field_notes(application_id: UUID, actor: CurrentActor) -> FieldNoteList:
    """Notes of visits and presentations, for those who judge the dossier or lead its call."""
    with transaction(actor) as tx:
        found = queries.notebook(tx, application_id)
        return FieldNoteList(items=[FieldNoteOut.model_validate(one.note) for one in found.notes])


@router.post("/applications/{application_id}/field-notes", status_code=201)
def write_field_note(
    application_id: UUID, body: FieldNoteIn, actor: CurrentActor, once: OncePerKey
) -> FieldNoteOut:
    """Keep what was seen on a visit, or heard at a presentation. It may be corrected, never removed."""
    with transaction(actor) as tx:
        return once(  # type: ignore[no-any-return]
            tx, body, lambda: FieldNoteOut.model_validate(commands.write_note(tx, application_id, body))
        )


@router.get("/field-notes/{note_id}")
def read_field_note(note_id: UUID, actor: CurrentActor, response: Response) -> FieldNoteOut:
    """One note; its ETag is what PATCH expects in If-Match."""
    with transaction(actor) as tx:
        found = queries.note(tx, note_id)
        etag(response, found)
        return FieldNoteOut.model_validate(found)


@router.patch("/field-notes/{note_id}")
def edit_field_note(
    note_id: UUID, body: FieldNotePatch, actor: CurrentActor, version: IfMatch, response: Response
) -> FieldNoteOut:
    """Correct your own note, until the call is decided; what it said before stays in the audit."""
    with transaction(actor) as tx:
        found = commands.edit_note(tx, note_id, body, version)
        etag(response, found)
        return FieldNoteOut.model_validate(found)
