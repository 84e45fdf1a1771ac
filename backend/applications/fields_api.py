"""Autosave over JSON: fields kept one by one, and what each of them said before."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from ..core.calendar import format_datetime
from ..core.errors import UNAUTHENTICATED
from ..core.i18n import translate
from ..core.shapes import In, Out
from ..core.tx import transaction
from ..web.deps import CurrentActor, Cursor, Limit, etag
from ..web.language import language_of
from ..web.problems import FieldProblem
from . import autosave, changes
from .autosave import Fate, Told
from .fields import written
from .models import Application, FieldChange

router = APIRouter(prefix="/applications/{application_id}", tags=["applications"])
Section = Annotated[str, Field(max_length=40)]
Path = Annotated[str, Field(max_length=80, description="`title`, `lines.0.label`, or a whole list: `lines`.")]


class ChangeIn(In):
    """A field as it was changed. Amounts, counts and shares may be written as people type them."""

    id: Annotated[UUID, Field(description="Made by the sender: sent again, the change is kept once.")]
    section: Section
    field: Path
    was: Annotated[Any, Field(description="What the field said when it was changed.")] = None
    value: Annotated[Any, Field(description="What it is to say; null or empty for nothing.")] = None


class ChangesIn(In):
    """Changes in the order in which they were made."""

    changes: Annotated[list[ChangeIn], Field(min_length=1, max_length=autosave.MOST)]
    account: Annotated[
        UUID | None, Field(description="Whose changes they are: 401 when somebody else is signed in by now.")
    ] = None


class TheirsOut(Out):
    """What the field says instead, as JSON and as forms write it; by whom and since when, if known.

    `yours` when it was you, elsewhere; `moment` is `at` in words of your language.
    """

    value: Any
    written: str
    by: str | None
    at: datetime | None
    yours: bool = False
    moment: str = ""


class ResultOut(Out):
    """What became of a change: `kept`, `already` (it came before), `conflict` or `refused`."""

    id: UUID
    status: Fate
    errors: Annotated[list[FieldProblem], Field(default_factory=list)]
    theirs: TheirsOut | None = None


class ChangesOut(BaseModel):
    """What became of each change; the dossier's version and the instant after them."""

    version: int
    saved_at: datetime
    results: list[ResultOut]


class PastOut(Out):
    """A field as somebody changed it."""

    id: UUID
    section: str
    field: str
    before: Any
    after: Any
    by: str
    kept_at: datetime


class HistoryPage(BaseModel):
    items: list[PastOut]
    next: str | None


@router.patch("/fields")
def save_fields(
    application_id: UUID, body: ChangesIn, actor: CurrentActor, request: Request, response: Response
) -> ChangesOut:
    """Keep fields one by one, merged with what others keep: each change is told its own fate.

    A change is kept when its field still says what it `was`. When the field says something else by now, the
    change is a conflict and nothing is overwritten. No version is needed, and sending again does no harm.
    """
    if body.account not in (None, actor.id):
        raise UNAUTHENTICATED(headers={"www-authenticate": "Bearer"})
    lang = language_of(request, actor)
    asked = [autosave.Change(**one.model_dump()) for one in body.changes]
    with transaction(actor) as tx:
        application, told = autosave.apply(tx, application_id, asked)
        etag(response, application)
        return ChangesOut(
            version=application.version, saved_at=tx.now, results=[_result(one, lang) for one in told]
        )


@router.get("/history")
def field_history(
    application_id: UUID,
    actor: CurrentActor,
    section: Annotated[str | None, Query(max_length=40)] = None,
    field: Annotated[str | None, Query(max_length=80)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> HistoryPage:
    """What was changed in the dossier, the latest first, for those who write it."""
    with transaction(actor) as tx:
        application = tx.get(Application, application_id, "dossier_history.read")
        page = changes.history(tx, application, section, field, cursor, limit)
        names = changes.names(tx, page.items)
        return HistoryPage(items=[_past(row, names) for row in page.items], next=page.next)


def _result(told: Told, lang: str) -> ResultOut:
    name = told.change.field.rpartition(".")[2]
    theirs = TheirsOut(
        value=told.theirs,
        written=_as_form(name, told.theirs, lang),
        by=told.by,
        at=told.at,
        yours=told.yours,
        moment=format_datetime(told.at, lang) if told.at else "",
    )
    return ResultOut(
        id=told.change.id,
        status=told.fate,
        errors=[
            FieldProblem(
                field=one.field, code=one.code, message=translate(lang, f"field.{one.code}", **one.params)
            )
            for one in told.errors
        ],
        theirs=theirs if told.fate is Fate.CONFLICT else None,
    )


def _as_form(name: str, value: Any, lang: str) -> str:
    """Rows of a whole list have no single field in a form."""
    rows = isinstance(value, list) and any(isinstance(one, dict) for one in value)
    return "" if rows else written(name, value, lang)


def _past(row: FieldChange, names: dict[UUID, str]) -> PastOut:
    told = {name: getattr(row, name) for name in ("id", "section", "field", "before", "after", "kept_at")}
    return PastOut(**told, by=names.get(row.person_id, ""))
