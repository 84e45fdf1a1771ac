"""The figures that a committee asks for: each with its unit, what it was computed from, where that was typed.

A figure without a value says why (`reason`, words under `viability.reason.…`). The formula of a figure is
`viability.formula.<key>`, its name `viability.figure.<key>`, an input's name `viability.input.<key>`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from .arith import BP, half_up
from .model import Projection, depreciation, first_charges, year
from .plan import YEARS, Plan
from .returns import irr, npv, payback

Unit = Literal["centimes", "centimes_a_month", "rate", "ratio", "years", "count", "month", "bp"]
"""centimes; rate of one a year; bp: hundredths of a percent; month: 0 the start, 1 … 60."""

PRODUCTS = tuple(f"plan.products.*.{name}" for name in ("price_centimes", "monthly_quantity"))
VARIABLE = ("plan.products.*.variable_cost_centimes",)
RHYTHM = tuple(f"plan.products.*.{name}" for name in ("season", "ramp_months", "growth_bp"))
CHARGES = ("plan.fixed_centimes", "plan.wages_centimes")
DELAYS = ("plan.customers_days", "plan.suppliers_days", "plan.stock_days")
LINES = ("budget.lines.*.amount_centimes", "budget.lines.*.life_years")
GRANT = ("financing.indh_centimes",)
LOAN = tuple(f"financing.loan_{name}" for name in ("centimes", "rate_bp", "months", "grace_months"))
OWN = tuple(f"financing.{name}_centimes" for name in ("own_cash", "own_in_kind", "partners"))
WORK = (*PRODUCTS, *VARIABLE, *RHYTHM, *CHARGES, *DELAYS)
MARGIN = (*PRODUCTS, *VARIABLE, *RHYTHM)


@dataclass(frozen=True, slots=True)
class Input:
    """A number that a figure was computed from."""

    key: str
    value: int | float
    unit: Unit
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A result. `year` for those told by year; `values` holds all of several answers (rates of return)."""

    key: str
    value: int | float | None
    unit: Unit
    inputs: tuple[Input, ...]
    fields: tuple[str, ...]
    year: int | None = None
    reason: str | None = None
    values: tuple[float, ...] = ()


@dataclass(frozen=True)
class Year:
    """A year's account in centimes: what break-even, value added and incomes are made of."""

    number: int
    sales: int
    costs: int
    fixed: int
    wages: int
    depreciation: int
    interest: int
    principal: int
    first: int
    before_debt: int

    @property
    def margin(self) -> int:
        """Sales − variable costs."""
        return self.sales - self.costs

    @property
    def charges(self) -> int:
        """What does not depend on sales: fixed costs, wages, depreciation, interest, first charges."""
        return self.fixed + self.wages + self.depreciation + self.interest + self.first

    @property
    def result(self) -> int:
        """Net result: margin − charges. Taxes are not counted."""
        return self.margin - self.charges

    @property
    def value_added(self) -> int:
        """Sales − what is bought from others: variable and fixed costs, charges of the start."""
        return self.margin - self.fixed - self.first


def years(base: Projection) -> tuple[Year, ...]:
    """The account of each year."""
    plan = base.plan
    rows = ("sales", "costs", "fixed", "wages", "interest", "principal", "before_debt")
    return tuple(
        Year(
            number=number,
            depreciation=depreciation(plan, number),
            first=first_charges(plan, number),
            **{name: year(getattr(base, name), number) for name in rows},
        )
        for number in range(1, YEARS + 1)
    )


def figures(base: Projection, accounts: tuple[Year, ...]) -> tuple[Figure, ...]:
    """Every figure of a plan, with and without the grant."""
    found: list[Figure] = []
    for grant in (True, False):
        found += [*_returns(base, grant=grant), *_cash(base, grant=grant)]
    found += _start(base.plan, base)
    for account in accounts:
        found += _by_year(base.plan, account)
    return tuple(found)


def _returns(base: Projection, *, grant: bool) -> Iterator[Figure]:
    """Present value, rates of return, payback."""
    suffix = "with" if grant else "without"
    plan, flows = base.plan, base.flows(grant=grant)
    read = (*LINES, *WORK, *(GRANT if grant else ()))
    seen = tuple(Input("flow", flow, "centimes", number) for number, flow in enumerate(flows))
    rate = Input("discount", plan.terms.discount, "bp")
    yield Figure(
        f"npv_{suffix}",
        npv(flows, plan.terms.discount),
        "centimes",
        (*seen, rate),
        (*read, "call.discount_bp"),
    )
    roots = irr(flows)
    reason = _rate_reason(flows, roots)
    yield Figure(
        f"irr_{suffix}", None if reason else roots[0], "rate", seen, read, reason=reason, values=roots
    )
    plain = base.flows(grant=grant, residual=False)
    back = payback(plain)
    yield Figure(
        f"payback_{suffix}",
        None if back is None else float(round(back, 4)),
        "years",
        tuple(Input("flow", flow, "centimes", number) for number, flow in enumerate(plain)),
        read,
        reason="never_paid_back" if back is None else None,
    )


def _rate_reason(flows: list[int], roots: tuple[float, ...]) -> str | None:
    """Why there is no rate to show: none, several, or one that is not an investment's (money comes first)."""
    if next((flow for flow in flows if flow), -1) > 0:
        return "nothing_invested"
    return None if len(roots) == 1 else "several_rates" if roots else "no_rate"


def _cash(base: Projection, *, grant: bool) -> Iterator[Figure]:
    """The lowest cash and its month."""
    suffix = "with" if grant else "without"
    cash = base.cash if grant else base.cash_without
    lowest = min(cash)
    month = cash.index(lowest)
    read = (*LINES, *OWN, *LOAN, *WORK, *(GRANT if grant else ()))
    inputs = (Input("cash_start", cash[0], "centimes"), Input("cash_end", cash[-1], "centimes"))
    yield Figure(f"lowest_cash_{suffix}", lowest, "centimes", (*inputs, Input("month", month, "month")), read)
    yield Figure(f"lowest_month_{suffix}", month, "month", (Input("lowest", lowest, "centimes"),), read)


def _start(plan: Plan, base: Projection) -> Iterator[Figure]:
    """Working capital, what the financing leaves, jobs and their cost."""
    need = max(base.need)
    month = base.need.index(need)
    parts = ("receivables", "stock", "payables")
    inputs = tuple(Input(name, getattr(base, name)[month], "centimes") for name in parts)
    read = (*DELAYS, *PRODUCTS, *VARIABLE)
    yield Figure("working_capital", need, "centimes", (*inputs, Input("month", month, "month")), read)
    total = plan.brought + plan.financing.grant
    both = (Input("brought", total, "centimes"), Input("invested", plan.invested, "centimes"))
    yield Figure("left_at_start", total - plan.invested, "centimes", both, (LINES[0], *GRANT, *OWN, LOAN[0]))
    jobs, read = plan.jobs or 0, ("results.jobs_women", "results.jobs_men")
    yield Figure("jobs", plan.jobs, "count", (), read, reason="no_jobs_said" if plan.jobs is None else None)
    for key, name, amount in (
        ("cost_per_job", "invested", plan.invested),
        ("grant_per_job", "grant", plan.financing.grant),
    ):
        yield Figure(
            key,
            half_up(amount, jobs) if jobs else None,
            "centimes",
            (Input(name, amount, "centimes"), Input("jobs", jobs, "count")),
            (*read, *(GRANT if name == "grant" else LINES[:1])),
            reason=None if jobs else "no_jobs",
        )


def _by_year(plan: Plan, one: Year) -> Iterator[Figure]:
    """Break-even, cover of the debt, value added, incomes of one year."""
    yield from _break_even(one)
    service = one.interest + one.principal
    yield Figure(
        "dscr",
        float(Fraction(one.before_debt, service)) if service else None,
        "ratio",
        (_in("before_debt", one), Input("debt_service", service, "centimes", one.number)),
        (*LOAN, *WORK),
        one.number,
        reason=None if service else "no_debt",
    )
    added = tuple(_in(name, one) for name in ("sales", "costs", "fixed", "first"))
    yield Figure("value_added", one.value_added, "centimes", added, (*MARGIN, CHARGES[0]), one.number)
    names = ("value_added", "wages", "depreciation", "interest")
    inputs = tuple(_in(name, one) for name in names)
    yield Figure("net_result", one.result, "centimes", inputs, (*MARGIN, *CHARGES, *LINES, *LOAN), one.number)
    members = plan.members or 0
    for key, amount, name in (
        ("income_per_member", one.result + one.wages, "wages"),
        ("surplus_per_member", one.result, None),
    ):
        shown = (_in("result", one), *((_in(name, one),) if name else ()), Input("members", members, "count"))
        yield Figure(
            key,
            half_up(amount, members * 12) if members else None,
            "centimes_a_month",
            shown,
            (*MARGIN, *CHARGES, *LINES, *LOAN, "members"),
            one.number,
            reason=None if members else "no_members",
        )


def _break_even(one: Year) -> Iterator[Figure]:
    """The sales at which the year neither gains nor loses, and how far they may fall before (in bp)."""
    inputs = tuple(_in(name, one) for name in ("charges", "sales", "costs"))
    read = (*MARGIN, *CHARGES, *LINES, *LOAN)
    reason = None if one.margin > 0 else "no_margin" if one.sales else "no_sales"
    value = half_up(one.charges * one.sales, one.margin) if one.margin > 0 else None
    yield Figure("break_even", value, "centimes", inputs, read, one.number, reason)
    safety = None if value is None or not one.sales else half_up((one.sales - value) * BP, one.sales)
    yield Figure("safety_margin", safety, "bp", inputs, read, one.number, reason)


def _in(name: str, one: Year) -> Input:
    return Input(name, getattr(one, name), "centimes", one.number)
