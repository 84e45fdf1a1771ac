"""What the officers do: answer, refuse with the ground that the law allows, extend once."""

from uuid import UUID

from sqlalchemy import func, select

from ..core.errors import INVALID, FieldError
from ..core.tx import Tx
from ..files import commands as files
from ..files.intake import Kept
from .lifecycle import ANSWERED_ALREADY, RECEIVED, REQUESTS, due_after
from .models import InformationFile, InformationRequest, RefusalGround

MAY = "information_request.answer"
MOST_FILES = 10


def add_document(tx: Tx, request_id: UUID, kept: Kept) -> InformationFile:
    """A document that goes with the answer; nobody outside reads it before that."""
    asked = tx.get(InformationRequest, request_id, MAY)
    if asked.state is not RECEIVED:
        raise ANSWERED_ALREADY()
    held = select(func.count()).where(InformationFile.request_id == asked.id)
    if tx.session.execute(held).scalar_one() >= MOST_FILES:
        raise INVALID([FieldError("file", "too_many", {"most": MOST_FILES})])
    file = files.register(tx, kept)
    made = InformationFile(request_id=asked.id, file_id=file.id)
    tx.add(made, "information_file.create")
    tx.emit("information_request.document_added", asked, file=str(file.id), sha256=file.sha256)
    return made


def answer(tx: Tx, request_id: UUID, words: str, version: int | None = None) -> InformationRequest:
    """Give what was asked; she is told where she wanted."""
    asked = tx.get(InformationRequest, request_id, MAY, version=version)
    REQUESTS.fire(tx, asked, "answer", number=asked.number)
    return _closed(tx, asked, words)


def refuse(
    tx: Tx, request_id: UUID, ground: RefusalGround, words: str, version: int | None = None
) -> InformationRequest:
    """Refuse in writing, with the ground that the law allows."""
    asked = tx.get(InformationRequest, request_id, MAY, version=version)
    REQUESTS.fire(tx, asked, "refuse", number=asked.number)
    asked.ground = ground
    return _closed(tx, asked, words)


def extend(tx: Tx, request_id: UUID, reason: str, version: int | None = None) -> InformationRequest:
    """Twenty working days more, once, told with the reason before the first ones are over."""
    asked = tx.get(InformationRequest, request_id, MAY, version=version)
    later = due_after(asked.due_on)
    REQUESTS.fire(tx, asked, "extend", number=asked.number, due_on=later.isoformat())
    asked.due_on, asked.extended_at, asked.extension_reason = later, tx.now, reason
    return asked


def _closed(tx: Tx, asked: InformationRequest, words: str) -> InformationRequest:
    asked.answer, asked.answered_at, asked.answered_by = words, tx.now, tx.actor.id
    return asked
