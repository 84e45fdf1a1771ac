"""JSON edge of letters: a call's queue, and their release by a person."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from ..calls.models import Call
from ..core.shapes import In, Out
from ..core.tx import transaction
from ..web.deps import CurrentActor
from . import letters
from .models import LetterKind, LetterState

router = APIRouter(prefix="/decisions/calls/{call_id}/letters", tags=["decisions"])


class LetterOut(Out):
    """A letter on a decision; its paper is at `/letters/{code}/pdf`, its check at `/letters/{code}`."""

    id: UUID
    decision_id: UUID
    application_id: UUID
    kind: LetterKind
    state: LetterState
    code: str
    content_sha256: str
    queued_at: datetime
    released_at: datetime | None


class LetterList(BaseModel):
    items: list[LetterOut]


class ReleaseIn(In):
    """The letters to release; all that wait when none is named."""

    letter_ids: Annotated[list[UUID], Field(min_length=1, max_length=letters.MOST)] | None = None


@router.get("")
def list_letters(call_id: UUID, actor: CurrentActor) -> LetterList:
    """The letters of a call that you may see: a holder her own, once released."""
    with transaction(actor) as tx:
        tx.get(Call, call_id, "call.read")
        return LetterList(items=[LetterOut.model_validate(one) for one in letters.of_call(tx, call_id)])


@router.post("/release")
def release_letters(call_id: UUID, body: ReleaseIn, actor: CurrentActor) -> LetterList:
    """Release letters: their holders are told, and read the decision. All of those named, or none."""
    with transaction(actor) as tx:
        done = letters.release(tx, call_id, body.letter_ids)
        return LetterList(items=[LetterOut.model_validate(one) for one in done])
