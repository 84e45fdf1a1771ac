"""The public figures and register, and the trail, as JSON."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from ..applications.bulk import Chosen
from ..applications.desk_api import FiltersIn
from ..core.tx import transaction
from ..durability.queries import by_age
from ..web.deps import AnyActor, CurrentActor, Cursor, Limit
from . import exporting, sheets
from .queries import public, trail
from .schemas import (
    CauseOut,
    EventOut,
    EventPage,
    ExportOut,
    ExportPage,
    FiguresOut,
    FundedOut,
    FundedPage,
    PlaceOut,
    SummaryOut,
)

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


class ExportQuery(FiltersIn):
    """Which dossiers, which columns, which kind of file, in which language."""

    kind: Literal["csv", "xlsx"] = "csv"
    column: Annotated[tuple[str, ...], Field(max_length=40, description="Left out: the usual ones.")] = ()
    language: Literal["fr", "ar"] = "fr"


@router.get(
    "/exports/applications",
    tags=["applications"],
    response_class=Response,
    responses={200: {"description": "The file.", "content": {kind: {} for kind in sheets.TYPES.values()}}},
)
def export_applications(actor: CurrentActor, asked: Annotated[ExportQuery, Query()]) -> Response:
    """Dossiers that the reader may see, with the scores that she may see, as Excel or CSV.

    `X-Row-Count` says how many the file holds, and the file does too: in the last line of a CSV, on the
    second sheet of an Excel file. `X-Rows-SHA256` is the fingerprint of the rows as CSV, whichever the kind.
    Nothing is cut off: an Excel file that would be too long is refused. The export is kept on record.
    """
    with transaction(actor) as tx:
        chosen = Chosen(filters=asked.filters())
        written = exporting.take(tx, chosen, asked.column, asked.kind, asked.language)
    return sheets.answer(written)


@router.get("/exports", tags=["audit"])
def list_exports(actor: CurrentActor, cursor: Cursor = None, limit: Limit = 50) -> ExportPage:
    """Lists of dossiers that were taken away, the latest first: one's own, or all for those who audit."""
    with transaction(actor) as tx:
        page = exporting.listed(tx, cursor, limit)
        return ExportPage(items=[ExportOut.model_validate(row) for row in page.items], next=page.next)
