"""What everybody may know: how many projects, how much money, where, and what became of them.

Everything is read from adopted decisions, released tranches and recorded answers; nothing is typed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, String, Subquery, case, func, null, select, union_all
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from ...applications.models import Application
from ...core.calendar import local
from ...core.db import Localized
from ...core.paging import Key, Page, paginate
from ...core.tx import Tx
from ...decisions.models import Decision
from ...durability.commands import ALIVE
from ...durability.models import ProjectStatus, Wave, WaveState
from ...durability.queries import shares
from ...durability.schemas import AgeRow
from ...funding.models import Convention, Tranche, TrancheState
from ...people.models import LegalForm, Organisation
from ...territory.models import Commune, Province, Region
from ...value_chains.models import ValueChain

IN_DIFFICULTY = (ProjectStatus.SUSPENDED, ProjectStatus.STOPPED, ProjectStatus.DISSOLVED)
ENOUGH = 10
"""Answers from which an age may carry the finding; with fewer everywhere, the age with most answers does."""


@dataclass(frozen=True)
class Figures:
    """Sums over some funded projects; adding two gives the sums over both."""

    projects: int = 0
    decided_centimes: int = 0
    released_centimes: int = 0
    jobs_women: int = 0
    jobs_men: int = 0
    told: int = 0
    answered: int = 0
    active: int = 0
    unreachable: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @property
    def jobs(self) -> int:
        return self.jobs_women + self.jobs_men

    @property
    def active_low(self) -> float | None:
        return shares(self.answered, self.active, self.unreachable)[0]

    @property
    def active_high(self) -> float | None:
        return shares(self.answered, self.active, self.unreachable)[1]


@dataclass(frozen=True)
class Place:
    """A province (or a region, whose code and name then stand twice) and its figures."""

    code: str
    name: Localized
    region_code: str
    region: Localized
    figures: Figures


@dataclass(frozen=True)
class Cause:
    cause: str
    projects: int


@dataclass(frozen=True)
class Causes:
    """Why the projects in difficulty are: one project may name several causes."""

    projects: int
    named: Sequence[Cause]


def places(tx: Tx, rule: str = "register.read") -> list[Place]:
    """Every province with a funded project, region by region: one statement.

    What is public of it; overseers count by `grant.count` what results have not told yet.
    """
    last = last_answers()
    paid = _released()
    counted = (
        select(
            Province.code,
            Province.name,
            Region.code,
            Region.name,
            func.count(Decision.id),
            _sum(Decision.amount_centimes),
            _sum(paid.c.released),
            _sum(last.c.jobs_women),
            _sum(last.c.jobs_men),
            func.count(func.coalesce(last.c.jobs_women, last.c.jobs_men)),
            func.count(last.c.status),
            func.count(case((last.c.status.in_(ALIVE), 1))),
            func.count(case((last.c.status == ProjectStatus.UNREACHABLE, 1))),
        )
        .select_from(Decision)
        .join(Province, Province.code == Decision.province_code)
        .join(Region, Region.code == Province.region_code)
        .outerjoin(Convention, Convention.decision_id == Decision.id)
        .outerjoin(paid, paid.c.convention_id == Convention.id)
        .outerjoin(last, last.c.convention_id == Convention.id)
        .group_by(Province.code, Region.code)
        .order_by(Region.code, Province.code)
    )
    rows = tx.session.execute(tx.visible(counted, rule))
    return [Place(code, name, region, words, Figures(*sums)) for code, name, region, words, *sums in rows]


def regions(provinces: Sequence[Place]) -> list[Place]:
    """The same figures region by region (the provinces come in that order)."""
    grouped = groupby(provinces, key=lambda place: place.region_code)
    return [_region(list(members)) for _code, members in grouped]


def _region(members: Sequence[Place]) -> Place:
    first = members[0]
    return Place(first.region_code, first.region, first.region_code, first.region, total(members))


def total(some: Sequence[Place]) -> Figures:
    """The sums over some places: the table's last line is made of its other lines, so that it adds up."""
    return sum((place.figures for place in some), Figures())


def finding(rows: Sequence[AgeRow]) -> AgeRow | None:
    """The age that the title speaks of: the oldest with enough answers, else the one with most answers."""
    known = [row for row in rows if row.answered]
    solid = [row for row in known if row.answered >= ENOUGH]
    if solid:
        return solid[-1]
    return max(known, key=lambda row: (row.answered, row.months), default=None)


def causes(tx: Tx) -> Causes:
    """How many projects are in difficulty at their last answer, and the causes they name, the first first."""
    last = last_answers()
    troubled = (
        select(last.c.causes)
        .join(Convention, Convention.id == last.c.convention_id)
        .join(Decision, Decision.id == Convention.decision_id)
        .where(last.c.status.in_(IN_DIFFICULTY))
    )
    each = tx.visible(troubled, "register.read").cte("troubled")
    words = func.jsonb_array_elements_text(each.c.causes).column_valued("cause", joins_implicitly=True)
    named = select(words, func.count()).select_from(each).group_by(words)
    everyone = select(null().cast(String), func.count()).select_from(each)
    counts = tx.session.execute(union_all(named, everyone)).all()
    ranked = sorted(
        (Cause(cause, n) for cause, n in counts if cause), key=lambda one: (-one.projects, one.cause)
    )
    return Causes(next(n for cause, n in counts if cause is None), ranked)


@dataclass(frozen=True)
class Funded:
    """One line of the register. No person is named: a sole trader's own name is her organisation's."""

    id: UUID
    title: str
    organisation: Localized | None
    legal_form: LegalForm
    commune: Localized | None
    province_code: str
    province: Localized
    region: Localized
    chain: Localized | None
    decided_on: date
    amount_centimes: int
    status: ProjectStatus | None
    status_months: int | None


def register(tx: Tx, province: str | None = None, cursor: str | None = None, limit: int = 50) -> Page[Funded]:
    """Funded projects, the latest decision first."""
    keys = [
        Key(Decision.decided_at.expression, lambda row: row[0].decided_at, True),
        Key(Decision.id.expression, lambda row: row[0].id, True),
    ]
    page = paginate(tx, tx.visible(_lines(province), "register.read"), keys, cursor, limit)
    return Page([_funded(row) for row in page.items], page.next)


def whole_register(tx: Tx, province: str | None = None) -> Iterator[Funded]:
    """Every line of the register, read a thousand at a time from one statement."""
    lines = _lines(province).order_by(Decision.decided_at.desc(), Decision.id.desc())
    rows = tx.session.execute(tx.visible(lines, "register.read").execution_options(yield_per=1000))
    return (_funded(row) for row in rows)


def _lines(province: str | None) -> Any:
    last = last_answers()
    where = aliased(Commune)
    home = aliased(Commune)
    lines = (
        select(
            Decision,
            Application.title,
            Organisation.name,
            Organisation.legal_form,
            func.coalesce(where.name, home.name),
            Province.name,
            Region.name,
            ValueChain.name,
            last.c.status,
            last.c.months,
        )
        .select_from(Decision)
        .join(Application, Application.id == Decision.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Province, Province.code == Decision.province_code)
        .join(Region, Region.code == Province.region_code)
        .outerjoin(where, where.code == Application.commune_code)
        .outerjoin(home, home.code == Organisation.commune_code)
        .outerjoin(ValueChain, ValueChain.code == Application.chain_code)
        .outerjoin(Convention, Convention.decision_id == Decision.id)
        .outerjoin(last, last.c.convention_id == Convention.id)
    )
    return lines.where(Decision.province_code == province) if province else lines


def _funded(row: Any) -> Funded:
    decision, title, name, form, commune, province, region, chain, status, months = row
    return Funded(
        id=decision.id,
        title=title,
        organisation=None if form is LegalForm.SOLE_TRADER else name,
        legal_form=form,
        commune=commune,
        province_code=decision.province_code,
        province=province,
        region=region,
        chain=chain,
        decided_on=local(decision.decided_at).date(),
        amount_centimes=decision.amount_centimes,
        status=status,
        status_months=months,
    )


def last_answers() -> Subquery:
    """The last answered wave of each convention: the oldest age at which it was asked."""
    return (
        select(Wave.convention_id, Wave.status, Wave.months, Wave.jobs_women, Wave.jobs_men, Wave.causes)
        .where(Wave.state == WaveState.ANSWERED)
        .ext(distinct_on(Wave.convention_id))
        .order_by(Wave.convention_id, Wave.months.desc())
        .subquery("last_answer")
    )


def _released() -> Subquery:
    return (
        select(Tranche.convention_id, func.sum(Tranche.amount_centimes).label("released"))
        .where(Tranche.state == TrancheState.RELEASED)
        .group_by(Tranche.convention_id)
        .subquery("paid")
    )


def _sum(column: Any) -> Any:
    return func.coalesce(func.sum(column), 0).cast(BigInteger)
