"""The papers of a dossier over JSON: attach a file sent before, or send a small one at once; read, remove."""

import io
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from ..core.shapes import In, Out
from ..core.tx import Tx, transaction
from ..files import commands as files
from ..files import intake
from ..files.chunks import BYTES, Chunk
from ..files.schemas import FileOut
from ..files.serving import served
from ..web.deps import CurrentActor, etag
from . import commands, documents, queries
from .models import Application
from .sections import Code

router = APIRouter(prefix="/applications/{application_id}", tags=["applications"])


class AttachIn(In):
    """A file that was sent (`/uploads`), for one of the papers that the call asks; `replaces` one of hers."""

    code: Code
    file_id: UUID
    replaces: UUID | None = None


class PapersIn(In):
    """Papers handed in at the counter, or taken back."""

    codes: Annotated[list[Code], Field(min_length=1, max_length=60)]
    there: bool = True


class PapersOut(Out):
    """The dossier's version after it."""

    version: int


class DocumentOut(Out):
    """One paper of the dossier: what the call asks, the files that answer it, or that it was handed in."""

    code: str
    label: dict[str, str]
    help: dict[str, str] | None
    required: bool
    on_paper: bool
    files: list[FileOut]


@router.get("/documents")
def list_documents(application_id: UUID, actor: CurrentActor) -> list[DocumentOut]:
    """The papers that the call asks of this holder, and what was provided of each."""
    with transaction(actor) as tx:
        application = queries.one(tx, application_id)
        edits = tx.may(["application.edit"], application)["application.edit"]
        return _listed(tx, application, commands.working(application) if edits else application.content)


@router.post("/documents")
def attach_document(
    application_id: UUID, body: AttachIn, actor: CurrentActor, response: Response
) -> list[DocumentOut]:
    """Attach a file that one sent oneself. Asked again, nothing changes; its content sent twice is 409."""
    with transaction(actor) as tx:
        application = documents.attach(tx, application_id, body.code, [body.file_id], body.replaces)
        etag(response, application)
        return _listed(tx, application, commands.working(application))


@router.post("/documents/small", openapi_extra=BYTES)
def send_document(
    application_id: UUID,
    actor: CurrentActor,
    code: Annotated[str, Query(pattern=r"^[a-z][a-z0-9_-]{0,39}$")],
    name: Annotated[str, Query(min_length=1, max_length=1000)],
    chunk: Chunk,
    response: Response,
) -> list[DocumentOut]:
    """Send a file of at most 1 000 000 bytes and attach it, in one request."""
    with transaction(actor) as tx:  # before its bytes are kept
        documents.allow(tx, application_id)
    kept = intake.keep(io.BytesIO(chunk), name)
    with transaction(actor) as tx:
        made = files.register(tx, kept)
        application = documents.attach(tx, application_id, code, [made.id])
        etag(response, application)
        return _listed(tx, application, commands.working(application))


@router.post("/papers")
def receive_papers(
    application_id: UUID, body: PapersIn, actor: CurrentActor, response: Response
) -> PapersOut:
    """Note which papers were handed in at the counter: for the officers of the call's province."""
    with transaction(actor) as tx:
        application = documents.receive_papers(tx, application_id, body.codes, body.there)
        etag(response, application)
        return PapersOut(version=application.version)


@router.delete("/documents/{file_id}")
def remove_document(
    application_id: UUID, file_id: UUID, actor: CurrentActor, response: Response
) -> list[DocumentOut]:
    """Take a file away from the dossier; what was deposited keeps it, and it may be put back for a day."""
    with transaction(actor) as tx:
        application = documents.remove(tx, application_id, file_id)
        etag(response, application)
        return _listed(tx, application, commands.working(application))


@router.post("/documents/{file_id}/restore")
def restore_document(
    application_id: UUID, file_id: UUID, actor: CurrentActor, response: Response
) -> list[DocumentOut]:
    """Put a file back that was taken away: within 24 hours, and until the next deposit."""
    with transaction(actor) as tx:
        application = documents.restore(tx, application_id, file_id)
        etag(response, application)
        return _listed(tx, application, commands.working(application))


@router.get("/documents/{file_id}", response_class=Response)
def get_document(request: Request, application_id: UUID, file_id: UUID, actor: CurrentActor) -> Response:
    """The bytes of a file of the dossier, under the type of their content."""
    with transaction(actor) as tx:
        file = documents.opened(tx, queries.one(tx, application_id), file_id)
    return served(request, file)


def _listed(tx: Tx, application: Application, content: dict[str, Any]) -> list[DocumentOut]:
    return [
        DocumentOut(
            code=paper.asked.code,
            label=paper.asked.label,
            help=paper.asked.help,
            required=paper.asked.required,
            on_paper=paper.on_paper,
            files=[FileOut.model_validate(file) for file in paper.files],
        )
        for paper in documents.papers(tx, application, content)
    ]
