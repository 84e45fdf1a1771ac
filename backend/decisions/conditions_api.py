"""JSON edge of grants under conditions: read, answered, confirmed or sent back, their day put off once."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from ..core.tx import Tx, transaction
from ..files.chunks import BYTES, Chunk
from ..files.schemas import FileOut
from ..files.serving import served
from ..web.deps import CurrentActor, Cursor, Limit
from .conditions import following, reading
from .conditions.schemas import (
    AnswerIn,
    ConditionList,
    ConditionOut,
    ConditionPage,
    ConfirmationIn,
    ExtensionIn,
    ExtensionOut,
    LackIn,
)
from .models import ConditionState, Decision, DecisionCondition
from .sent import SentIn, kept
from .told import known

router = APIRouter()


@router.get("/conditions")
def list_conditions(
    actor: CurrentActor, *, state: ConditionState | None = None, cursor: Cursor = None, limit: Limit = 50
) -> ConditionPage:
    """Conditions of grants that you may see: a holder hers, an officer those of her province."""
    with transaction(actor) as tx:
        page = reading.listed(tx, state, cursor, limit)
        return ConditionPage(items=_listed(tx, page.items), next=page.next)


@router.get("/decisions/{decision_id}/conditions")
def read_conditions(decision_id: UUID, actor: CurrentActor) -> ConditionList:
    """The conditions of a decision in its order; none before its letter is released."""
    with transaction(actor) as tx:
        tx.get(Decision, decision_id, "decision.read")
        return ConditionList(items=_listed(tx, reading.of_decision(tx, decision_id)))


@router.post("/decisions/{decision_id}/extend")
def extend_conditions(decision_id: UUID, body: ExtensionIn, actor: CurrentActor) -> ExtensionOut:
    """Put the last day off, once (409 `conditions_extended` the second time)."""
    with transaction(actor) as tx:
        done = following.extend(tx, decision_id, body.due_on, body.reason.model_dump())
        return ExtensionOut.model_validate(done)


@router.post("/conditions/{condition_id}/answer")
def answer_condition(condition_id: UUID, body: AnswerIn, actor: CurrentActor) -> ConditionOut:
    """Say how it is met, again as often as wanted until it is confirmed; 409 `condition_late` afterwards."""
    with transaction(actor) as tx:
        return _out(tx, following.answer(tx, condition_id, body.words))


@router.post("/conditions/{condition_id}/confirm")
def confirm_condition(condition_id: UUID, body: ConfirmationIn, actor: CurrentActor) -> ConditionOut:
    """It is met; with the last one the grant's convention may be prepared."""
    with transaction(actor) as tx:
        return _out(tx, following.confirm(tx, condition_id, body.seen))


@router.post("/conditions/{condition_id}/return")
def send_condition_back(condition_id: UUID, body: LackIn, actor: CurrentActor) -> ConditionOut:
    """Something lacks: what."""
    with transaction(actor) as tx:
        return _out(tx, following.send_back(tx, condition_id, body.lacks.model_dump()))


@router.get("/conditions/{condition_id}/documents")
def list_condition_documents(condition_id: UUID, actor: CurrentActor) -> list[FileOut]:
    """The documents that answer a condition, in the order in which they came."""
    with transaction(actor) as tx:
        return [FileOut.model_validate(one) for one in reading.documents(tx, condition_id)]


@router.post("/conditions/{condition_id}/documents")
def attach_condition_document(condition_id: UUID, body: SentIn, actor: CurrentActor) -> ConditionOut:
    """Answer by a file that you sent (`/uploads`); words said before stay. Asked again, nothing changes."""
    with transaction(actor) as tx:
        return _out(tx, following.add_document(tx, condition_id, body.file_id))


@router.post("/conditions/{condition_id}/documents/small", openapi_extra=BYTES)
def send_condition_document(
    condition_id: UUID,
    actor: CurrentActor,
    name: Annotated[str, Query(min_length=1, max_length=1000)],
    chunk: Chunk,
) -> ConditionOut:
    """Answer by a file of at most 1 000 000 bytes, sent in this request."""
    with transaction(actor) as tx:  # before its bytes are kept
        tx.get(DecisionCondition, condition_id, "condition.answer")
        tx.recorded = True
    with kept(chunk, name) as sent, transaction(actor) as tx:
        return _out(tx, following.add_document(tx, condition_id, sent))


@router.get("/conditions/{condition_id}/documents/{file_id}", response_class=Response)
def get_condition_document(
    request: Request, condition_id: UUID, file_id: UUID, actor: CurrentActor
) -> Response:
    """The bytes of a document, for whoever reads the condition."""
    with transaction(actor) as tx:
        file = reading.document(tx, condition_id, file_id)
    return served(request, file)


def _out(tx: Tx, condition: DecisionCondition) -> ConditionOut:
    tx.session.flush()
    return _listed(tx, [condition])[0]


def _listed(tx: Tx, rows: Sequence[DecisionCondition]) -> list[ConditionOut]:
    ids = known(tx, {one.decision_id for one in rows})
    return [
        ConditionOut.model_validate(one).model_copy(update={"decision_id": ids[one.decision_id]})
        for one in rows
    ]
