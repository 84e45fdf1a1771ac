"""JSON edge of appeals: filed, given to somebody who did not decide, reported on, voted, settled."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from ..core.tx import Tx, transaction
from ..files.chunks import BYTES, Chunk
from ..files.schemas import FileOut
from ..files.serving import served
from ..web.deps import CurrentActor, Cursor, Limit, OncePerKey
from .appeals import filing, reading, settling, studying
from .appeals.schemas import (
    AgendaIn,
    AppealIn,
    AppealOut,
    AppealPage,
    AppealVoteIn,
    HandlerIn,
    ReportIn,
    SettlementIn,
)
from .models import Appeal, AppealState
from .schemas import MotionOut
from .sent import SentIn, kept

router = APIRouter()


@router.get("/appeals")
def list_appeals(
    actor: CurrentActor, *, state: AppealState | None = None, cursor: Cursor = None, limit: Limit = 50
) -> AppealPage:
    """Appeals that you may see, the latest first: a holder her own."""
    with transaction(actor) as tx:
        page = reading.listed(tx, state, cursor, limit)
        return AppealPage(items=[AppealOut.model_validate(one) for one in page.items], next=page.next)


@router.get("/appeals/{appeal_id}")
def read_appeal(appeal_id: UUID, actor: CurrentActor) -> AppealOut:
    """One appeal, and once settled the answer in both languages."""
    with transaction(actor) as tx:
        return AppealOut.model_validate(tx.get(Appeal, appeal_id, "appeal.read"))


@router.post("/appeals", status_code=201)
def file_appeal(body: AppealIn, actor: CurrentActor, once: OncePerKey) -> AppealOut:
    """Contest a decision that refuses or defers; 409 `appeal_late` after the call's last day."""
    with transaction(actor) as tx:
        return once(  # type: ignore[no-any-return]
            tx, body, lambda: AppealOut.model_validate(filing.file_appeal(tx, body.decision_id, body.reasons))
        )


@router.get("/appeals/{appeal_id}/documents")
def list_appeal_documents(appeal_id: UUID, actor: CurrentActor) -> list[FileOut]:
    """The documents of an appeal, in the order in which they came."""
    with transaction(actor) as tx:
        return [FileOut.model_validate(one) for one in reading.documents(tx, appeal_id)]


@router.post("/appeals/{appeal_id}/documents")
def attach_appeal_document(appeal_id: UUID, body: SentIn, actor: CurrentActor) -> AppealOut:
    """Support it with a file that you sent (`/uploads`), until it is reported on (409 `appeal_studied`)."""
    with transaction(actor) as tx:
        return _out(tx, filing.add_document(tx, appeal_id, body.file_id))


@router.post("/appeals/{appeal_id}/documents/small", openapi_extra=BYTES)
def send_appeal_document(
    appeal_id: UUID,
    actor: CurrentActor,
    name: Annotated[str, Query(min_length=1, max_length=1000)],
    chunk: Chunk,
) -> AppealOut:
    """Support it with a file of at most 1 000 000 bytes, sent in this request."""
    with transaction(actor) as tx:  # before its bytes are kept
        tx.get(Appeal, appeal_id, "appeal.file")
        tx.recorded = True
    with kept(chunk, name) as sent, transaction(actor) as tx:
        return _out(tx, filing.add_document(tx, appeal_id, sent))


@router.get("/appeals/{appeal_id}/documents/{file_id}", response_class=Response)
def get_appeal_document(request: Request, appeal_id: UUID, file_id: UUID, actor: CurrentActor) -> Response:
    """The bytes of a document, for whoever reads the appeal."""
    with transaction(actor) as tx:
        file = reading.document(tx, appeal_id, file_id)
    return served(request, file)


@router.post("/appeals/{appeal_id}/withdraw")
def withdraw_appeal(appeal_id: UUID, actor: CurrentActor) -> AppealOut:
    """Take it back before it is voted on."""
    with transaction(actor) as tx:
        return _out(tx, filing.withdraw(tx, appeal_id))


@router.post("/appeals/{appeal_id}/assign")
def assign_appeal(appeal_id: UUID, body: HandlerIn, actor: CurrentActor) -> AppealOut:
    """Give it to somebody who neither judged the dossier nor voted on it (409 `appeal_handler`)."""
    with transaction(actor) as tx:
        return _out(tx, studying.assign(tx, appeal_id, body.person_id))


@router.post("/appeals/{appeal_id}/report")
def report_on_appeal(appeal_id: UUID, body: ReportIn, actor: CurrentActor) -> AppealOut:
    """What she to whom it was given found."""
    with transaction(actor) as tx:
        return _out(tx, studying.report(tx, appeal_id, body.report))


@router.post("/appeals/{appeal_id}/schedule")
def schedule_appeal(appeal_id: UUID, body: AgendaIn, actor: CurrentActor) -> AppealOut:
    """Put it on the agenda of a later session of the committee."""
    with transaction(actor) as tx:
        return _out(tx, settling.schedule(tx, appeal_id, body.session_id))


@router.post("/appeals/{appeal_id}/put-to-vote", status_code=201)
def put_appeal_to_vote(appeal_id: UUID, body: AppealVoteIn, actor: CurrentActor) -> MotionOut:
    """Open the motion that would replace the decision."""
    with transaction(actor) as tx:
        made = settling.put(tx, appeal_id, body.outcome, body.amount_centimes, terms=body.terms())
        return MotionOut.model_validate(made)


@router.post("/appeals/{appeal_id}/settle")
def settle_appeal(appeal_id: UUID, body: SettlementIn, actor: CurrentActor) -> AppealOut:
    """Draw the vote's consequence: a new decision, or the dismissal, with the answer."""
    with transaction(actor) as tx:
        return _out(tx, settling.settle(tx, appeal_id, body.answer.model_dump()))


def _out(tx: Tx, appeal: Appeal) -> AppealOut:
    tx.session.flush()
    return AppealOut.model_validate(appeal)
