"""Statutory clocks: what the administration owes an answer on, and by which day. One table says them all.

A clock's day comes from facts that stand elsewhere (a deposit, a request, an appeal), never from a copy that
could disagree with them. A call may promise fewer days than the law gives, or its own for appeals
(`following.decision_days`, `following.settlement_days` of its file). What is due between two days is read as
one range of an indexed column, wide enough for every call's days, and each row's own day within it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    and_,
    cast,
    exists,
    func,
    literal,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased

from ..applications import search
from ..applications.models import Application, ApplicationState
from ..calls.models import Call
from ..core.calendar import CASABLANCA, local
from ..core.clock import present
from ..core.i18n import codes
from ..core.tx import Tx
from ..decisions.appeals.lifecycle import PENDING
from ..decisions.models import Appeal, Letter, LetterState
from .models import InformationRequest, InformationState

DECISION_DAYS = 60
"""Calendar days for a decision, from the latest deposit (law 55-19: at most sixty days)."""
APPEAL_DAYS = 30
"""Calendar days to settle an appeal, from its filing, where the call says nothing: see docs/requests.md."""
AHEAD = 15
"""Days before its day from which a clock is shown and told."""
BEHIND = 364
"""Days after its day during which it is told every week; then the weekly counts alone speak of it."""
EVER = date(2000, 1, 1)
MOST = 60
"""The most days that a call may give itself, and the law's most for a decision."""


# other names of the tables: these conditions also stand in statements that read them
_Call = aliased(Call, name="clock_call")
_Contested = aliased(Application, name="clock_application")


def _untold() -> Any:
    """No letter on the dossier has been released: nobody outside knows of a decision."""
    told = Letter.application_id == Application.id
    return ~exists().where(told, Letter.state == LetterState.RELEASED)


@dataclass(frozen=True)
class Clock:
    """One kind: its rows, who acts on them (a rule), the column that its day is counted from, and where.

    `days` where a row's call does not say its own: `call` narrows a statement over `_Call` to it, `key` is
    their name in its `following`.
    """

    code: str
    model: type[Any]
    rule: str
    start: Any
    days: int
    running: Callable[[], tuple[Any, ...]]
    path: str
    call: Callable[[Select[Any]], Select[Any]] | None = None
    key: str = ""

    @property
    def length(self) -> Any:
        """Days from the start to the last day, of a row, in SQL."""
        if self.call is None:
            return literal(self.days)
        said = select(_Call.definition["following"][self.key].astext.cast(Integer))
        return func.coalesce(self.call(said).scalar_subquery(), self.days)

    @property
    def day(self) -> Any:
        """The last day of a row, in SQL; the day of the start does not count."""
        if isinstance(self.start.type, Date):
            return self.start
        since = cast(func.timezone(CASABLANCA.key, self.start), Date)
        return type_coerce(since + self.length, Date)

    def between(self, first: date, last: date) -> tuple[Any, ...]:
        """The rows whose day lies between two, both counted."""
        if isinstance(self.start.type, Date):
            return self.start >= first, self.start <= last
        # each is due one day after its start at the soonest, MOST at the latest
        since, until = _midnight(first - timedelta(days=MOST)), _midnight(last)
        return self.start >= since, self.start < until, self.day.between(first, last)

    def rows(self, *columns: Any) -> Select[*tuple[Any, ...]]:
        return select(*columns).select_from(self.model).where(*self.running())


CLOCKS = (
    Clock(
        "decision",
        Application,
        "application.screen",
        Application.submitted_at,
        DECISION_DAYS,
        # while its holder completes it (returned) it is not complete: the clock starts when it comes back
        lambda: (
            Application.state.in_((ApplicationState.SUBMITTED, ApplicationState.ELIGIBLE)),
            _untold(),
        ),
        "/das/applications/{id}",
        lambda said: said.where(_Call.id == Application.call_id),
        "decision_days",
    ),
    Clock(
        "information",
        InformationRequest,
        "information_request.answer",
        InformationRequest.due_on,
        0,
        lambda: (InformationRequest.state == InformationState.RECEIVED,),
        "/information-requests/{id}",
    ),
    Clock(
        "appeal",
        Appeal,
        "appeal.run",
        Appeal.filed_at,
        APPEAL_DAYS,
        lambda: (Appeal.state.in_(PENDING),),
        "/appeals/{id}",
        lambda said: said.join(_Contested, _Contested.call_id == _Call.id).where(
            _Contested.id == Appeal.application_id
        ),
        "settlement_days",
    ),
)
BY_CODE = {clock.code: clock for clock in CLOCKS}


@search.clocked
def on_dossiers(asked: search.Due) -> ColumnElement[bool]:
    """What the officers' list is narrowed by: dossiers whose day is past, or within `AHEAD` days."""
    clock, today = BY_CODE["decision"], local(present()).date()
    first, last = SPANS[asked](today)
    return and_(*clock.running(), *clock.between(first, last))


SPANS: dict[search.Due, Callable[[date], tuple[date, date]]] = {
    search.Due.LATE: lambda today: (EVER, today - timedelta(days=1)),
    search.Due.NEAR: lambda today: (today, today + timedelta(days=AHEAD)),
}
"""The first and the last day of what is late, and of what is near."""


@dataclass(frozen=True)
class Due:
    """Something due: which clock, what (its number), by which day, how many days are left (late: < 0)."""

    clock: str
    subject_id: UUID
    province_code: str
    number: str
    due_on: date
    days_left: int
    path: str


def due(
    tx: Tx,
    clocks: Iterable[Clock] = CLOCKS,
    ahead: int = AHEAD,
    limit: int = 200,
    only: search.Due | None = None,
) -> list[Due]:
    """What the actor may act on that is due within `ahead` days or late: the first due first.

    With `only`, what is late or what is near alone. One statement a clock, whatever the number of rows.
    """
    today = local(tx.now).date()
    span = SPANS[only](today) if only else (today - timedelta(days=BEHIND), today + timedelta(days=ahead))
    found = []
    for clock in clocks:
        asked = (
            clock.rows(clock.model.id, clock.model.province_code, clock.model.number, clock.day)
            .where(*clock.between(*span))
            .order_by(clock.day, clock.model.id)
            .limit(limit)
        )
        for key, province, number, day in tx.session.execute(tx.visible(asked, clock.rule)):
            path = clock.path.format(id=key)
            found.append(Due(clock.code, key, province, number, day, (day - today).days, path))
    return sorted(found, key=lambda one: (one.due_on, one.clock, one.number))[:limit]


@dataclass(frozen=True)
class Count:
    """How many of a clock run, and how many of these are late."""

    running: int
    late: int


def counts(tx: Tx, rules: bool = True) -> dict[str, dict[str, Count]]:
    """By clock, then by province: how many run, how many are late. One statement a clock.

    With `rules` those that the actor may act on; without, all of them (figures alone, for overseers).
    """
    today = local(tx.now).date()
    found: dict[str, dict[str, Count]] = {}
    for clock in CLOCKS:
        late = clock.day < today
        asked = clock.rows(clock.model.province_code, func.count(), func.count().filter(late))
        asked = asked.group_by(clock.model.province_code)
        rows = tx.session.execute(tx.visible(asked, clock.rule) if rules else asked)
        found[clock.code] = {province: Count(*row) for province, *row in rows}
    return found


@dataclass(frozen=True)
class Answer:
    """By when the administration must decide on a dossier, within how many days of which."""

    day: date
    days: int

    @property
    def since(self) -> date:
        return self.day - timedelta(days=self.days)


def answer_due(tx: Tx, application: Application) -> Answer | None:
    """By when the administration must decide on this dossier; None when no clock runs on it."""
    clock = BY_CODE["decision"]
    asked = clock.rows(clock.day, clock.length).where(Application.id == application.id)
    found = tx.session.execute(asked).one_or_none()
    return Answer(*found) if found else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CASABLANCA).astimezone(UTC)


@codes
def words() -> Iterable[str]:
    for clock in CLOCKS:
        yield from (f"clock.{clock.code}", f"clock.{clock.code}.law")
    yield from (f"clock.due.{one}" for one in search.Due)
