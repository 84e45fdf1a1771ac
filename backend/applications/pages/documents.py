"""The papers of a dossier as a page: send, see, replace, remove; a plain form does all of it.

`upload.js` sends the same files in chunks where it runs; what they share is the commands.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from ...core.actor import Actor
from ...core.config import settings
from ...core.errors import INVALID, FieldError, Problem
from ...core.tx import Tx, transaction
from ...files import commands as files
from ...files import intake
from ...files.content import EXTENSIONS, clean_name
from ...files.intake import Kept
from ...files.serving import served
from ...web.deps import PageActor
from ...web.forms import Typed, see_other, uuid_of
from ...web.middleware import MAX_BODY, make_room
from ...web.problems import ProblemOut
from ...web.render import render
from ...web.uploads import closing, posted
from .. import commands, documents, queries
from ..asked import wanted
from ..documents import MOST_OF_ONE, UNDO
from ..lifecycle import editable
from ..models import Application
from .parts import home_of, told

router = APIRouter()
make_room("POST", r"/applications/[0-9a-f-]{36}/documents", lambda: settings().file_limit + MAX_BODY)
UNDO_HOURS = int(UNDO.total_seconds()) // 3600
ACCEPT = ",".join([*EXTENSIONS, ".xlsx"])


Sent = Annotated[FormData, Depends(posted(2 * MOST_OF_ONE))]


@dataclass
class Refused:
    """Why some files for one paper were not kept: the name of each, and the words."""

    code: str
    files: list[tuple[str, ProblemOut]] = field(default_factory=list)


@router.get("/applications/{application_id}/documents")
def documents_page(request: Request, actor: PageActor, application_id: UUID) -> Response:
    """Each paper that the call asks, what was sent for it, and the way to send it."""
    with transaction(actor) as tx:
        return _page(request, actor, tx, application_id)


@router.post("/applications/{application_id}/documents")
def send_documents(request: Request, actor: PageActor, application_id: UUID, sent: Sent) -> Response:
    """Keep the files of the form for one paper; those that are refused are named with their reason."""
    code, replaces = str(sent.get("code") or ""), uuid_of(str(sent.get("replaces") or ""))
    refused = Refused(code)
    with closing(sent) as chosen:
        with transaction(actor) as tx:  # before anything is kept
            documents.allow(tx, application_id)
        if not chosen:
            refused.files.append(("", told(INVALID([FieldError("file", "file_missing")]), request, actor)))
        kept = list(_kept(chosen, refused, request, actor))
    if kept:
        _attach(request, actor, application_id, kept, refused, replaces)
    if refused.files:
        with transaction(actor) as tx:
            return _page(request, actor, tx, application_id, refused)
    return see_other(f"{home_of(application_id)}/documents#paper-{code}")


def _attach(
    request: Request,
    actor: Actor,
    application_id: UUID,
    kept: list[Kept],
    refused: Refused,
    replaces: UUID | None,
) -> None:
    """Attach what is not there yet, and forget the bytes of what is."""
    code = refused.code
    away: list[Kept] = []
    try:
        with transaction(actor) as tx:
            application = tx.get(Application, application_id, "application.edit")
            made: list[UUID] = []
            for one in kept:
                if there := documents.already(tx, application, code, one.sha256, one.name):
                    refused.files.append((one.name, told(there, request, actor)))
                if there or any(one.sha256 == other.sha256 for other in kept[: kept.index(one)]):
                    away.append(one)
                else:
                    made.append(files.register(tx, one).id)
            if made:
                documents.attach(tx, application_id, code, made, replaces)
            tx.recorded = True  # when all of them were there, nothing is written
    except Problem as problem:
        away = kept
        refused.files.append(("", told(problem, request, actor)))
    for one in away:
        intake.discard(one)


@router.get("/applications/{application_id}/documents/{file_id}/remove")
def ask_removal(request: Request, actor: PageActor, application_id: UUID, file_id: UUID) -> Response:
    """Is she sure? It says for how long it may be put back."""
    with transaction(actor) as tx:
        application = queries.one(tx, application_id)
        found = documents.papers(tx, application, commands.working(application))
        asked = [(one, file) for one in found for file in one.files if file.id == file_id]
        if not asked or not _may_edit(tx, application):
            return see_other(f"{home_of(application_id)}/documents")
        paper, file = asked[0]
        return render(
            request,
            actor,
            "applications/document_removal.html",
            application=application,
            hers=queries.holds(tx, application),
            paper=paper,
            file=file,
            hours=UNDO_HOURS,
        )


@router.post("/applications/{application_id}/documents/{file_id}/restore")
def restore_document_form(
    request: Request, actor: PageActor, application_id: UUID, file_id: UUID, typed: Typed
) -> Response:
    """Put a file back that was taken away."""
    code = clean_name(typed.get("code", ""))
    try:
        with transaction(actor) as tx:
            documents.restore(tx, application_id, file_id)
    except Problem as problem:
        refused = Refused(code, [("", told(problem, request, actor))])
        with transaction(actor) as tx:
            return _page(request, actor, tx, application_id, refused)
    return see_other(f"{home_of(application_id)}/documents#paper-{code}")


@router.post("/applications/{application_id}/documents/{file_id}/remove")
def remove_document_form(actor: PageActor, application_id: UUID, file_id: UUID, typed: Typed) -> Response:
    """Take a file away; asked twice, it is gone all the same."""
    with transaction(actor) as tx:
        documents.remove(tx, application_id, file_id)
    return see_other(f"{home_of(application_id)}/documents#paper-{clean_name(typed.get('code', ''))}")


@router.post("/applications/{application_id}/papers")
def receive_papers_form(actor: PageActor, application_id: UUID, typed: Typed) -> Response:
    """The officer was handed this paper at the counter, or was not after all."""
    code = typed.get("code", "")
    with transaction(actor) as tx:
        documents.receive_papers(tx, application_id, [code], typed.get("there") != "0")
    return see_other(f"{home_of(application_id)}/documents#paper-{code}")


@router.get("/applications/{application_id}/documents/{file_id}")
def show_document(request: Request, actor: PageActor, application_id: UUID, file_id: UUID) -> Response:
    """The file itself, in the browser where it can."""
    with transaction(actor) as tx:
        file = documents.opened(tx, queries.one(tx, application_id), file_id)
    return served(request, file)


def _kept(chosen: list[UploadFile], refused: Refused, request: Request, actor: Actor) -> Iterator[Kept]:
    for one in chosen:
        name = one.filename or ""
        try:
            yield intake.keep(one.file, name)
        except Problem as problem:
            refused.files.append((clean_name(name), told(problem, request, actor)))


def _page(
    request: Request, actor: Actor, tx: Tx, application_id: UUID, refused: Refused | None = None
) -> Response:
    application = queries.one(tx, application_id)
    may = tx.may(["application.paper"], application)
    if not _may_edit(tx, application):
        return see_other(home_of(application_id))
    away: dict[str, list[documents.Away]] = {}
    for one in documents.taken_away(tx, application):
        away.setdefault(one.row.code, []).append(one)
    context: dict[str, Any] = {
        "application": application,
        "hers": queries.holds(tx, application),
        "call": application.call,
        "papers": documents.papers(tx, application, commands.working(application)),
        "away": away,
        "wanted": wanted(tx, application),
        "counter": may["application.paper"],
        "refused": refused,
        "limit": settings().file_limit,
        "accept": ACCEPT,
        "most": MOST_OF_ONE,
        "scanning": bool(settings().clamav),
    }
    status = refused.files[0][1].status if refused else 200
    return render(request, actor, "applications/documents.html", status=status, **context)


def _may_edit(tx: Tx, application: Application) -> bool:
    if editable(tx, application) is not None:
        return False
    return tx.may(["application.edit"], application)["application.edit"]
