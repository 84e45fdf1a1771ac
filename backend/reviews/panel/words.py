"""Agreement in words: never a verdict without the number of dossiers and the interval.

Bands of α: K. Krippendorff, Content Analysis, 2nd ed. 2004, p. 241 (conclusions from α ≥ 0.800, tentative
ones from 0.667). Bands of the ICC: T. K. Koo and M. Y. Li, Journal of Chiropractic Medicine 15 (2016)
155–163, who ask that the interval be judged and not the estimate: so it is here, for both.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from ...core.i18n import codes, translate
from .agreement import Alpha, Metric
from .assignment import Why
from .icc import Icc
from .record import Method, Refusal
from .severity import Code, Refused
from .spread import Destination, Reason
from .verify import CODES

ALPHA_BANDS = ((0.8, "band.alpha.reliable"), (0.667, "band.alpha.tentative"))
ICC_BANDS = ((0.9, "band.icc.excellent"), (0.75, "band.icc.good"), (0.5, "band.icc.moderate"))


@codes
def said_codes() -> Iterator[str]:
    """Everything that this folder says by a code."""
    yield from (band for _, band in (*ALPHA_BANDS, *ICC_BANDS))
    yield from ("band.alpha.low", "band.icc.poor")
    yield from (f"enum.metric.{metric}" for metric in get_args(Metric))
    yield from (f"enum.ranking_method.{method}" for method in get_args(Method))
    yield from (f"warning.severity.{code}" for code in (*get_args(Code), *get_args(Refused)))
    yield from (f"reason.discordance.{code}" for code in (*get_args(Reason), *get_args(Destination)))
    yield from (f"refused.severity.{code}" for code in get_args(Refusal))
    yield from (f"unmet.{why}" for why in get_args(Why))
    yield from (f"ranking.fault.{code}" for code in CODES)


def alpha_said(lang: str, found: Alpha) -> str:
    """α, its interval, what it rests on, and the band or bands in which the interval lies."""
    return _said(lang, found, f"α ({translate(lang, f'enum.metric.{found.metric}')})", found.units)


def icc_said(lang: str, found: Icc) -> str:
    """The same for an intraclass correlation."""
    return _said(lang, found, f"ICC({found.form})", found.files)


def _said(lang: str, found: Alpha | Icc, name: str, files: int) -> str:
    if found.value is None:
        return translate(lang, "agreement.nothing", name=name, files=files, ratings=found.ratings)
    known = {"name": name, "value": number(found.value), "files": files, "ratings": found.ratings}
    if found.lower is None or found.upper is None:
        return translate(lang, "agreement.no_interval", **known)
    low, high = (_band(end, isinstance(found, Alpha)) for end in (found.lower, found.upper))
    words = translate(lang, low)
    if low != high:
        words = translate(lang, "agreement.between", low=words, high=translate(lang, high))
    return translate(
        lang,
        "agreement.said",
        **known,
        level=round(100 * found.level),
        lower=number(found.lower),
        upper=number(found.upper),
        band=words,
    )


def bands(found: Alpha | Icc) -> list[str]:
    """The codes of the bands in which the interval lies, worst first; none without an interval."""
    if found.lower is None or found.upper is None:
        return []
    ends = [_band(end, isinstance(found, Alpha)) for end in (found.lower, found.upper)]
    return list(dict.fromkeys(ends))


def _band(value: float, alpha: bool) -> str:
    bands, least = (ALPHA_BANDS, "band.alpha.low") if alpha else (ICC_BANDS, "band.icc.poor")
    return next((name for floor, name in bands if value >= floor), least)


def number(value: float) -> str:
    """Two decimals after a comma, set apart so that a minus keeps its place in Arabic."""
    return f"\u2066{value:.2f}\u2069".replace(".", ",").replace("-", "−")
