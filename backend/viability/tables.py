"""Plain data for a page's tables and charts; a page gives them words (`words`) and draws them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .model import Projection
from .operations import MONTHS
from .plan import MONTHLY, YEARS
from .study import Study

CASH_ROWS = (
    "sales", "costs", "fixed", "wages", "need_change", "invested", "renewals", "brought", "loan", "interest",
    "principal", "net_without", "grant", "net",
)  # fmt: skip
"""Lines of the cash table that are paid or received; what is paid is below zero, so that a column adds up."""
BALANCES = ("cash_without", "cash")
COSTS = ("costs", "fixed", "wages", "depreciation", "interest", "first")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the cash table: the start, a month (1 …, with its calendar month) or a year (1 …)."""

    kind: Literal["start", "month", "year"]
    number: int
    month: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: a code (`viability.row.…`) and centimes by column."""

    code: str
    amounts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Columns, and rows of as many amounts."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """The chart of cash: centimes at each month's end (0 the start), months in which it falls below 0."""

    months: tuple[int, ...]
    cash: tuple[int, ...]
    cash_without: tuple[int, ...]
    lowest: int
    lowest_month: int
    below: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the tornado or of the costs: a code, centimes; its change from the plan or share in bp."""

    code: str
    amount: int
    change: int


def columns(start_month: int) -> tuple[Column, ...]:
    """The start, 24 months, then the years after them."""
    months = (Column("month", at, (start_month + at - 2) % 12 + 1) for at in range(1, MONTHLY + 1))
    years = (Column("year", number) for number in range(MONTHLY // 12 + 1, YEARS + 1))
    return (Column("start", 0), *months, *years)


def cash_table(study: Study) -> Table:
    """The cash-flow table with and without the grant: rows add up to `net`, cumulated in `cash`."""
    base, shown = study.base, columns(study.plan.terms.start_month)
    flows = _flows(base)
    rows = [Row(code, tuple(_over(flows[code], one) for one in shown)) for code in CASH_ROWS]
    rows += [Row(code, tuple(_at(getattr(base, code), one) for one in shown)) for code in BALANCES]
    return Table(shown, tuple(rows))


def _flows(base: Projection) -> dict[str, Sequence[int]]:
    """Signed flows by month; what happens at the start only is a series of one amount."""
    plan, later = base.plan, (0,) * MONTHS
    loan = plan.financing.loan.amount if plan.financing.loan else 0
    paid = ("costs", "fixed", "wages", "need_change", "renewals", "interest", "principal")
    flows: dict[str, Sequence[int]] = {code: [-one for one in getattr(base, code)] for code in paid}
    starts = {
        "invested": -plan.invested,
        "brought": plan.brought - loan,
        "loan": loan,
        "grant": plan.financing.grant,
    }
    flows |= {code: (amount, *later) for code, amount in starts.items()}
    net = (base.net[0] + plan.financing.grant, *base.net[1:])
    return flows | {"sales": base.sales, "net_without": base.net, "net": net}


def _over(amounts: Sequence[int], column: Column) -> int:
    """What a column sums."""
    if column.kind == "year":
        return sum(amounts[12 * column.number - 11 : 12 * column.number + 1])
    return amounts[column.number]


def _at(amounts: Sequence[int], column: Column) -> int:
    """What there is at a column's end."""
    return amounts[12 * column.number if column.kind == "year" else column.number]


def cash_line(study: Study) -> Line:
    """Cash month by month, for a line over its zero."""
    base = study.base
    lowest = min(base.cash)
    pairs = zip((0, *base.cash), base.cash, strict=False)
    below = tuple(month for month, (before, now) in enumerate(pairs) if now < 0 <= before)
    return Line(
        tuple(range(MONTHS + 1)), base.cash, base.cash_without, lowest, base.cash.index(lowest), below
    )


def tornado(study: Study) -> tuple[Bar, ...]:
    """Present value under each shock and its change, the widest first."""
    return tuple(Bar(one.code, one.npv, one.change) for one in study.effects)


def costs(study: Study, number: int = 2) -> tuple[Bar, ...]:
    """What a year's sales pay for, nothing left out: each kind of cost and its share of all costs in bp."""
    account = study.years[number - 1]
    amounts = {code: getattr(account, code) for code in COSTS}
    total = sum(amounts.values())
    return tuple(
        Bar(code, amount, (20_000 * amount + total) // (2 * total))
        for code, amount in amounts.items()
        if amount
    )
