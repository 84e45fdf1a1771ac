"""JSON edge of information requests and statutory clocks."""

from uuid import UUID

from fastapi import APIRouter, Request

from ..applications import search
from ..core.tx import transaction
from ..people.cookies import address_of
from ..web.deps import AnyActor, CurrentActor, Cursor, Limit
from . import answering, asking, clocks, reading
from .models import InformationRequest, InformationState
from .schemas import (
    AnswerIn,
    ClockCode,
    ClockOut,
    ClockPage,
    ExtensionIn,
    FollowIn,
    InformationIn,
    InformationOut,
    InformationPage,
    InformationReceipt,
    InformationTrace,
    RefusalIn,
)

router = APIRouter()


@router.post("/information-requests", status_code=201, tags=["information requests"])
def ask_for_information(request: Request, body: InformationIn, actor: AnyActor) -> InformationReceipt:
    """Ask a province for information (law 31-13); no account is needed.

    The code is told in this answer and kept nowhere. The same body with the same `key` is the same request.
    """
    with transaction(actor) as tx:
        made, code = asking.ask(tx, body, address_of(request))
        return InformationReceipt(**InformationTrace.model_validate(made).model_dump(), code=code)


@router.post("/information-requests/follow", tags=["information requests"])
def follow_information_request(body: FollowIn, actor: AnyActor) -> InformationTrace:
    """Its state and its answer, for whoever has the number and the code (404 `information_unknown`)."""
    with transaction(actor) as tx:
        return InformationTrace.model_validate(asking.follow(tx, body))


@router.get("/information-requests", tags=["information requests"])
def list_information_requests(
    actor: CurrentActor, *, state: InformationState | None = None, cursor: Cursor = None, limit: Limit = 50
) -> InformationPage:
    """Requests that you may see, the first due first; never who asked."""
    with transaction(actor) as tx:
        page = reading.listed(tx, state, cursor, limit)
        return InformationPage(
            items=[InformationOut.model_validate(one) for one in page.items], next=page.next
        )


@router.get("/information-requests/{request_id}", tags=["information requests"])
def read_information_request(request_id: UUID, actor: CurrentActor) -> InformationOut:
    """One request; never who asked."""
    with transaction(actor) as tx:
        asked = tx.get(InformationRequest, request_id, "information_request.read")
        return InformationOut.model_validate(asked)


@router.post("/information-requests/{request_id}/answer", tags=["information requests"])
def answer_information_request(request_id: UUID, body: AnswerIn, actor: CurrentActor) -> InformationOut:
    """Give what was asked; she is told where she wanted."""
    with transaction(actor) as tx:
        return InformationOut.model_validate(answering.answer(tx, request_id, body.answer))


@router.post("/information-requests/{request_id}/refuse", tags=["information requests"])
def refuse_information_request(request_id: UUID, body: RefusalIn, actor: CurrentActor) -> InformationOut:
    """Refuse in writing, with the ground that the law allows."""
    with transaction(actor) as tx:
        return InformationOut.model_validate(answering.refuse(tx, request_id, body.ground, body.answer))


@router.post("/information-requests/{request_id}/extend", tags=["information requests"])
def extend_information_request(request_id: UUID, body: ExtensionIn, actor: CurrentActor) -> InformationOut:
    """Twenty working days more, once, with the reason (409 `information_extended`, `information_late`)."""
    with transaction(actor) as tx:
        return InformationOut.model_validate(answering.extend(tx, request_id, body.reason))


@router.get("/clocks", tags=["clocks"])
def list_clocks(
    actor: CurrentActor, *, clock: ClockCode | None = None, due: search.Due | None = None
) -> ClockPage:
    """What you may act on that is due within fifteen days or late, and how many of each kind run.

    `clock` and `due` narrow the items; the counts are of all.
    """
    of = [clocks.BY_CODE[clock]] if clock else clocks.CLOCKS
    with transaction(actor) as tx:
        counted = clocks.counts(tx)
        found = clocks.due(tx, of, only=due)
        return ClockPage(
            items=[ClockOut.model_validate(one, from_attributes=True) for one in found],
            counts={code: sum(one.running for one in of.values()) for code, of in counted.items()},
            late={code: sum(one.late for one in of.values()) for code, of in counted.items()},
        )
