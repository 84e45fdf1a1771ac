"""What becomes of the plan when prices, volumes, costs and the first sale are uncertain: seeded draws.

Each draw takes one factor for all prices, one for all volumes, one for all running costs and a delay, for the
whole horizon. Cash is linear in them, so a thousand draws are one small product of matrices. Draws are not
rounded to the centime month by month, as the plan's own cash is.
"""

from dataclasses import dataclass
from hashlib import sha256
from itertools import accumulate
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .arith import BP, DAYS
from .histogram import Histogram, histogram
from .model import Projection, project
from .operations import AHEAD, MONTHS
from .plan import YEARS, Plan

Numbers = NDArray[np.float64]
PERCENTILES = (10, 25, 50, 75, 90)
"""Shares of the draws in percent: from the first to the last lie eight in ten."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How a factor varies, in bp of what is planned.

    triangular: from `low` to `high`, most often `mode`. lognormal: median `mode`; `low` is the 5th
    percentile's place, so sigma = ln(mode / low) / 1.645, and `high` is not used.
    """

    low: int = BP
    mode: int = BP
    high: int = BP
    kind: Literal["triangular", "lognormal"] = "triangular"

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.mode <= self.high or (self.kind == "lognormal" and not self.low):
            raise ValueError("a spread goes from low over mode to high, above zero when lognormal")

    def draw(self, generator: np.random.Generator, draws: int) -> Numbers:
        """Factors, 1 being as planned."""
        low, mode, high = self.low / BP, self.mode / BP, self.high / BP
        if self.kind == "lognormal":
            sigma = float(np.log(mode / low)) / 1.6448536269514722
            return mode * np.exp(sigma * generator.standard_normal(draws))
        if low == high:
            return np.full(draws, mode)
        return generator.triangular(low, mode, high, draws)


@dataclass(frozen=True, slots=True)
class Risk:
    """The spreads of a simulation; the delay of the first sale is triangular from 0, in whole months.

    The values are ours, stated to the reader: no source gives them for small cooperatives of Morocco.
    """

    price: Spread = Spread(8000, BP, 11000)
    volume: Spread = Spread(7000, BP, 11000)
    cost: Spread = Spread(9000, BP, 12500)
    delay: int = 6


@dataclass(frozen=True, slots=True)
class Simulation:
    """What the draws gave, with the grant. Shares are of one; money in centimes.

    `solvent`: share of draws whose cash never goes below zero; `gaining`: whose present value is not
    negative. `lowest` and `npv`: by percentile; `lowest_bars`, `npv_bars`: how the draws are spread.
    """

    draws: int
    seed: int
    risk: Risk
    solvent: float
    gaining: float
    npv: tuple[tuple[int, int], ...]
    lowest: tuple[tuple[int, int], ...]
    npv_bars: Histogram
    lowest_bars: Histogram


def simulate(
    plan: Plan, *, draws: int = 1000, seed: int = 0, risk: Risk | None = None, base: Projection | None = None
) -> Simulation:
    """Draw `draws` (1 …) futures of a plan. The same numbers and the same seed give the same answer.

    The generator is PCG64, seeded by the plan's digest and `seed`: renaming a product changes nothing.
    """
    risk = risk or Risk()
    cash, worth = paths(plan, draws, seed, risk, base or project(plan))
    lowest = cash.min(axis=1)
    return Simulation(
        draws,
        seed,
        risk,
        solvent=float(np.count_nonzero(lowest > -0.5)) / draws,
        gaining=float(np.count_nonzero(worth > -0.5)) / draws,
        npv=_percentiles(worth),
        lowest=_percentiles(lowest),
        npv_bars=histogram(worth),
        lowest_bars=histogram(lowest),
    )


def paths(plan: Plan, draws: int, seed: int, risk: Risk, base: Projection) -> tuple[Numbers, Numbers]:
    """Cash at the end of each month (draws × 61) and present value (draws) of every draw, in centimes."""
    word = sha256(f"{plan.digest()}:{seed}".encode()).digest()
    generator = np.random.Generator(np.random.PCG64(int.from_bytes(word[:16], "big")))
    price = risk.price.draw(generator, draws)
    volume = risk.volume.draw(generator, draws)
    cost = risk.cost.draw(generator, draws)
    delays = np.zeros(draws, int)
    if risk.delay:
        delays = np.floor(generator.triangular(0, 0, risk.delay + 1, draws)).astype(int).clip(max=risk.delay)
    factors = np.stack([price * volume, -cost * volume, -cost, np.ones(draws)], axis=1)
    sums, worths = _parts(plan, base, risk.delay)
    cash, worth = np.empty((draws, MONTHS + 1)), np.empty(draws)
    for delay in range(risk.delay + 1):
        chosen = np.flatnonzero(delays == delay)
        cash[chosen] = factors[chosen] @ sums[delay]
        worth[chosen] = factors[chosen] @ worths[delay]
    return cash, worth


def _parts(plan: Plan, base: Projection, delay: int) -> tuple[Numbers, Numbers]:
    """By delay 0 … `delay`: cumulated cash (4 × 61) and present value (4) of what a draw's factors multiply.

    The four: receipts from customers, payments to suppliers, fixed costs and wages, and all the rest.
    """
    claims, stock, debts, sold, bought = _late(plan, base, delay)
    receipts, payments = sold - claims, bought + stock - debts
    charges = np.cumsum(np.add(base.fixed, base.wages, dtype=float))
    start = float(plan.brought - plan.invested + plan.financing.grant)
    paid = np.add(np.add(base.renewals, base.interest, dtype=float), base.principal)
    rows = len(receipts)
    rest = np.tile(start - np.cumsum(paid), (rows, 1))
    sums = np.stack([receipts, payments, np.tile(charges, (rows, 1)), rest], axis=1)

    project = np.cumsum(np.negative(base.renewals, dtype=float)) + plan.financing.grant - plan.invested
    worths = np.stack([receipts, payments, np.tile(charges, (rows, 1)), np.tile(project, (rows, 1))], axis=1)
    yearly = np.diff(worths[:, :, ::12], axis=2, prepend=0.0)
    salvage = float(base.residual - base.need[-1])
    last = [claims[:, -1], debts[:, -1] - stock[:, -1], np.zeros(rows), np.full(rows, salvage)]
    yearly[:, :, -1] += np.stack(last, axis=1)
    return sums, yearly @ (1 + plan.terms.discount / BP) ** -np.arange(YEARS + 1.0)


def _late(plan: Plan, base: Projection, delay: int) -> tuple[Numbers, Numbers, Numbers, Numbers, Numbers]:
    """By delay, at each month's end: receivables, stock, payables, and what was sold and used so far.

    The row without delay is the plan's own, to the centime; the others are not rounded.
    """
    sales, costs = _monthly(plan, delay)
    stock = _next(costs, plan.stock_days)
    used = costs[:, : MONTHS + 1]
    bought = used + np.diff(stock, axis=1, prepend=0.0)
    late = (
        _last(sales[:, : MONTHS + 1], plan.customers_days),
        stock,
        _last(bought, plan.suppliers_days),
        np.cumsum(sales[:, : MONTHS + 1], axis=1),
        np.cumsum(used, axis=1),
    )
    planned = (base.receivables, base.stock, base.payables, accumulate(base.sales), accumulate(base.costs))
    for array, exact in zip(late, planned, strict=True):
        array[0] = list(map(float, exact))
    return late


def _monthly(plan: Plan, delay: int) -> tuple[Numbers, Numbers]:
    """Sales and variable costs by delay 0 … `delay`, months 0 … 73, as `operations` says, in floats."""
    months = np.arange(MONTHS + AHEAD + 1)
    calendar = (plan.terms.start_month + months - 2) % 12
    season = np.array([one.season for one in plan.products], float).T[calendar] / 100
    inflation = (1 + plan.terms.inflation / BP) ** (np.maximum(months - 1, 0) // 12)
    reached = np.ones((len(months), len(plan.products)))
    reached[0] = 0
    for place, one in enumerate(plan.products):
        reached[1 : len(one.ramp) + 1, place] = np.array(one.ramp, float) / BP
    growth = 1 + np.array([one.growth for one in plan.products], float) / BP
    reached *= growth ** (np.maximum(months - 1, 0) // 12)[:, None]
    ages = np.maximum(months - np.arange(delay + 1)[:, None], 0)
    weights = season * reached[ages] * inflation[:, None]
    sold = np.array([float(one.price * one.volume) for one in plan.products])
    used = np.array([float(one.cost * one.volume) for one in plan.products])
    return weights @ sold, weights @ used


def _last(amounts: Numbers, days: int) -> Numbers:
    """`arith.last_days` of every row and month."""
    whole, rest = divmod(days, DAYS)
    padded = np.pad(amounts, ((0, 0), (whole + 1, 0)))
    size, first = amounts.shape[1], whole + 1
    found = padded[:, first - whole : first - whole + size] * (rest / DAYS)
    for back in range(whole):
        found = found + padded[:, first - back : first - back + size]
    return found


def _next(amounts: Numbers, days: int) -> Numbers:
    """`arith.next_days` of every row, months 0 … 60."""
    whole, rest = divmod(days, DAYS)
    size = MONTHS + 1
    found = amounts[:, 1 + whole : 1 + whole + size] * (rest / DAYS)
    for ahead in range(whole):
        found = found + amounts[:, 1 + ahead : 1 + ahead + size]
    return found


def _percentiles(values: Numbers) -> tuple[tuple[int, int], ...]:
    """Each of PERCENTILES with its value, in whole centimes; linear between two draws."""
    found = np.percentile(values, PERCENTILES)
    return tuple((share, round(float(one))) for share, one in zip(PERCENTILES, found, strict=True))
