"""What is to be asked, and which projects are still alive at each age."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload

from ..applications.models import Application
from ..core.calendar import local
from ..core.paging import Key, Page, paginate
from ..core.tx import Tx
from ..funding.models import Convention
from .commands import ALIVE
from .models import ProjectStatus, Wave, WaveState
from .schemas import AgeRow

ORDER = [Key(Wave.due_on, lambda w: w.due_on), Key(Wave.id, lambda w: w.id)]


@dataclass(frozen=True)
class Filters:
    """What a list of waves may be narrowed to."""

    state: WaveState | None = None
    province: str | None = None
    convention_id: UUID | None = None
    call_id: UUID | None = None
    due_by: date | None = None


def waves(tx: Tx, filters: Filters, cursor: str | None = None, limit: int = 50) -> Page[Wave]:
    """Waves by date, the ones to be asked first; with the project they speak of."""
    return paginate(tx, _narrow(tx.visible(_with_project(), "wave.read"), filters), ORDER, cursor, limit)


def wave(tx: Tx, wave_id: UUID) -> Wave:
    return tx.get(Wave, wave_id, "wave.read", options=_PROJECT)


def by_age(tx: Tx, province: str | None = None, call_id: UUID | None = None) -> list[AgeRow]:
    """Projects still active at each age, among the waves whose date has come.

    Counts only, of all provinces, one, or one call: they are everybody's (law 31-13).
    """
    today = local(tx.now).date()
    counted = _narrow(_counts(), Filters(province=province, call_id=call_id)).where(
        (Wave.due_on <= today) | (Wave.state == WaveState.ANSWERED)
    )
    return [_row(row) for row in tx.session.execute(counted.group_by(Wave.months).order_by(Wave.months))]


def _counts() -> Select[Any]:
    answered = Wave.state == WaveState.ANSWERED
    return select(
        Wave.months,
        func.count().label("due"),
        func.count(case((answered, 1))).label("answered"),
        func.count(case((Wave.status.in_(ALIVE), 1))).label("active"),
        func.count(case((Wave.status == ProjectStatus.UNREACHABLE, 1))).label("unreachable"),
        func.coalesce(func.sum(Wave.jobs_women), 0).label("jobs_women"),
        func.coalesce(func.sum(Wave.jobs_men), 0).label("jobs_men"),
        func.coalesce(func.sum(Wave.turnover_centimes), 0).label("turnover_centimes"),
    )


def _row(row: Any) -> AgeRow:
    """Shares are of the projects that were asked: an unanswered wave says nothing either way."""
    low = row.active / row.answered if row.answered else None
    high = (row.active + row.unreachable) / row.answered if row.answered else None
    return AgeRow(
        months=row.months,
        due=row.due,
        answered=row.answered,
        active=row.active,
        unreachable=row.unreachable,
        stopped=row.answered - row.active - row.unreachable,
        active_low=low,
        active_high=high,
        jobs_women=row.jobs_women,
        jobs_men=row.jobs_men,
        turnover_centimes=int(row.turnover_centimes),
    )


def _narrow(statement: Select[Any], filters: Filters) -> Select[Any]:
    if filters.state:
        statement = statement.where(Wave.state == filters.state)
    if filters.province:
        statement = statement.where(Wave.province_code == filters.province)
    if filters.convention_id:
        statement = statement.where(Wave.convention_id == filters.convention_id)
    if filters.call_id:
        statement = statement.where(
            Wave.convention_id.in_(select(Convention.id).where(Convention.call_id == filters.call_id))
        )
    if filters.due_by:
        statement = statement.where(Wave.due_on <= filters.due_by)
    return statement


_PROJECT = (
    joinedload(Wave.convention).joinedload(Convention.application).joinedload(Application.organisation),
)


def _with_project() -> Select[Any]:
    return select(Wave).options(*_PROJECT)
