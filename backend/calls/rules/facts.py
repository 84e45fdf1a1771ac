"""The catalogue of facts: what a rule of a call may read, with its type and where it is filled in.

A fact is a typed value, never a formula: whoever builds the facts of an application (see
`derive.complete` for those computed from others) passes `{code: value}`, where a missing key or
`None` means "not known". Labels are in `locale/*/calls_rules.po` under `fact.<code>`; a yes/no
fact also has the two statements `fact.<code>.yes` and `fact.<code>.no`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from backend.core.i18n import codes, label

FactValue = int | bool | Fraction | date | str | frozenset[str]
Facts = Mapping[str, FactValue | None]


class Kind(StrEnum):
    """Type and unit of a fact, and the Python type that carries it."""

    MONEY = "money"  # int, centimes
    COUNT = "count"  # int
    RATIO = "ratio"  # Fraction of one, exact
    DATE = "date"  # date, without hour
    MONTHS = "months"  # int, whole months elapsed
    DAYS = "days"  # int, whole days elapsed
    YEARS = "years"  # int, completed years
    CHOICE = "choice"  # str, a code of the fact's vocabulary
    SET = "set"  # frozenset of codes
    BOOL = "bool"  # bool


NUMERIC = frozenset({Kind.MONEY, Kind.COUNT, Kind.RATIO, Kind.MONTHS, Kind.DAYS, Kind.YEARS})


@dataclass(frozen=True, slots=True)
class Fact:
    """One entry of the catalogue; `section` and `field` say where a holder fills or sees it."""

    code: str
    kind: Kind
    section: str
    field: str
    vocabulary: str | None = None
    derived: bool = False

    def label(self, lang: str) -> str:
        """The name with its article, all in the singular: « la subvention demandée à l'INDH »."""
        return label(lang, f"fact.{self.code}")

    def section_label(self, lang: str) -> str:
        """The part of the catalogue that the fact is listed in."""
        return label(lang, f"fact.section.{self.section}")

    def filled_in(self, lang: str) -> str:
        """The section of the application where the holder gives the value."""
        return label(lang, "fact.section.declarations") if self.code in DECLARED else self.section_label(lang)

    def accepts(self, value: object) -> bool:
        """Whether `value` has the Python type of the kind (`True` is not the count 1)."""
        if self.kind is Kind.BOOL:
            return isinstance(value, bool)
        if self.kind is Kind.RATIO:
            return isinstance(value, Fraction)
        if self.kind is Kind.DATE:
            return type(value) is date
        if self.kind is Kind.CHOICE:
            return isinstance(value, str)
        if self.kind is Kind.SET:
            return isinstance(value, frozenset) and all(isinstance(item, str) for item in value)
        return isinstance(value, int) and not isinstance(value, bool)


M, C, R, D, B = Kind.MONEY, Kind.COUNT, Kind.RATIO, Kind.DATE, Kind.BOOL

_TABLE: tuple[tuple[str, Kind, str, str | None], ...] = (
    # code, kind, section of the application, vocabulary
    ("call.province", Kind.CHOICE, "call", "province"),
    ("call.opens_on", D, "call", None),
    ("call.closes_on", D, "call", None),
    ("call.reference_date", D, "call", None),
    ("call.envelope", M, "call", None),
    ("organisation.legal_form", Kind.CHOICE, "organisation", "legal_form"),
    ("organisation.company_type", Kind.CHOICE, "organisation", "company_type"),
    ("organisation.province", Kind.CHOICE, "organisation", "province"),
    ("organisation.commune", Kind.CHOICE, "organisation", "commune"),
    ("organisation.created_on", D, "organisation", None),
    ("organisation.age_months", Kind.MONTHS, "organisation", None),
    ("organisation.age_days", Kind.DAYS, "organisation", None),
    ("organisation.registered", B, "organisation", None),
    ("organisation.active", B, "organisation", None),
    ("organisation.active_since", D, "organisation", None),
    ("organisation.last_agm_on", D, "organisation", None),
    ("organisation.months_since_agm", Kind.MONTHS, "organisation", None),
    ("organisation.financed_before", B, "organisation", None),
    ("organisation.times_financed", C, "organisation", None),
    ("holder.age", Kind.YEARS, "organisation", None),
    ("holder.has_other_job", B, "organisation", None),
    ("members.count", C, "members", None),
    ("members.women", C, "members", None),
    ("members.youth", C, "members", None),
    ("members.women_or_youth", C, "members", None),
    ("members.families", C, "members", None),
    ("members.one_family", B, "members", None),
    ("members.women_share", R, "members", None),
    ("members.youth_share", R, "members", None),
    ("members.women_or_youth_share", R, "members", None),
    ("project.province", Kind.CHOICE, "project", "province"),
    ("project.commune", Kind.CHOICE, "project", "commune"),
    ("project.sector", Kind.CHOICE, "project", "sector"),
    ("project.chain", Kind.CHOICE, "project", "chain"),
    ("project.chain_is_priority", B, "project", None),
    ("project.has_premises", B, "project", None),
    ("budget.total", M, "budget", None),
    ("budget.investment", M, "budget", None),
    ("budget.non_investment", M, "budget", None),
    ("budget.studies", M, "budget", None),
    ("budget.investment_share", R, "budget", None),
    ("budget.studies_share", R, "budget", None),
    ("financing.indh", M, "financing", None),
    ("financing.own_cash", M, "financing", None),
    ("financing.own_in_kind", M, "financing", None),
    ("financing.own", M, "financing", None),
    ("financing.partners", M, "financing", None),
    ("financing.loan", M, "financing", None),
    ("financing.total", M, "financing", None),
    ("financing.indh_share", R, "financing", None),
    ("financing.indh_share_of_investment", R, "financing", None),
    ("financing.own_share", R, "financing", None),
    ("financing.own_cash_share", R, "financing", None),
    ("financing.in_kind_share_of_own", R, "financing", None),
    ("financing.partners_share", R, "financing", None),
    ("financing.loan_share", R, "financing", None),
    ("results.jobs", C, "results", None),
    ("results.jobs_women", C, "results", None),
    ("results.jobs_youth", C, "results", None),
    ("documents.present", Kind.SET, "documents", "document"),
)

DERIVED = frozenset(
    {"budget.non_investment", "organisation.age_months", "organisation.age_days"}
    | {"organisation.months_since_agm", "financing.own", "financing.total", "members.one_family"}
    | {code for code, kind, _, _ in _TABLE if kind is Kind.RATIO}
)

DECLARED = frozenset(
    {"holder.age", "holder.has_other_job", "organisation.active", "organisation.active_since"}
    | {"organisation.financed_before", "organisation.times_financed"}
    | {"members.families", "members.one_family"}
)
"""What only the holder can tell: asked among her declarations by the calls whose rules read it."""

CATALOGUE: Mapping[str, Fact] = {
    code: Fact(code, kind, section, code.partition(".")[2], vocabulary, code in DERIVED)
    for code, kind, section, vocabulary in _TABLE
}


@codes
def fact_codes() -> Iterable[str]:
    """Every code of this module that needs words in both languages."""
    for fact in CATALOGUE.values():
        yield f"fact.{fact.code}"
        if fact.kind is Kind.BOOL:
            yield f"fact.{fact.code}.yes"
            yield f"fact.{fact.code}.no"
    yield "fact.section.declarations"
    yield from sorted({f"fact.section.{fact.section}" for fact in CATALOGUE.values()})
