"""A plan from a dossier's content: what is missing, what is wrong, what is assumed. Never raises.

Reads the sections `plan`, `budget`, `financing` and `results` as applications keep them (plain JSON), and
fields that they may gain: `plan.products[].{season, ramp_months, growth_bp}`, `plan.{stock_days,
start_month}`, `budget.lines[].{life_years, salvage_centimes}`, `financing.loan_grace_months`. What is absent
gets a value that the reader is told (`Assumption`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .arith import BP, half_up
from .plan import (
    FLAT,
    MONTHLY,
    YEARS,
    Fault,
    Financing,
    Investment,
    Loan,
    Plan,
    Product,
    Terms,
    blocking,
    faults,
)

KINDS = ("investment", "studies", "running")


@dataclass(frozen=True, slots=True)
class Assumption:
    """A value that nobody typed; `code` has words (`viability.assumption.…`), `field` may say better."""

    code: str
    value: int
    field: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a dossier gives. `plan` is None while something is missing or wrong beyond computing."""

    plan: Plan | None
    missing: tuple[str, ...]
    faults: tuple[Fault, ...]
    assumptions: tuple[Assumption, ...]


@dataclass
class _Reader:
    """Takes numbers out of JSON that may hold anything."""

    missing: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    assumptions: dict[str, Assumption] = field(default_factory=dict)

    def number(self, row: Mapping[str, Any], name: str, at: str) -> int | None:
        """A whole number, None when absent; anything else is a fault."""
        value = row.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 10**18:
            self.faults.append(Fault("not_a_number", f"{at}.{name}"))
            return None
        return value

    def needed(self, row: Mapping[str, Any], name: str, at: str) -> int:
        """A number without which nothing can be computed."""
        value = self.number(row, name, at)
        if value is None and not (self.faults and self.faults[-1].field == f"{at}.{name}"):
            self.missing.append(f"{at}.{name}")
        return value or 0

    def assumed(self, row: Mapping[str, Any], name: str, at: str, code: str, value: int) -> int:
        """A number, or a stated value (told once for all rows)."""
        said = self.number(row, name, at)
        if said is not None:
            return said
        self.assumptions.setdefault(code, Assumption(code, value, f"{at}.{name}"))
        return value


def read(
    content: Mapping[str, Any],
    *,
    members: int | None = None,
    discount: int | None = None,
    inflation: int | None = None,
) -> Reading:
    """The plan of a dossier's content; `members` of the organisation; rates of the call in bp a year."""
    reader = _Reader()
    section = _mapping(content.get("plan"))
    products = tuple(_products(reader, section))
    if not products:
        reader.missing.append("plan.products")
    lines = tuple(_lines(reader, _mapping(content.get("budget"))))
    if not lines:
        reader.missing.append("budget.lines")
    call = {"discount_bp": discount, "inflation_bp": inflation}
    plan = Plan(
        products,
        lines,
        _financing(reader, _mapping(content.get("financing"))),
        Terms(
            discount=reader.assumed(call, "discount_bp", "call", "discount", 1000),
            inflation=reader.assumed(call, "inflation_bp", "call", "inflation", 0),
            start_month=reader.assumed(section, "start_month", "plan", "start_month", 1),
        ),
        fixed=reader.assumed(section, "fixed_centimes", "plan", "fixed", 0),
        wages=reader.assumed(section, "wages_centimes", "plan", "wages", 0),
        customers_days=reader.assumed(section, "customers_days", "plan", "customers_days", 0),
        suppliers_days=reader.assumed(section, "suppliers_days", "plan", "suppliers_days", 0),
        stock_days=reader.assumed(section, "stock_days", "plan", "stock_days", 0),
        members=members,
        jobs=_jobs(reader, _mapping(content.get("results"))),
    )
    known = {*reader.missing, *(one.field for one in reader.faults)}
    found = (*reader.faults, *(one for one in faults(plan) if one.field not in known))
    whole = not reader.missing and not blocking(found)
    return Reading(plan if whole else None, tuple(reader.missing), found, tuple(reader.assumptions.values()))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _rows(value: Any, at: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    """The rows of a list that say something, with their place."""
    for place, row in enumerate(value if isinstance(value, list | tuple) else ()):
        if isinstance(row, Mapping) and any(one not in (None, "", []) for one in row.values()):
            yield row, f"{at}.{place}"


def _products(reader: _Reader, section: Mapping[str, Any]) -> Iterator[Product]:
    for row, at in _rows(section.get("products"), "plan.products"):
        yield Product(
            price=reader.needed(row, "price_centimes", at),
            volume=reader.needed(row, "monthly_quantity", at),
            cost=reader.needed(row, "variable_cost_centimes", at),
            season=_season(reader, row, at),
            ramp=_ramp(reader, row, at),
            growth=reader.assumed(row, "growth_bp", at, "growth", 0),
            name=_text(row.get("name")),
            unit=_text(row.get("unit")),
            at=at,
        )


def _season(reader: _Reader, row: Mapping[str, Any], at: str) -> tuple[int, ...]:
    """Twelve percents from January; a list of another length stays as it is, for `faults` to tell."""
    said = row.get("season")
    if said is None or said == []:
        reader.assumptions.setdefault("season", Assumption("season", 100, f"{at}.season"))
        return FLAT
    if not isinstance(said, list | tuple) or not all(
        isinstance(one, int) and not isinstance(one, bool) and abs(one) <= 10**6 for one in said
    ):
        reader.faults.append(Fault("missing_month", f"{at}.season"))
        return FLAT
    return tuple(said)


def _ramp(reader: _Reader, row: Mapping[str, Any], at: str) -> tuple[int, ...]:
    """`ramp_months` n: the k-th month reaches k / (n + 1) of the normal volume, month n + 1 all of it."""
    months = reader.assumed(row, "ramp_months", at, "ramp", 0)
    if not 0 <= months <= MONTHLY:
        reader.faults.append(Fault("ramp_out_of_range", f"{at}.ramp_months"))
        return ()
    return tuple(half_up(BP * month, months + 1) for month in range(1, months + 1))


def _lines(reader: _Reader, section: Mapping[str, Any]) -> Iterator[Investment]:
    for row, at in _rows(section.get("lines"), "budget.lines"):
        kind = row.get("kind")
        bought = kind if kind in KINDS else "investment"
        life = YEARS
        if bought != "running":
            life = reader.assumed(row, "life_years", at, "life", YEARS)
        yield Investment(
            amount=reader.needed(row, "amount_centimes", at),
            life=life,
            kind=bought,
            salvage=reader.number(row, "salvage_centimes", at) or 0,
            label=_text(row.get("label")),
            at=at,
        )


def _financing(reader: _Reader, section: Mapping[str, Any]) -> Financing:
    """What is left out counts as nothing; a loan needs its rate and its months."""
    at = "financing"

    def amount(name: str) -> int:
        return reader.number(section, f"{name}_centimes", at) or 0

    loan = None
    borrowed = amount("loan")
    if borrowed:
        loan = Loan(
            borrowed,
            rate=reader.needed(section, "loan_rate_bp", at),
            months=reader.needed(section, "loan_months", at),
            grace=reader.assumed(section, "loan_grace_months", at, "grace", 0),
        )
    return Financing(
        grant=reader.assumed(section, "indh_centimes", at, "grant", 0),
        own_cash=amount("own_cash"),
        own_in_kind=amount("own_in_kind"),
        partners=amount("partners"),
        loan=loan,
    )


def _jobs(reader: _Reader, section: Mapping[str, Any]) -> int | None:
    """Women and men; None while neither is said."""
    said = [reader.number(section, name, "results") for name in ("jobs_women", "jobs_men")]
    return sum(one or 0 for one in said) if any(one is not None for one in said) else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
