"""Notes of field visits and presentations: read and written by who judges the dossier or leads its call."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...core.errors import NOT_FOUND, Problem
from ...core.tx import Tx, transaction
from ...web.deps import PageActor
from ...web.forms import Typed, attempt, read, refused, version_of
from ...web.render import render
from .. import commands, queries
from ..models import FieldNote, NoteKind
from ..schemas import FieldNoteIn, FieldNotePatch

router = APIRouter(prefix="/field-notes/{application_id}")
FIELDS = ("kind", "held_on", "present", "words")


@router.get("")
def notes_page(request: Request, actor: PageActor, application_id: UUID) -> Response:
    """What was seen and heard of a dossier, and a form to add to it."""
    with transaction(actor) as tx:
        return _notes(request, tx, application_id)


@router.post("")
def write_form(request: Request, actor: PageActor, application_id: UUID, typed: Typed) -> Response:
    """Keep a note."""
    return attempt(
        actor,
        lambda tx: commands.write_note(tx, application_id, read(FieldNoteIn, _of(typed, FIELDS))),
        f"/field-notes/{application_id}?saved=1",
        lambda tx, refusal: _notes(request, tx, application_id, typed, refusal),
    )


@router.get("/{note_id}")
def note_page(request: Request, actor: PageActor, application_id: UUID, note_id: UUID) -> Response:
    """One's own note, to be corrected."""
    with transaction(actor) as tx:
        return _note(request, tx, application_id, note_id)


@router.post("/{note_id}")
def correct_form(
    request: Request, actor: PageActor, application_id: UUID, note_id: UUID, typed: Typed
) -> Response:
    """Keep what was corrected; 412 beside what another window kept meanwhile."""

    def act(tx: Tx) -> None:
        _hers(tx, application_id, note_id)
        given = read(FieldNotePatch, _of(typed, FIELDS[1:]))
        commands.edit_note(tx, note_id, given, version_of(typed.get("version", "")))

    return attempt(
        actor,
        act,
        f"/field-notes/{application_id}?saved=1",
        lambda tx, refusal: _note(request, tx, application_id, note_id, typed, refusal),
    )


def _of(typed: Mapping[str, str], names: tuple[str, ...]) -> dict[str, str]:
    return {name: typed.get(name, "").replace("\r\n", "\n").strip() for name in names}


def _notes(
    request: Request,
    tx: Tx,
    application_id: UUID,
    typed: Mapping[str, str] | None = None,
    refusal: Problem | None = None,
) -> Response:
    answer = refused(refusal, request, tx.actor)
    return render(
        request,
        tx.actor,
        "reviews/notes.html",
        **answer,
        book=queries.notebook(tx, application_id),
        review=queries.own_review(tx, application_id),
        kinds=list(NoteKind),
        typed=typed or {},
        saved="saved" in request.query_params,
    )


def _hers(tx: Tx, application_id: UUID, note_id: UUID) -> FieldNote:
    """Her own note of this dossier."""
    found = queries.note(tx, note_id)
    if found.application_id != application_id or found.author_id != tx.actor.id:
        raise NOT_FOUND(thing="field_note")
    return found


def _note(
    request: Request,
    tx: Tx,
    application_id: UUID,
    note_id: UUID,
    typed: Mapping[str, str] | None = None,
    refusal: Problem | None = None,
) -> Response:
    answer = refused(refusal, request, tx.actor)
    found = _hers(tx, application_id, note_id)
    return render(
        request,
        tx.actor,
        "reviews/note.html",
        **answer,
        book=queries.notebook(tx, application_id),
        note=found,
        typed=typed or {},
    )
