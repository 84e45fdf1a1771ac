"""The words of the model in a language: sentences, figures, faults, assumptions, columns.

In Arabic a number keeps its own direction (LRI … PDI); amounts in sentences are whole dirhams.
"""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any

from ..core.calendar import MONTHS
from ..core.i18n import codes, label, ntranslate
from ..core.money import CURRENCY, NBSP, format_number, format_percent
from .arith import BP, half_up
from .figures import Figure, Unit
from .plan import Fault
from .reading import Assumption
from .sensitivity import SHOCKS
from .sentences import SEVERITIES, Kind, Sentence
from .tables import BALANCES, CASH_ROWS, COSTS, Column

FIGURES = (
    "npv_with", "npv_without", "irr_with", "irr_without", "payback_with", "payback_without",
    "lowest_cash_with", "lowest_cash_without", "lowest_month_with", "lowest_month_without", "working_capital",
    "left_at_start", "jobs", "cost_per_job", "grant_per_job", "break_even", "safety_margin", "dscr",
    "value_added", "net_result", "income_per_member", "surplus_per_member",
)  # fmt: skip
INPUTS = (
    "flow", "discount", "cash_start", "cash_end", "month", "lowest", "receivables", "stock", "payables",
    "brought", "invested", "grant", "jobs", "before_debt", "debt_service", "sales", "costs", "fixed", "first",
    "value_added", "wages", "depreciation", "interest", "result", "members", "charges",
)  # fmt: skip
REASONS = (
    "several_rates", "no_rate", "nothing_invested", "never_paid_back", "no_jobs_said", "no_jobs", "no_debt",
    "no_members", "no_margin", "no_sales",
)  # fmt: skip
FAULTS = (
    "no_products", "negative_price", "negative_cost", "negative_amount", "negative_count", "money_too_large",
    "zero_volume", "volume_too_large", "price_below_cost", "missing_month", "season_out_of_range",
    "season_empty", "ramp_out_of_range", "growth_out_of_range", "life_out_of_range", "salvage_out_of_range",
    "rate_out_of_range", "loan_months_out_of_range", "grace_too_long", "loan_beyond_horizon",
    "days_out_of_range", "month_out_of_range", "not_a_number",
)  # fmt: skip
ASSUMPTIONS = (
    "season", "ramp", "growth", "life", "grace", "grant", "discount", "inflation", "start_month", "fixed",
    "wages", "customers_days", "suppliers_days", "stock_days",
)  # fmt: skip
STANDING = ("no_tax", "cash_at_start", "even_days", "residual", "own_wages", "draws")
"""What the model always assumes, whatever the plan."""
SAYINGS = (
    "financing_gap", "working_capital_short", "working_capital", "cash_negative", "cash_negative_later",
    "cash_thin", "cash_positive", "price_below_cost", "no_margin", "no_sales", "below_break_even",
    "near_break_even", "above_break_even", "worth_less", "worth_with_grant", "worth_more", "several_rates",
    "no_rate", "never_paid_back", "paid_back", "debt_not_covered", "debt_barely_covered", "debt_covered",
    "loan_beyond_horizon", "shock_loses", "shock_holds", "draws", "members_lose", "members_earn",
)  # fmt: skip
ADVICE = ("financing", "working_capital", "cash", "price", "margin", "worth", "debt")
LRI, FSI, PDI = "\u2066", "\u2068", "\u2069"


@codes
def all_codes() -> Iterator[str]:
    """Every code of the model that needs words."""
    groups: dict[str, Iterable[str]] = {
        "figure": FIGURES,
        "formula": FIGURES,
        "input": INPUTS,
        "reason": REASONS,
        "fault": FAULTS,
        "assumption": (*ASSUMPTIONS, *STANDING),
        "say": SAYINGS,
        "advice": ADVICE,
        "shock": SHOCKS,
        "severity": SEVERITIES,
        "row": dict.fromkeys((*CASH_ROWS, *BALANCES, *COSTS)),
        "year": map(str, range(1, 6)),
        "column": ("start", "year"),
        "when": ("start", "month"),
    }
    for group, names in groups.items():
        yield from (f"viability.{group}.{name}" for name in names)


def say(sentence: Sentence, lang: str, start_month: int) -> str:
    """The sentence; `start_month` is the plan's, so that months have names."""
    return label(
        lang,
        f"viability.say.{sentence.code}",
        **{name: value(lang, kind, what, start_month) for name, kind, what in sentence.params},
    )


def advise(sentence: Sentence, lang: str) -> str:
    """Where she may look, or nothing."""
    return label(lang, f"viability.advice.{sentence.advice}") if sentence.advice else ""


def fault(one: Fault, lang: str) -> str:
    """What is wrong with a field, or worth noting."""
    return label(lang, f"viability.fault.{one.code}")


def assumption(one: Assumption, lang: str) -> str:
    """What was assumed, with its value in the unit of its sentence."""
    kinds: dict[str, Kind] = {"discount": "share", "inflation": "share", "growth": "share"}
    shown: object = one.value
    if one.code in kinds:
        shown = value(lang, "share", one.value / 10_000, 1)
    elif one.code == "start_month":
        shown = MONTHS[lang][one.value - 1]
    return label(lang, f"viability.assumption.{one.code}", value=shown)


def figure(one: Figure, lang: str) -> tuple[str, str, str]:
    """A figure's name, its formula, and why it has no value (empty when it has one)."""
    reason = label(lang, f"viability.reason.{one.reason}") if one.reason else ""
    return label(lang, f"viability.figure.{one.key}"), label(lang, f"viability.formula.{one.key}"), reason


def written(number: float, unit: Unit, lang: str, start_month: int) -> str:
    """A figure's or an input's value in its unit: amounts to the centime, payback in months."""
    if unit == "month":
        return when(lang, int(number), start_month)
    return UNITS[unit](lang, number)


def column(one: Column, lang: str) -> str:
    """`Départ`, `mars`, `3e année`."""
    if one.kind == "month":
        return MONTHS[lang][(one.month or 1) - 1]
    return label(lang, f"viability.column.{one.kind}", year=label(lang, f"viability.year.{one.number or 1}"))


def value(lang: str, kind: Kind, what: Any, start_month: int) -> str:
    """A parameter of a sentence as it is read."""
    if kind == "when":
        return when(lang, what, start_month)
    return WRITERS[kind](lang, what) if kind in WRITERS else str(what)


def when(lang: str, month: int, start_month: int) -> str:
    """`au départ`, `en mars de la 1re année`: month 0 is the start, 1 the first month."""
    if month == 0:
        return label(lang, "viability.when.start")
    name = MONTHS[lang][(start_month + month - 2) % 12]
    year = label(lang, f"viability.year.{(month - 1) // 12 + 1}")
    return label(lang, "viability.when.month", month=name, year=year)


def _ltr(lang: str, text: str) -> str:
    return f"{LRI}{text}{PDI}" if lang == "ar" else text


def _money(lang: str, centimes: int) -> str:
    return f"{_ltr(lang, format_number(Fraction(centimes, 100), lang, 0))}{NBSP}{CURRENCY[lang]}"


def _exact(lang: str, centimes: float) -> str:
    return f"{_ltr(lang, format_number(Fraction(int(centimes), 100), lang, 2))}{NBSP}{CURRENCY[lang]}"


def _share(lang: str, what: float) -> str:
    """A share of one; a decimal only where one is needed."""
    share = Fraction(str(what))
    return _ltr(lang, format_percent(share, lang, 1 if (share * 100).denominator > 1 else 0))


def _rates(lang: str, rates: Iterable[float]) -> str:
    return (" ؛ " if lang == "ar" else " ; ").join(_ltr(lang, format_percent(one, lang, 1)) for one in rates)


WRITERS: dict[Kind, Callable[[str, Any], str]] = {
    "money": _money,
    "months": lambda lang, what: ntranslate(lang, "{n} mois", "{n} mois", what),
    "ratio": lambda lang, what: _ltr(lang, format_number(what, lang, 2)),
    "share": _share,
    "rates": _rates,
    "year": lambda lang, what: label(lang, f"viability.year.{what}"),
    "shock": lambda lang, what: label(lang, f"viability.shock.{what}"),
    "name": lambda lang, what: f"{FSI}{what}{PDI}" if lang == "ar" else str(what),
}
UNITS: dict[Unit, Callable[[str, Any], str]] = {
    "centimes": _exact,
    "centimes_a_month": _exact,
    "rate": lambda lang, number: _ltr(lang, format_percent(number, lang, 1)),
    "ratio": lambda lang, number: _ltr(lang, format_number(number, lang, 2)),
    "years": lambda lang, number: WRITERS["months"](lang, half_up(round(number * 10_000) * 12, 10_000)),
    "count": lambda lang, number: _ltr(lang, format_number(number, lang)),
    "bp": lambda lang, number: _share(lang, number / BP),
}
