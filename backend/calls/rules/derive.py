"""Facts computed from other facts, in one place, exactly: totals, shares, ages.

`applications` fills what a holder typed; `complete` adds the rest. A derived fact that was already
given is left as given; a share of nothing (0 members, an empty budget) stays unknown.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from backend.calls.rules.facts import Facts, FactValue

SHARES = {
    "members.women_share": ("members.women", "members.count"),
    "members.youth_share": ("members.youth", "members.count"),
    "members.women_or_youth_share": ("members.women_or_youth", "members.count"),
    "budget.investment_share": ("budget.investment", "budget.total"),
    "budget.studies_share": ("budget.studies", "budget.total"),
    "financing.indh_share": ("financing.indh", "budget.total"),
    "financing.indh_share_of_investment": ("financing.indh", "budget.investment"),
    "financing.own_share": ("financing.own", "budget.total"),
    "financing.own_cash_share": ("financing.own_cash", "budget.total"),
    "financing.in_kind_share_of_own": ("financing.own_in_kind", "financing.own"),
    "financing.partners_share": ("financing.partners", "budget.total"),
    "financing.loan_share": ("financing.loan", "budget.total"),
}
SUMS = {
    "financing.own": ("financing.own_cash", "financing.own_in_kind"),
    "financing.total": ("financing.indh", "financing.own", "financing.partners", "financing.loan"),
}


def whole_months(start: date, end: date) -> int:
    """Whole months from `start` to `end`: a month is reached on the same day of the month.

    From the 31st, a shorter month is complete on its last day only once the next begins: 31 January
    to 28 February is 0 month, to 1 March 1 month. Negative when `start` is after `end`.
    """
    if start > end:
        return -whole_months(end, start)
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def age_on(born: date, on: date) -> int:
    """Completed years of a person; born on 29 February, a year is completed on 1 March of common years."""
    leap_day = born.month == 2 and born.day == 29 and not isleap(on.year)
    birthday = (3, 1) if leap_day else (born.month, born.day)
    return on.year - born.year - ((on.month, on.day) < birthday)


@dataclass(frozen=True, slots=True)
class Member:
    """What counting needs of a member: never the name nor the identity number."""

    woman: bool
    birth_year: int | None = None
    born_on: date | None = None
    family: str | None = None

    def age(self, on: date) -> int | None:
        """Completed years; with a year alone, the youngest possible age, in the holder's favour."""
        if self.born_on:
            return age_on(self.born_on, on)
        return age_on(date(self.birth_year, 12, 31), on) if self.birth_year else None


def member_facts(members: Iterable[Member], on: date, youth_under: int) -> dict[str, FactValue | None]:
    """The members.* counts on the call's reference date; youth are strictly younger than `youth_under`.

    A count is unknown as soon as an unknown age (or family) could change it.
    """
    people = list(members)
    young = [None if (age := member.age(on)) is None else age < youth_under for member in people]
    either = [True if member.woman else is_young for member, is_young in zip(people, young, strict=True)]
    families = [member.family for member in people]
    return {
        "members.count": len(people),
        "members.women": sum(member.woman for member in people),
        "members.youth": None if None in young else young.count(True),
        "members.women_or_youth": None if None in either else either.count(True),
        "members.families": None if None in families else len(set(families)),
    }


def complete(facts: Facts) -> dict[str, FactValue | None]:
    """The facts, with every derived fact that their base facts allow."""
    known: dict[str, FactValue | None] = dict(facts)
    for code, parts in SUMS.items():
        _fill(known, code, _sum(known, parts))
    _fill(known, "budget.non_investment", _minus(known, "budget.total", "budget.investment"))
    for code, (part, whole) in SHARES.items():
        _fill(known, code, _share(known.get(part), known.get(whole)))
    families, count = known.get("members.families"), known.get("members.count")
    if isinstance(families, int) and isinstance(count, int):
        _fill(known, "members.one_family", families == 1 and count > 1)
    _ages(known)
    return known


def _ages(known: dict[str, FactValue | None]) -> None:
    """Seniority and time since the last assembly, counted on the call's reference date."""
    on, created = known.get("call.reference_date"), known.get("organisation.created_on")
    met = known.get("organisation.last_agm_on")
    if isinstance(on, date) and isinstance(created, date):
        _fill(known, "organisation.age_months", whole_months(created, on))
        _fill(known, "organisation.age_days", (on - created).days)
    if isinstance(on, date) and isinstance(met, date):
        _fill(known, "organisation.months_since_agm", whole_months(met, on))


def _fill(known: dict[str, FactValue | None], code: str, value: FactValue | None) -> None:
    if known.get(code) is None:
        known[code] = value


def _sum(known: Facts, parts: Iterable[str]) -> int | None:
    total = 0
    for part in parts:
        amount = known.get(part)
        if not isinstance(amount, int):
            return None
        total += amount
    return total


def _minus(known: Facts, whole: str, part: str) -> int | None:
    first, second = known.get(whole), known.get(part)
    return first - second if isinstance(first, int) and isinstance(second, int) else None


def _share(part: FactValue | None, whole: FactValue | None) -> Fraction | None:
    return Fraction(part, whole) if isinstance(part, int) and isinstance(whole, int) and whole > 0 else None
