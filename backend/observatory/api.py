"""The public figures and register, and the trail, as JSON."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from ..core.tx import transaction
from ..durability.queries import by_age
from ..web.deps import AnyActor, CurrentActor, Cursor, Limit
from .queries import public, trail
from .schemas import CauseOut, EventOut, EventPage, FiguresOut, FundedOut, FundedPage, PlaceOut, SummaryOut

router = APIRouter()
Word = Annotated[str | None, Query(max_length=80)]


@router.get("/observatory/summary", tags=["observatory"])
def read_summary(actor: AnyActor) -> SummaryOut:
    """What was funded, paid and became of it, nationally and by province. Public; recorded figures only."""
    with transaction(actor) as tx:
        places = public.places(tx)
        causes = public.causes(tx)
        return SummaryOut(
            as_of=tx.now,
            figures=FiguresOut.model_validate(public.total(places)),
            by_age=by_age(tx),
            provinces=[PlaceOut.model_validate(place) for place in places],
            in_difficulty=causes.projects,
            causes=[CauseOut.model_validate(cause) for cause in causes.named],
        )


@router.get("/observatory/funded", tags=["observatory"])
def list_funded(
    actor: AnyActor,
    province: Annotated[str | None, Query(max_length=8, description="Province, by its code.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> FundedPage:
    """The public register of funded projects, the latest decision first. No personal data."""
    with transaction(actor) as tx:
        page = public.register(tx, province, cursor, limit)
        return FundedPage(items=[FundedOut.model_validate(line) for line in page.items], next=page.next)


@router.get("/events", tags=["audit"])
def list_events(  # noqa: PLR0917 (FastAPI passes them by name)
    actor: CurrentActor,
    subject_type: Word = None,
    subject_id: UUID | None = None,
    actor_id: UUID | None = None,
    name: Word = None,
    since: date | None = None,
    until: date | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> EventPage:
    """What happened, the latest first: all of it for overseers, their province's for officers.

    Events on a dossier, a review or a decision follow the rule of that record.
    """
    with transaction(actor) as tx:
        filters = trail.Filters(subject_type, subject_id, actor_id, None, name, since, until)
        page = trail.events(tx, filters, cursor, limit)
        return EventPage(items=[EventOut.model_validate(event) for event in page.items], next=page.next)
