"""What the figures say, in plain sentences: data first, words later (`words.say`).

Advice points at fields of the dossier; it never writes a number for her.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from .arith import half_up
from .figures import CHARGES, DELAYS, GRANT, LINES, LOAN, OWN, PRODUCTS, RHYTHM, VARIABLE
from .plan import YEARS
from .study import Study

Severity = Literal["serious", "attention", "good"]
SEVERITIES: tuple[Severity, ...] = ("serious", "attention", "good")
Kind = Literal["money", "when", "months", "share", "ratio", "count", "year", "shock", "name", "rates"]
Param = tuple[str, Kind, object]
Params = tuple[Param, ...]
NORMAL = 2
"""The year taken as the usual one: ramp-up is over, and it is told month by month."""
COVER, ENOUGH = 1.2, 1.0
"""Debt cover that lenders ask for, and the one below which the debt cannot be paid (FAO RuralInvest)."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """`viability.say.<code>` with its parameters (name, kind, value); `viability.advice.<advice>` if any."""

    code: str
    severity: Severity
    params: Params = ()
    advice: str | None = None
    fields: tuple[str, ...] = ()


def sentences(study: Study) -> tuple[Sentence, ...]:
    """What to know of a plan, the most serious first; within a severity, in the order of the reasoning."""
    found = [
        *_start(study),
        *_cash(study),
        *_margin(study),
        *_worth(study),
        *_debt(study),
        *_risk(study),
        *_income(study),
    ]
    return tuple(sorted(found, key=lambda one: SEVERITIES.index(one.severity)))


def _start(study: Study) -> Iterator[Sentence]:
    """Whether the start is paid for, and what the work needs besides."""
    left, need = study.value("left_at_start"), study.value("working_capital")
    if left < 0:
        yield Sentence(
            "financing_gap", "serious", (("amount", "money", -left),), "financing", (LINES[0], *GRANT, *OWN)
        )
    if need > 0:
        month = study.base.need.index(need)
        params: Params = (("amount", "money", need), ("when", "when", month), ("left", "money", max(left, 0)))
        short = left < need
        yield Sentence(
            "working_capital_short" if short else "working_capital",
            "attention" if short else "good",
            params,
            "working_capital" if short else None,
            (*DELAYS, *OWN) if short else (),
        )


def _cash(study: Study) -> Iterator[Sentence]:
    lowest, month = study.value("lowest_cash_with"), study.value("lowest_month_with")
    plan, read = study.plan, (*DELAYS, *PRODUCTS, *RHYTHM, *OWN)
    if lowest < 0:
        first = next(at for at, cash in enumerate(study.base.cash) if cash < 0)
        params: Params = (("when", "when", first), ("amount", "money", -lowest), ("worst", "when", month))
        code = "cash_negative" if first == month else "cash_negative_later"
        yield Sentence(code, "serious", params, "cash", read)
        return
    known: Params = (("amount", "money", lowest), ("when", "when", month))
    if lowest < plan.fixed + plan.wages:
        yield Sentence("cash_thin", "attention", known, "cash", read)
    else:
        yield Sentence("cash_positive", "good", known)


def _margin(study: Study) -> Iterator[Sentence]:
    """Products sold below their cost, and how far sales are above the break-even."""
    for one in study.plan.products:
        if one.price <= one.cost:
            fields = (f"{one.at}.price_centimes", f"{one.at}.variable_cost_centimes")
            severity: Severity = "serious" if one.price < one.cost else "attention"
            yield Sentence("price_below_cost", severity, (("product", "name", one.name),), "price", fields)
    safety = study.figure("safety_margin", NORMAL)
    read = (*PRODUCTS, *VARIABLE, *CHARGES)
    if safety.value is None:
        yield Sentence(str(safety.reason), "serious", (("year", "year", NORMAL),), "margin", read)
        return
    params: Params = (
        ("year", "year", NORMAL),
        ("amount", "money", study.value("break_even", NORMAL)),
        ("share", "share", abs(safety.value) / 10_000),
        ("sales", "money", study.years[NORMAL - 1].sales),
    )
    if safety.value < 0:
        yield Sentence("below_break_even", "serious", params, "margin", read)
    elif safety.value < 1000:
        yield Sentence("near_break_even", "attention", params, "margin", read)
    else:
        yield Sentence("above_break_even", "good", params)


def _worth(study: Study) -> Iterator[Sentence]:
    """Present value with and without the grant, rates that are none or several, payback."""
    with_grant, without = study.value("npv_with"), study.value("npv_without")
    rate: Param = ("rate", "share", study.plan.terms.discount / 10_000)
    params: Params = (("amount", "money", abs(with_grant)), ("without", "money", abs(without)), rate)
    read = (*PRODUCTS, *VARIABLE, *CHARGES, *LINES)
    if with_grant < 0:
        yield Sentence("worth_less", "serious", params, "worth", read)
    elif without < 0:
        yield Sentence("worth_with_grant", "attention", params, "worth", read)
    else:
        yield Sentence("worth_more", "good", params)
    rates = study.figure("irr_without")
    if rates.reason in ("several_rates", "no_rate"):
        rated: Params = (("n", "count", len(rates.values)), ("rates", "rates", rates.values))
        yield Sentence(rates.reason, "attention", rated)
    back = study.value("payback_with")
    if back is None:
        yield Sentence("never_paid_back", "serious", (("n", "count", YEARS),), "worth", read)
    elif back > 0:
        yield Sentence(
            "paid_back", "good", (("months", "months", half_up(round(back * 10_000) * 12, 10_000)),)
        )


def _debt(study: Study) -> Iterator[Sentence]:
    """The year in which the debt is least covered, and what is owed after the horizon."""
    covers = [(study.value("dscr", number), number) for number in range(1, YEARS + 1)]
    known = [one for one in covers if one[0] is not None]
    if known:
        cover, number = min(known)
        params: Params = (("ratio", "ratio", cover), ("year", "year", number))
        if cover < ENOUGH:
            yield Sentence("debt_not_covered", "serious", params, "debt", LOAN)
        elif cover < COVER:
            yield Sentence("debt_barely_covered", "attention", params, "debt", LOAN)
        else:
            yield Sentence("debt_covered", "good", params)
    if any(one.code == "loan_beyond_horizon" for one in study.notes):
        owed: Params = (("amount", "money", study.base.owed[-1]), ("n", "count", YEARS))
        yield Sentence("loan_beyond_horizon", "attention", owed, None, LOAN[2:3])


def _risk(study: Study) -> Iterator[Sentence]:
    """The shock that takes most, and how often draws take cash below zero."""
    worst = study.effects[0]
    if worst.change < 0:
        params: Params = (("shock", "shock", worst.code), ("amount", "money", abs(worst.npv)))
        fragile = worst.npv < 0
        yield Sentence(
            "shock_loses" if fragile else "shock_holds", "attention" if fragile else "good", params
        )
    if study.simulation:
        share = study.simulation.solvent
        severity: Severity = "good" if share >= 0.8 else "attention" if share >= 0.5 else "serious"
        advice = None if severity == "good" else "cash"
        fields = () if severity == "good" else (*DELAYS, *OWN)
        yield Sentence("draws", severity, (("n", "count", 100 - int(share * 100)),), advice, fields)


def _income(study: Study) -> Iterator[Sentence]:
    """What a member would get in a month of the usual year."""
    income = study.value("income_per_member", NORMAL)
    if income is not None:
        params: Params = (("amount", "money", abs(income)), ("year", "year", NORMAL))
        if income < 0:
            yield Sentence("members_lose", "serious", params, "margin", (*PRODUCTS, *VARIABLE, *CHARGES))
        else:
            yield Sentence("members_earn", "good", params)
