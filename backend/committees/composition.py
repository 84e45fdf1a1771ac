"""Rules of composition as data: what a committee's order asks of its seats, and whether they answer it.

Sources disagree on figures (docs/committees.md), so that none is a constant here: `TEMPLATES` are only where
an officer may start from. Shares are exact fractions. Alternates' own seats count nowhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from ..core.shapes import In
from ..people.models import Sex
from .models import Breach, College, CommitteeKind
from .schemas import FractionIn, WordsIn

Count = Annotated[int, Field(ge=0, le=200)]


class ShareIn(FractionIn):
    """An exact share of the seats: at least that, or strictly more."""

    strictly: bool = False

    @model_validator(mode="after")
    def _below_one(self) -> "ShareIn":
        if self.of > self.over or (self.strictly and self.of == self.over):
            raise PydanticCustomError("fraction", "fraction")
        return self

    @property
    def exact(self) -> Fraction:
        return Fraction(self.of, self.over)

    def needed(self, total: int) -> int:
        """How many of `total` seats answer it."""
        whole, rest = divmod(total * self.of, self.over)
        return whole + (1 if rest or self.strictly else 0)


class YouthIn(ShareIn):
    """The same share, of those who are younger than `under` on the day that is asked about."""

    under: Annotated[int, Field(ge=18, le=60)]


class BoundsIn(In):
    """The fewest and the most seats; either may be left out."""

    least: Count | None = None
    most: Count | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "BoundsIn":
        if self.least is not None and self.most is not None and self.least > self.most:
            raise PydanticCustomError("bounds", "bounds")
        return self


class Rules(In):
    """A version's rules. What is not said is not asked."""

    seats: BoundsIn = BoundsIn()
    women: ShareIn | None = None
    youth: YouthIn | None = None
    colleges: dict[College, BoundsIn] = Field(default_factory=dict)
    alternates: list[College] = Field(default_factory=list)
    source: WordsIn | None = None

    @model_validator(mode="after")
    def _possible(self) -> "Rules":
        """The least seats of the colleges fit under the most of all."""
        least = sum(one.least or 0 for one in self.colleges.values())
        if self.seats.most is not None and least > self.seats.most:
            raise PydanticCustomError("colleges_above_seats", "colleges above seats")
        return self

    def kept(self) -> dict[str, Any]:
        """As it is stored and exported: what was said, nothing else, in one order."""
        found = self.model_dump(mode="json", exclude_none=True)
        found["alternates"] = [one.value for one in College if one in self.alternates]
        found["colleges"] = {
            one.value: bounds.model_dump(exclude_none=True)
            for one in College
            if (bounds := self.colleges.get(one)) and (bounds.least, bounds.most) != (None, None)
        }
        return {key: value for key, value in found.items() if value}


TEMPLATES: dict[CommitteeKind, dict[str, Any]] = {
    CommitteeKind.CPDH: {
        "seats": {"most": 30},
        "women": {"of": 1, "over": 5},
        "youth": {"of": 3, "over": 20, "under": 40},
        "source": {
            "fr": "Une source publiée donne 30 membres au plus, 20 % de femmes, 15 % de jeunes ; d’autres "
            "diffèrent. L’âge est à fixer : à vérifier sur l’arrêté.",
            "ar": "مصدر منشور يذكر 30 عضوا على الأكثر و20 % من النساء و15 % من الشباب، وتختلف مصادر أخرى. "
            "السن يجب تحديدها: للتحقق في القرار.",
        },
    },
    CommitteeKind.CLDH: {
        "seats": {"most": 25},
        "alternates": ["state"],
        "source": {
            "fr": "Une source publiée donne 25 membres au plus, les services de l’État avec suppléants : "
            "à vérifier sur l’arrêté.",
            "ar": "مصدر منشور يذكر 25 عضوا على الأكثر، ولمصالح الدولة نواب: للتحقق في القرار.",
        },
    },
}
"""What was read of each kind (docs/committees.md); the other kinds start from nothing."""


def template(kind: CommitteeKind) -> Rules:
    """Where an officer may start from for this kind of committee."""
    return Rules.model_validate(TEMPLATES.get(kind, {}))


class Verdict(StrEnum):
    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"  # a sex or a birth year is not known


@dataclass(frozen=True)
class Line:
    """One rule and what was found: `found` of `total` seats, `needed`; `gap` is by how many it fails.

    `unknown` seats lack what the rule asks; of `borderline` ones, the year alone does not tell the age.
    """

    code: str
    verdict: Verdict
    found: int
    needed: int
    total: int
    gap: int = 0
    unknown: int = 0
    borderline: int = 0
    college: College | None = None
    under: int | None = None
    strictly: bool = False
    share: Fraction | None = None


@dataclass(frozen=True)
class Held:
    """A seat of the table, as the rules see it."""

    college: College
    sex: Sex | None = None
    birth_year: int | None = None
    has_alternate: bool = False


@dataclass(frozen=True)
class Report:
    """Each rule with its verdict on a day."""

    lines: list[Line] = field(default_factory=list)

    def of(self, verdict: Verdict) -> list[Line]:
        return [line for line in self.lines if line.verdict is verdict]

    @property
    def failed(self) -> list[Line]:
        return self.of(Verdict.FAIL)

    @property
    def verdict(self) -> Verdict:
        """Of the whole: the worst of them."""
        if self.failed:
            return Verdict.FAIL
        return Verdict.UNKNOWN if self.of(Verdict.UNKNOWN) else Verdict.PASS


def report(rules: Rules, seats: Sequence[Held], year: int) -> Report:
    """Every rule against these seats, on a day of `year`."""
    lines = list(_bounds("seats", rules.seats, len(seats), len(seats), None))
    if rules.women:
        known = [seat.sex is Sex.WOMAN for seat in seats if seat.sex is not None]
        women = Line("women", Verdict.PASS, sum(known), 0, len(seats), unknown=len(seats) - len(known))
        lines.append(_share(rules.women, women))
    if rules.youth:
        lines.append(_youth(rules.youth, seats, year))
    for college in College:
        if college in rules.colleges:
            found = sum(seat.college is college for seat in seats)
            lines.extend(_bounds("college", rules.colleges[college], found, len(seats), college))
    lines.extend(
        _alternates(college, [seat for seat in seats if seat.college is college])
        for college in College
        if college in rules.alternates
    )
    return Report(lines)


def breaches(before: Report, after: Report) -> list[Line]:
    """The rules that an act breaks, or breaks more than they were before.

    While the fewest seats are not reached, the committee is being composed: only what is too much is a
    breach then, for shares are not to be judged on the first seats.
    """
    known = {(line.code, line.college): line.gap for line in before.lines}
    composing = any(line.code == "seats.least" for line in before.failed)
    worse = [line for line in after.failed if line.gap > known.get((line.code, line.college), 0)]
    return [line for line in worse if not composing or line.code.endswith(".most")]


def _bounds(code: str, bounds: BoundsIn, found: int, total: int, college: College | None) -> Iterable[Line]:
    for name, limit in (("least", bounds.least), ("most", bounds.most)):
        if limit is not None:
            gap = max(0, limit - found if name == "least" else found - limit)
            verdict = Verdict.FAIL if gap else Verdict.PASS
            yield Line(f"{code}.{name}", verdict, found, limit, total, gap, college=college)


def _share(rule: ShareIn, line: Line) -> Line:
    """The verdict of a share, of what is known: those who are not known may all answer it, or none."""
    needed, perhaps = rule.needed(line.total), line.unknown + line.borderline
    verdict, gap = Verdict.PASS, 0
    if line.found < needed:
        gap = max(0, needed - line.found - perhaps)
        verdict = Verdict.FAIL if gap else Verdict.UNKNOWN
    return replace(line, verdict=verdict, needed=needed, gap=gap, strictly=rule.strictly, share=rule.exact)


def _youth(rule: YouthIn, seats: Sequence[Held], year: int) -> Line:
    """Of somebody born N years before that year, nobody can say here whether she is N already."""
    born = [seat.birth_year for seat in seats if seat.birth_year is not None]
    young = sum(year - one < rule.under for one in born)
    either = sum(year - one == rule.under for one in born)
    unknown = len(seats) - len(born)
    line = Line("youth", Verdict.PASS, young, 0, len(seats), 0, unknown, either, under=rule.under)
    return _share(rule, line)


def _alternates(college: College, seats: Sequence[Held]) -> Line:
    found = sum(seat.has_alternate for seat in seats)
    gap = len(seats) - found
    verdict = Verdict.FAIL if gap else Verdict.PASS
    return Line("alternates", verdict, found, len(seats), len(seats), gap, college=college)


class CompositionIn(In):
    """A version of the rules of composition, in force from a day on."""

    effective_on: date
    rules: Rules
    breach: Breach = Breach.WARN
