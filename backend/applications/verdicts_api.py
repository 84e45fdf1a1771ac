"""A list of verdicts and notes over JSON: the workbook to fill, what a list would do, doing it."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from ..core.tx import transaction
from ..people.roster.template import MEDIA_TYPE
from ..people.roster.told import message
from ..people.schemas import FaultOut, Language
from ..web.deps import CurrentActor
from ..web.language import language_of
from ..web.sheets import SHEET, SentSheet
from . import lists, noting, verdict_book
from .desk_api import FiltersIn

router = APIRouter(prefix="/applications/verdicts", tags=["applications"])
WORKBOOK: dict[str, Any] = {"content": {MEDIA_TYPE: {}}}


class TemplateQuery(FiltersIn):
    """Which dossiers are in the workbook, and its language."""

    lang: Language = "fr"


class VerdictOut(BaseModel):
    """What a sound line does: the verb (none: the dossier is only noted), what is said and asked."""

    line: int
    application_id: UUID
    number: str
    verb: str | None
    reason: str | None
    rules: list[str]
    items: list[str]
    due_on: date | None
    note: str


class VerdictsOut(BaseModel):
    """What a list does, line by line, and what is wrong in it by cell; `seen` is sent back to do it."""

    done: list[VerdictOut]
    unchanged: list[int]
    faults: list[FaultOut]
    seen: str
    saved: bool


@router.get("/template", response_class=Response, responses={200: WORKBOOK})
def verdicts_template(actor: CurrentActor, asked: Annotated[TemplateQuery, Query()]) -> Response:
    """A workbook to fill in French or in Arabic, with the dossiers that the filters leave."""
    noting.officers_only(actor)
    with transaction(actor) as tx:
        rows = verdict_book.dossiers(tx, asked.filters())
        return Response(verdict_book.book(asked.lang, rows), media_type=MEDIA_TYPE)


@router.post("/preview", openapi_extra=SHEET)
def preview_verdicts(actor: CurrentActor, sent: SentSheet) -> VerdictsOut:
    """What each line would do, and what is wrong by line and cell. Nothing is written."""
    noting.officers_only(actor)
    rows = lists.rows_of(sent.content, noting.NOTES_TOO_MANY(most=noting.MOST))
    with transaction(actor) as tx:
        return _told(language_of(sent.request, actor), noting.plan(tx, rows), saved=False)


@router.post("", openapi_extra=SHEET)
def take_verdicts(
    actor: CurrentActor,
    sent: SentSheet,
    seen: Annotated[str, Query(max_length=64, description="As the preview said.")],
    keep_right: Annotated[bool, Query(description="Do the right lines though others are wrong.")] = False,
) -> VerdictsOut:
    """Do it in one commit, if the same list still does what the preview said; refused otherwise."""
    noting.officers_only(actor)
    rows = lists.rows_of(sent.content, noting.NOTES_TOO_MANY(most=noting.MOST))
    with transaction(actor) as tx:
        found = noting.take(tx, rows, seen, right_only=keep_right)
        return _told(language_of(sent.request, actor), found, saved=True)


def _told(lang: str, found: noting.Plan, *, saved: bool) -> VerdictsOut:
    return VerdictsOut(
        done=[
            VerdictOut(
                line=one.line,
                application_id=one.application_id,
                number=one.number,
                verb=one.verb,
                reason=one.reason,
                rules=list(one.rules),
                items=list(one.owed.items) if one.owed else [],
                due_on=one.owed.due_on if one.owed else None,
                note=one.note,
            )
            for one in found.done
        ],
        unchanged=found.unchanged,
        faults=[
            FaultOut(
                line=one.line, cell=one.cell, column=one.column, code=one.code, message=message(lang, one)
            )
            for one in found.faults
        ],
        seen=found.print_,
        saved=saved,
    )
