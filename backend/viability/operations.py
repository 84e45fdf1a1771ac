"""What is sold and bought month by month, exactly, before any shock is rounded."""

from dataclasses import dataclass
from functools import cached_property

from .arith import BP, half_up
from .plan import MAX_DAYS, YEARS, Plan

MONTHS = YEARS * 12
AHEAD = MAX_DAYS // 30 + 1
"""Months computed after the horizon: the stock of its last day is for what is sold in them."""


@dataclass(frozen=True, slots=True)
class Shock:
    """Prices, volumes and running costs in bp of what is planned, and months by which selling is late.

    Costs are variable costs, fixed costs and wages; the investment and the loan stay.
    """

    price: int = BP
    volume: int = BP
    cost: int = BP
    delay: int = 0


AS_PLANNED = Shock()


@dataclass(frozen=True)
class Operations:
    """The plan's sales and their variable costs of months 1 … 60 and 13 more, as exact fractions of centimes.

    Numerators over `below[m]`; index 0 is the start, when nothing is sold. Season follows the calendar;
    ramp-up and growth follow the months since selling began; inflation follows the years of the project.
    """

    plan: Plan
    delay: int = 0

    @cached_property
    def _summed(self) -> tuple[list[int], list[int], list[int]]:
        plan = self.plan
        first, inflation = plan.terms.start_month - 1, BP + plan.terms.inflation
        worth = [(one.price * one.volume, one.cost * one.volume, one) for one in plan.products]
        sales, costs, below = [0], [0], [1]
        weights: list[tuple[int, int, tuple[int, ...], tuple[int, ...]]] = []
        for month in range(1, MONTHS + AHEAD + 1):
            age = month - self.delay
            if age < 1:
                sales.append(0)
                costs.append(0)
                below.append(1)
                continue
            year, place = (age - 1) // 12, (first + month - 1) % 12
            if (age - 1) % 12 == 0:
                weights = [
                    (
                        sold * (BP + one.growth) ** year,
                        bought * (BP + one.growth) ** year,
                        one.season,
                        one.ramp,
                    )
                    for sold, bought, one in worth
                ]
            inflated = inflation ** ((month - 1) // 12)
            shares = [
                season[place] * (ramp[age - 1] if age <= len(ramp) else BP) for _, _, season, ramp in weights
            ]
            sales.append(inflated * sum(one[0] * share for one, share in zip(weights, shares, strict=True)))
            costs.append(inflated * sum(one[1] * share for one, share in zip(weights, shares, strict=True)))
            below.append(100 * BP ** (1 + year + (month - 1) // 12))
        return sales, costs, below

    def rounded(self, shock: Shock) -> tuple[list[int], list[int]]:
        """Sales and variable costs of each month under a shock, in centimes: summed exactly, rounded once."""
        sales, costs, below = self._summed
        up, down = shock.price * shock.volume, shock.cost * shock.volume
        whole = BP * BP
        return (
            [half_up(one * up, unit * whole) for one, unit in zip(sales, below, strict=True)],
            [half_up(one * down, unit * whole) for one, unit in zip(costs, below, strict=True)],
        )


def grown(amount: int, plan: Plan, month: int, share: int = BP) -> int:
    """An amount of the first year in `month` (1 …), with inflation and a share in bp, rounded half up."""
    year = (month - 1) // 12
    return half_up(amount * share * (BP + plan.terms.inflation) ** year, BP ** (year + 1))
