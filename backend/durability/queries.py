"""What is to be asked, and which projects are still alive at each age."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload, load_only

from ..applications.models import Application
from ..calls.models import Call
from ..core.calendar import local
from ..core.events import Event
from ..core.paging import Key, Page, paginate
from ..core.tx import Tx
from ..decisions.models import Publication
from ..funding.models import Convention, ConventionState
from ..people.models import Organisation
from .commands import ALIVE
from .models import ProjectStatus, Wave, WaveState
from .schemas import AgeRow

ORDER = [Key(Wave.due_on.expression, lambda w: w.due_on), Key(Wave.id.expression, lambda w: w.id)]
LATEST_FIRST = [Key(key.column, key.value, descending=True) for key in ORDER]


FEW = 5
"""Projects that must have told their turnover before its sum is public: a sum of one would be a secret."""


@dataclass(frozen=True)
class Filters:
    """What a list of waves may be narrowed to."""

    state: WaveState | None = None
    province: str | None = None
    convention_id: UUID | None = None
    call_id: UUID | None = None
    due_by: date | None = None


@dataclass(frozen=True)
class Situation:
    """Where the reader's waves stand today. `late` were due before today, among the `due`."""

    due: int
    late: int
    planned: int
    answered: int
    next_on: date | None


def waves(tx: Tx, filters: Filters, cursor: str | None = None, limit: int = 50) -> Page[Wave]:
    """Waves by date with the project they speak of: those to be asked first, or the latest answers first."""
    order = LATEST_FIRST if filters.state is WaveState.ANSWERED else ORDER
    return paginate(tx, _narrow(tx.visible(_with_project(), "wave.read"), filters), order, cursor, limit)


def wave(tx: Tx, wave_id: UUID) -> Wave:
    """One wave with its project; 404 when the reader may not see it."""
    return tx.get(Wave, wave_id, "wave.read", options=_PROJECT)


def situation(tx: Tx, filters: Filters | None = None) -> Situation:
    """How many of the reader's waves are due, late, to come and answered: one statement."""
    today = local(tx.now).date()
    waiting = and_(Wave.state == WaveState.PLANNED, _stands())
    counted = _narrow(
        select(
            func.count(case((and_(waiting, Wave.due_on <= today), 1))),
            func.count(case((and_(waiting, Wave.due_on < today), 1))),
            func.count(case((waiting, 1))),
            func.count(case((Wave.state == WaveState.ANSWERED, 1))),
            func.min(case((and_(waiting, Wave.due_on > today), Wave.due_on))),
        ).select_from(Wave),
        filters or Filters(),
    )
    due, late, planned, answered, next_on = tx.session.execute(tx.visible(counted, "wave.read")).one()
    return Situation(due, late, planned, answered, next_on)


def of_project(tx: Tx, convention_id: UUID) -> Sequence[Wave]:
    """Every wave of one project that the reader may see, the youngest age first."""
    asked = select(Wave).where(Wave.convention_id == convention_id).order_by(Wave.months)
    return tx.session.scalars(tx.visible(asked, "wave.read")).all()


def history(tx: Tx, one: Wave) -> Sequence[Event]:
    """Who answered or corrected this wave, and when; the caller has read the wave."""
    names = ("wave.answered", "wave.corrected")
    said = select(Event).where(Event.subject_id == one.id, Event.name.in_(names)).order_by(Event.seq)
    return tx.session.scalars(said).all()


def calls(tx: Tx) -> Sequence[Any]:
    """The calls whose waves the reader may see: (id, title), for the filter."""
    followed = tx.visible(select(Wave.convention_id), "wave.read")
    through = select(Convention.call_id).where(Convention.id.in_(followed))
    return tx.session.execute(
        select(Call.id, Call.title).where(Call.id.in_(through)).order_by(Call.closes_at.desc(), Call.id)
    ).all()


def by_age(tx: Tx, province: str | None = None, call_id: UUID | None = None) -> list[AgeRow]:
    """Projects still active at each age, among the waves whose date has come.

    Counts only, of all provinces, one, or one call: they are everybody's (law 31-13), of calls whose results
    are.
    """
    today = local(tx.now).date()
    counted = _narrow(_counts(), Filters(province=province, call_id=call_id)).where(
        or_(and_(Wave.due_on <= today, _stands()), Wave.state == WaveState.ANSWERED),
        Wave.convention_id.in_(
            select(Convention.id).join(Publication, Publication.call_id == Convention.call_id)
        ),
    )
    rows = tx.session.execute(counted.group_by(Wave.months).order_by(Wave.months)).mappings()
    return [_row(row) for row in rows]


def _stands() -> ColumnElement[bool]:
    """The convention was not cancelled: nobody is asked about a project that is no longer one."""
    return Wave.convention_id.in_(select(Convention.id).where(Convention.state == ConventionState.SIGNED))


def _counts() -> Any:
    answered = Wave.state == WaveState.ANSWERED
    return select(
        Wave.months,
        func.count().label("due"),
        func.count(case((answered, 1))).label("answered"),
        func.count(case((Wave.status.in_(ALIVE), 1))).label("active"),
        func.count(case((Wave.status == ProjectStatus.UNREACHABLE, 1))).label("unreachable"),
        func.coalesce(func.sum(Wave.jobs_women), 0).label("jobs_women"),
        func.coalesce(func.sum(Wave.jobs_men), 0).label("jobs_men"),
        case(
            (func.count(Wave.turnover_centimes) >= FEW, func.sum(Wave.turnover_centimes).cast(BigInteger))
        ).label("turnover_centimes"),
    )


def shares(answered: int, active: int, unreachable: int) -> tuple[float | None, float | None]:
    """The share still active, from low to high, of the projects that were asked.

    An unreachable project is stopped in the first, active in the second; an unanswered wave says nothing.
    """
    if not answered:
        return None, None
    return active / answered, (active + unreachable) / answered


def _row(row: Any) -> AgeRow:
    low, high = shares(row["answered"], row["active"], row["unreachable"])
    stopped = row["answered"] - row["active"] - row["unreachable"]
    return AgeRow(**row, stopped=stopped, active_low=low, active_high=high)


def _narrow(statement: Any, filters: Filters) -> Any:
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
    joinedload(Wave.convention).options(
        load_only(Convention.number, Convention.state, Convention.signed_on),
        joinedload(Convention.application).options(
            load_only(Application.title, Application.number),
            joinedload(Application.organisation).load_only(Organisation.name, Organisation.phone),
        ),
    ),
)


def _with_project() -> Select[Wave]:
    return select(Wave).options(*_PROJECT)
