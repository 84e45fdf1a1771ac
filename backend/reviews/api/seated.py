"""Ties of committee members seated by name, written down by the secretary."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from ...core.shapes import In, Out
from ...core.tx import transaction
from ...web.deps import CurrentActor
from .. import seated

router = APIRouter(prefix="/applications/{application_id}/seat-ties", tags=["reviews"])


class SeatTieIn(In):
    """Which member, and how her tie to the holder is known."""

    person_id: UUID
    reason: Annotated[str, Field(min_length=1, max_length=seated.LONGEST)]


class SeatTieOut(Out):
    """A tie of a member to the dossier's holder."""

    person_id: UUID
    organisation_id: UUID
    reason: str
    declared_at: datetime


class SeatedOut(BaseModel):
    """A member without an account, where she sits, and her tie to the holder when one stands."""

    person_id: UUID
    name: dict[str, str]
    committees: list[dict[str, str]]
    tie: SeatTieOut | None


@router.get("")
def list_seat_ties(application_id: UUID, actor: CurrentActor) -> list[SeatedOut]:
    """Who sits by name today in the committees of the dossier's province."""
    with transaction(actor) as tx:
        found = seated.seated(tx, seated.dossier(tx, application_id))
        return [
            SeatedOut(
                person_id=one.person_id,
                name=one.name,
                committees=list(one.committees),
                tie=SeatTieOut.model_validate(one.tie) if one.tie else None,
            )
            for one in found
        ]


@router.post("", status_code=201)
def record_seat_tie(application_id: UUID, body: SeatTieIn, actor: CurrentActor) -> SeatTieOut:
    """Write a tie down: the member neither votes on the holder's dossiers nor counts in the quorum."""
    with transaction(actor) as tx:
        return SeatTieOut.model_validate(seated.record(tx, application_id, body.person_id, body.reason))
