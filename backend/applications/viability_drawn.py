"""The drawings of a plan's study: the line of cash, the bars of the shocks, the draws, with their words."""

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..core.i18n import label, translate
from ..core.money import format_number
from ..viability import BP, words
from ..viability.plan import YEARS
from ..viability.study import Study
from ..viability.tables import cash_line, tornado

if TYPE_CHECKING:  # numpy is loaded when something is drawn
    from ..viability.histogram import Histogram
    from ..viability.montecarlo import Simulation, Spread


def cash_drawn(study: Study, lang: str) -> dict[str, Any]:
    """The line of cash: points in dirhams, ticks, the lowest month, with and without the grant."""
    line, start = cash_line(study), study.plan.terms.start_month
    low, high = min(*line.cash, *line.cash_without, 0), max(*line.cash, *line.cash_without, 100)
    ticks = _ticks(low, high)
    return {
        "with": list(zip(line.months, line.cash, strict=True)),
        "without": list(zip(line.months, line.cash_without, strict=True)),
        "y": (ticks[0], ticks[-1]),
        "y_ticks": [(tick, _thousands(tick, lang)) for tick in ticks],
        "x_ticks": [(12 * year, str(year)) for year in range(YEARS + 1)],
        "lowest": line.lowest,
        "lowest_month": line.lowest_month,
        "lowest_text": money_words(line.lowest, lang),
        "when": words.when(lang, line.lowest_month, start),
        "end": money_words(line.cash[-1], lang),
        "end_without": money_words(line.cash_without[-1], lang),
        "without_lowest": money_words(min(line.cash_without), lang),
        "without_when": words.when(lang, line.cash_without.index(min(line.cash_without)), start),
    }


def tornado_drawn(study: Study, lang: str) -> dict[str, Any]:
    """Present value as planned and under each shock, on one axis that shows zero."""
    usual = study.value("npv_with")
    bars = tornado(study)
    low, high = min(usual, 0, *(bar.amount for bar in bars)), max(usual, 0, *(bar.amount for bar in bars))
    return {
        "low": low,
        "high": high if high > low else low + 1,
        "usual": usual,
        "usual_text": money_words(usual, lang),
        "bars": [
            {
                "label": label(lang, f"viability.shock.{bar.code}"),
                "amount": bar.amount,
                "text": money_words(bar.amount, lang),
                "change": money_words(bar.change, lang),
            }
            for bar in bars
        ],
    }


def draws_drawn(drawn: "Simulation", lang: str) -> dict[str, Any]:
    """How the draws are spread: a picture of the lowest cash and one of the present value, P10, P50, P90."""
    risk = drawn.risk
    return {
        "draws": number_words(drawn.draws, lang, 0),
        "negative": 100 - int(drawn.solvent * 100),
        "losing": 100 - int(drawn.gaining * 100),
        "prices": _range(risk.price, lang),
        "volumes": _range(risk.volume, lang),
        "costs": _range(risk.cost, lang),
        "delay": risk.delay,
        "lowest": _spread(drawn.lowest_bars, dict(drawn.lowest), lang),
        "npv": _spread(drawn.npv_bars, dict(drawn.npv), lang),
    }


def _range(spread: "Spread", lang: str) -> tuple[str, str]:
    """From and to, in percent of what is planned."""
    low, high = (words.value(lang, "share", part / BP, 1) for part in (spread.low, spread.high))
    return low, high


def _spread(bars: "Histogram", percentiles: dict[int, int], lang: str) -> dict[str, Any]:
    """Bars with their bounds and counts, the axis that shows zero, the three percentiles, rows of a table."""
    bounds = bars.bounds()
    low, high = min(bounds[0], 0), max(bounds[-1], 0)
    cells = list(zip(bounds, bounds[1:], bars.counts, strict=False))
    return {
        "low": low,
        "high": high,
        "most": max(bars.counts),
        "bars": [cell for cell in cells if cell[2]],
        "ticks": [(tick, _thousands(tick, lang)) for tick in _ticks(low, high) if low <= tick <= high],
        "marks": [percentiles[share] for share in (10, 50, 90)],
        "texts": [money_words(percentiles[share], lang) for share in (10, 50, 90)],
        "rows": [
            [
                translate(
                    lang, "de {start} à {end}", start=money_words(start, lang), end=money_words(end, lang)
                ),
                number_words(count, lang, 0),
            ]
            for start, end, count in cells
        ],
    }


STEPS: tuple[int, ...] = (1, 2, 5)


def _ticks(low: int, high: int) -> list[int]:
    """Three to six round values around an interval, zero among them, in centimes."""
    size, power = max(high - low, 1), 100
    while True:
        for step in (one * power for one in STEPS):
            if size <= 4 * step:
                return list(range(low // step * step, -(-high // step) * step + 1, step))
        power *= 10


def _thousands(centimes: int, lang: str) -> str:
    """Thousands of dirhams, as the chart's title says."""
    return number_words(Fraction(centimes, 100_000), lang, None)


def number_words(value: float | Fraction, lang: str, decimals: int | None) -> str:
    text = format_number(value, lang, decimals)
    return f"{words.LRI}{text}{words.PDI}" if lang == "ar" else text


def money_words(centimes: int, lang: str) -> str:
    """Whole dirhams."""
    return words.value(lang, "money", centimes, 1)
