"""Uploads over JSON and raw bytes: announce, send chunks in order, complete; ask how far it is."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from ..core.tx import transaction
from ..web.deps import CurrentActor, OncePerKey
from . import commands, intake, queries
from .chunks import BYTES, Chunk
from .schemas import FileOut, UploadIn, UploadOut

router = APIRouter(prefix="/uploads", tags=["files"])


@router.post("", status_code=201)
def begin_upload(body: UploadIn, actor: CurrentActor, once: OncePerKey) -> UploadOut:
    """Announce a file by its name and size in bytes: refused at once if it is too large.

    Then send it from byte 0, in chunks of at most 1 000 000 bytes. What is not finished in 48 hours is
    forgotten.
    """
    with transaction(actor) as tx:
        return UploadOut.model_validate(
            once(tx, body, lambda: UploadOut.model_validate(commands.begin(tx, body.name, body.size)))
        )


@router.get("/{upload_id}")
def get_upload(upload_id: UUID, actor: CurrentActor) -> UploadOut:
    """How far it is: `received` is the offset of the next chunk."""
    with transaction(actor) as tx:
        return UploadOut.model_validate(queries.upload(tx, upload_id))


@router.put("/{upload_id}", openapi_extra=BYTES)
def send_chunk(
    upload_id: UUID,
    actor: CurrentActor,
    offset: Annotated[int, Query(ge=0, le=2**53, description="Where in the file the chunk begins.")],
    chunk: Chunk,
) -> UploadOut:
    """Send the chunk that begins at `offset`. Sent twice it is harmless; 409 says the offset `expected`."""
    with transaction(actor) as tx:
        return UploadOut.model_validate(commands.receive(tx, upload_id, offset, chunk))


@router.post("/{upload_id}/complete")
def complete_upload(upload_id: UUID, actor: CurrentActor) -> FileOut:
    """All is sent: the content is examined (its type is told by it, not by the name), hashed and scanned.

    Asked again, it answers the same file.
    """
    with transaction(actor) as tx:
        upload = commands.finished(tx, upload_id)
        if upload.file_id:
            return FileOut.model_validate(queries.one(tx, upload.file_id))
    with intake.joined(intake.pieces_of(upload.id)) as whole:
        kept = intake.keep(whole, upload.name, upload.size)
    with transaction(actor) as tx:
        return FileOut.model_validate(commands.complete(tx, upload_id, kept))


@router.delete("/{upload_id}", status_code=204)
def cancel_upload(upload_id: UUID, actor: CurrentActor) -> Response:
    """Forget it and what was sent of it; the file that it became already stays."""
    with transaction(actor) as tx:
        commands.cancel(tx, upload_id)
    return Response(status_code=204)
