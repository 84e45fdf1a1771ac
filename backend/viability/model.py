"""The cash of a plan, month by month: what follows from its numbers under one shock.

Index 0 is the start (investments paid, financing received, first stock bought), 1 … 60 the months; everything
in whole centimes. Source: FAO RuralInvest, module 3 (costs and income, working capital, cash flow).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from .arith import half_up, last_days, next_days
from .loan import schedule
from .operations import AS_PLANNED, MONTHS, Operations, Shock, grown
from .plan import YEARS, Investment, Plan

Amounts = tuple[int, ...]


@dataclass(frozen=True)
class Projection:
    """Centimes of each month, 0 the start; receivables, stock, payables and what is owed at its end."""

    plan: Plan
    shock: Shock
    sales: Amounts
    costs: Amounts
    fixed: Amounts
    wages: Amounts
    receivables: Amounts
    stock: Amounts
    payables: Amounts
    renewals: Amounts
    interest: Amounts
    principal: Amounts
    owed: Amounts

    @cached_property
    def surplus(self) -> Amounts:
        """Gross operating surplus: sales − variable costs − fixed costs − wages."""
        rows = zip(self.sales, self.costs, self.fixed, self.wages, strict=True)
        return tuple(sold - bought - fixed - wages for sold, bought, fixed, wages in rows)

    @cached_property
    def need(self) -> Amounts:
        """Working-capital need (BFR) at the month's end: receivables + stock − payables."""
        rows = zip(self.receivables, self.stock, self.payables, strict=True)
        return tuple(owing + kept - owed for owing, kept, owed in rows)

    @cached_property
    def need_change(self) -> Amounts:
        """What the need takes from cash in the month: need − need of the month before."""
        return tuple(one - before for one, before in zip(self.need, (0, *self.need), strict=False))

    @cached_property
    def before_debt(self) -> Amounts:
        """Cash that the work itself yields: surplus − change of the need − renewals, from month 1."""
        rows = zip(self.surplus, self.need_change, self.renewals, strict=True)
        return tuple(surplus - need - renewed for surplus, need, renewed in rows)

    @cached_property
    def net(self) -> Amounts:
        """What the month adds to cash, without the grant."""
        rows = zip(self.before_debt, self.interest, self.principal, strict=True)
        found = [left - interest - principal for left, interest, principal in rows]
        found[0] += self.plan.brought - self.plan.invested
        return tuple(found)

    @cached_property
    def cash_without(self) -> Amounts:
        """Cash at the month's end, had there been no grant."""
        return tuple(accumulate(self.net))

    @cached_property
    def cash(self) -> Amounts:
        """Cash at the month's end, with the grant, received at the start."""
        return tuple(one + self.plan.financing.grant for one in self.cash_without)

    @cached_property
    def residual(self) -> int:
        """What the horizon's end gives back: the working capital, and what investments are still sold for."""
        return self.need[-1] + sum(
            line.salvage for line in self.plan.investments if line.kind == "investment"
        )

    def flows(self, *, grant: bool, residual: bool = True) -> list[int]:
        """Yearly flows of the project, index 0 the start, for present value, rate of return and payback.

        −investments − first working capital (+ grant); then what the work yields; the last year also gets
        what is left (`residual`). The loan is no flow of the project: it changes who pays, not its worth.
        """
        start = self.before_debt[0] - self.plan.invested
        found = [start, *(year(self.before_debt, number) for number in range(1, YEARS + 1))]
        if residual:
            found[-1] += self.residual
        if grant:
            found[0] += self.plan.financing.grant
        return found


def year(amounts: Sequence[int], number: int) -> int:
    """The sum of a year's twelve months; years count from 1."""
    return sum(amounts[12 * number - 11 : 12 * number + 1])


def project(plan: Plan, shock: Shock = AS_PLANNED, operations: Operations | None = None) -> Projection:
    """A plan under a shock; `operations` of the same plan and delay may be given, to save time."""
    done = operations or Operations(plan, shock.delay)
    sales, costs = done.rounded(shock)
    stock = [next_days(costs, month, plan.stock_days) for month in range(MONTHS + 1)]
    bought = [stock[0]] + [costs[month] + stock[month] - stock[month - 1] for month in range(1, MONTHS + 1)]
    payments = schedule(plan.financing.loan)[:MONTHS] if plan.financing.loan else ()
    rest = (0,) * (MONTHS - len(payments))
    return Projection(
        plan,
        shock,
        sales=tuple(sales[: MONTHS + 1]),
        costs=tuple(costs[: MONTHS + 1]),
        fixed=(0, *_monthly(plan.fixed, plan, shock.cost)),
        wages=(0, *_monthly(plan.wages, plan, shock.cost)),
        receivables=tuple(last_days(sales, month, plan.customers_days) for month in range(MONTHS + 1)),
        stock=tuple(stock),
        payables=tuple(last_days(bought, month, plan.suppliers_days) for month in range(MONTHS + 1)),
        renewals=_renewals(plan),
        interest=(0, *(one.interest for one in payments), *rest),
        principal=(0, *(one.principal for one in payments), *rest),
        owed=(
            plan.financing.loan.amount if plan.financing.loan else 0,
            *(one.owed for one in payments),
            *rest,
        ),
    )


def _monthly(amount: int, plan: Plan, share: int) -> list[int]:
    """A charge of months 1 … 60: it changes with the project's year only."""
    by_year = [grown(amount, plan, 12 * number + 1, share) for number in range(YEARS)]
    return [one for one in by_year for _ in range(12)]


def _bought(line: Investment, plan: Plan) -> list[tuple[int, int]]:
    """When a line is paid for, in years from the start, and how much; prices rise with inflation."""
    found = [(0, line.amount)]
    if line.kind == "investment":
        ends = range(line.life, YEARS, line.life)
        found += [(end, grown(line.amount, plan, 12 * end)) for end in ends]
    return found


def _renewals(plan: Plan) -> Amounts:
    """What is bought again when a life ends within the horizon, less what the old thing is sold for."""
    found = [0] * (MONTHS + 1)
    for line in plan.investments:
        for when, amount in _bought(line, plan)[1:]:
            found[12 * when] += amount - line.salvage
    return tuple(found)


def depreciation(plan: Plan, number: int) -> int:
    """Straight-line, of year `number` (1 …): (amount − salvage) / life; a life's years sum exactly.

    A `running` line of the budget is no investment: it is a charge of the first year (`first_charges`).
    """
    found = 0
    for line in plan.investments:
        if line.kind == "running":
            continue
        for when, amount in _bought(line, plan):
            worn = [min(max(end - when, 0), line.life) for end in (number - 1, number)]
            before, after = (half_up((amount - line.salvage) * one, line.life) for one in worn)
            found += after - before
    return found


def first_charges(plan: Plan, number: int) -> int:
    """The budget's `running` lines, a charge of the first year."""
    return sum(line.amount for line in plan.investments if line.kind == "running") if number == 1 else 0
