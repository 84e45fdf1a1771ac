"""Follow-up waves and the table of projects still active, as JSON."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from ..core.tx import transaction
from ..web.deps import AnyActor, CurrentActor, Cursor, IfMatch, Limit, etag
from . import commands, queries
from .models import WaveState
from .schemas import AgeTable, AnswerIn, PlanIn, PlannedOut, WaveOut, WavePage

router = APIRouter(prefix="/waves", tags=["durability"])
Code = Annotated[str | None, Query(max_length=8, description="Province, by its code.")]


@router.get("")
def list_waves(  # noqa: PLR0917 (FastAPI passes them by name)
    actor: CurrentActor,
    state: WaveState | None = None,
    province: Code = None,
    convention_id: UUID | None = None,
    call_id: UUID | None = None,
    due_by: date | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> WavePage:
    """The waves that you may see, by date."""
    with transaction(actor) as tx:
        filters = queries.Filters(state, province, convention_id, call_id, due_by)
        page = queries.waves(tx, filters, cursor, limit)
        return WavePage(items=[WaveOut.model_validate(wave) for wave in page.items], next=page.next)


@router.post("/plan")
def plan_waves(body: PlanIn, actor: CurrentActor) -> PlannedOut:
    """Plan the waves of every signed convention of a call; what is planned already stays."""
    with transaction(actor) as tx:
        return PlannedOut(planned=commands.plan_call(tx, body.call_id))


@router.get("/by-age")
def projects_still_active_by_age(
    actor: AnyActor, province: Code = None, call_id: UUID | None = None
) -> AgeTable:
    """How many funded projects are still active at each age, unreachable ones counted both ways. Public."""
    with transaction(actor) as tx:
        return AgeTable(rows=queries.by_age(tx, province, call_id))


@router.get("/{wave_id}")
def read_wave(wave_id: UUID, actor: CurrentActor, response: Response) -> WaveOut:
    """One wave, with its ETag."""
    with transaction(actor) as tx:
        wave = queries.wave(tx, wave_id)
        etag(response, wave)
        return WaveOut.model_validate(wave)


@router.put("/{wave_id}/answer")
def answer_wave(
    wave_id: UUID, body: AnswerIn, actor: CurrentActor, version: IfMatch, response: Response
) -> WaveOut:
    """Record what became of the project, or correct it."""
    with transaction(actor) as tx:
        wave = commands.answer(tx, wave_id, body, version)
        tx.session.flush()
        etag(response, wave)
        return WaveOut.model_validate(wave)
