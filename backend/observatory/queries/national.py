"""The country for the coordination: each stage by province, with totals made of the lines above them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import case, func, literal, select, union_all

from ...applications.models import Application, ApplicationState
from ...calls.models import Call
from ...coaching.models import Milestone, MilestoneState
from ...core.calendar import local
from ...core.db import Localized
from ...core.tx import Tx
from ...durability.models import Wave, WaveState
from ...territory.models import Province, Region
from .public import Figures, Place, places, total


@dataclass(frozen=True)
class Stages:
    """How many at each stage before and after the decision."""

    calls: int = 0
    submitted: int = 0
    eligible: int = 0
    requested_centimes: int = 0
    milestones_late: int = 0
    waves_late: int = 0

    def __add__(self, other: "Stages") -> "Stages":
        return Stages(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True)
class Row:
    """A province: its stages, and the public figures of what it funded."""

    code: str
    name: Localized
    region: Localized
    stages: Stages
    figures: Figures


@dataclass(frozen=True)
class Country:
    rows: Sequence[Row]
    stages: Stages
    figures: Figures


def country(tx: Tx) -> Country:
    """Every province where something happened: three statements, whatever their number."""
    funded = {place.code: place for place in places(tx, "grant.count")}
    staged = _stages(tx)
    named = _names(tx, set(funded) | set(staged))
    rows = [_row(code, name, region, staged, funded) for code, name, region in named]
    return Country(rows, sum((row.stages for row in rows), Stages()), total(list(funded.values())))


def _row(
    code: str, name: Localized, region: Localized, staged: dict[str, Stages], funded: dict[str, Place]
) -> Row:
    figures = funded[code].figures if code in funded else Figures()
    return Row(code, name, region, staged.get(code, Stages()), figures)


def _names(tx: Tx, codes: set[str]) -> Sequence[Any]:
    named = (
        select(Province.code, Province.name, Region.name)
        .join(Region, Region.code == Province.region_code)
        .where(Province.code.in_(codes))
        .order_by(Region.code, Province.code)
    )
    return tx.session.execute(named).all()


def _stages(tx: Tx) -> dict[str, Stages]:
    """The six counts, by province: one statement of four branches."""
    today = local(tx.now).date()
    branches = (
        _branch(tx, "calls", Call, "call.read", [func.count()], Call.published_at.is_not(None)),
        _branch(
            tx,
            "applications",
            Application,
            "application.read",
            [
                func.count(),
                func.count(case((Application.state == ApplicationState.ELIGIBLE, 1))),
                func.sum(Application.requested_centimes),
            ],
            Application.submitted_at.is_not(None),
        ),
        _branch(
            tx,
            "milestones",
            Milestone,
            "milestone.read",
            [func.count()],
            Milestone.state == MilestoneState.OPEN,
            Milestone.due_on < today,
        ),
        _branch(
            tx,
            "waves",
            Wave,
            "wave.read",
            [func.count()],
            Wave.state == WaveState.PLANNED,
            Wave.due_on < today,
        ),
    )
    found: dict[str, Stages] = {}
    for kind, province, first, second, third in tx.session.execute(union_all(*branches)):
        found[province] = found.get(province, Stages()) + _as_stages(kind, first, second, int(third))
    return found


def _as_stages(kind: str, first: int, second: int, third: int) -> Stages:
    if kind == "applications":
        return Stages(submitted=first, eligible=second, requested_centimes=third)
    name = {"calls": "calls", "milestones": "milestones_late", "waves": "waves_late"}[kind]
    return Stages(**{name: first})


def _branch(tx: Tx, kind: str, model: Any, rule: str, counts: list[Any], *where: Any) -> Any:
    padded = [*counts, literal(0), literal(0)][:3]
    counted = select(literal(kind), model.province_code, *padded).where(*where)
    return tx.visible(counted, rule).group_by(model.province_code)
