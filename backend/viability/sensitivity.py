"""What the plan becomes when one thing goes worse than planned. Source: FAO RuralInvest, module 3
(sensitivity).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from .model import Projection, project
from .operations import Operations, Shock
from .plan import Plan
from .returns import npv

SHOCKS: Mapping[str, Shock] = MappingProxyType(
    {
        "price_10": Shock(price=9000),
        "price_20": Shock(price=8000),
        "volume_20": Shock(volume=8000),
        "costs_15": Shock(cost=11500),
        "delay_6": Shock(delay=6),
    }
)
"""Prices −10 % and −20 %, volumes −20 %, running costs +15 %, selling six months late (costs run
meanwhile).
"""


@dataclass(frozen=True, slots=True)
class Effect:
    """One shock: present value with and without the grant, its change, and the lowest cash with the grant."""

    code: str
    npv: int
    npv_without: int
    change: int
    lowest: int
    lowest_month: int


def sensitivity(
    plan: Plan, base: Projection | None = None, planned: Operations | None = None
) -> tuple[Effect, ...]:
    """The effects of SHOCKS, the one that takes most of the present value first (a tornado's order).

    `base` and `planned` are the plan's own projection and operations, to save time.
    """
    planned = planned or Operations(plan)
    usual = npv((base or project(plan)).flows(grant=True), plan.terms.discount)
    found = []
    for code, shock in SHOCKS.items():
        shocked = project(plan, shock, planned if shock.delay == planned.delay else None)
        with_grant = npv(shocked.flows(grant=True), plan.terms.discount)
        lowest = min(shocked.cash)
        found.append(
            Effect(
                code,
                npv=with_grant,
                npv_without=with_grant - plan.financing.grant,
                change=with_grant - usual,
                lowest=lowest,
                lowest_month=shocked.cash.index(lowest),
            )
        )
    return tuple(sorted(found, key=lambda one: (one.change, one.code)))
