"""Reading the values written in a call (exactly, never through a float) and writing them in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from math import ceil, floor

from backend.calls.rules import vocabulary
from backend.calls.rules.facts import Fact, FactValue, Kind
from backend.calls.rules.vocabulary import Namer
from backend.core.calendar import format_date
from backend.core.i18n import ntranslate
from backend.core.money import NBSP, MoneyError, format_money, format_number, parse_money

_CURRENCY = re.compile(r"(?:\bDH|\bMAD|درهم)", re.IGNORECASE)
_PERCENT = re.compile(r"(\d{1,6})(?:[.,](\d{1,6}))?\s*[%٪]")
_FRACTION = re.compile(r"(\d{1,9})\s*/\s*(\d{1,9})")
_LENGTH = re.compile(r"(\d{1,5})\s*(\S+)")
_UNITS = {
    Kind.MONTHS: {"month": 1, "months": 1, "mois": 1, "year": 12, "years": 12, "an": 12, "ans": 12},
    Kind.DAYS: {"day": 1, "days": 1, "jour": 1, "jours": 1},
    Kind.YEARS: {"year": 1, "years": 1, "an": 1, "ans": 1},
}
_LENGTHS = {
    Kind.MONTHS: ("{n} mois", "{n} mois"),
    Kind.DAYS: ("{n} jour", "{n} jours"),
    Kind.YEARS: ("{n} an", "{n} ans"),
}
MAX_COUNT = 10**9
FSI, PDI = "\u2068", "\u2069"

EXAMPLES = {
    Kind.MONEY: ("300 000 DH", "300000.50 MAD"),
    Kind.COUNT: ("7",),
    Kind.RATIO: ("60 %", "33.33 %", "1/3"),
    Kind.DATE: ("2023-08-16",),
    Kind.MONTHS: ("12 months", "12 mois"),
    Kind.DAYS: ("90 days", "90 jours"),
    Kind.YEARS: ("35 years", "35 ans"),
    Kind.BOOL: ("true", "false"),
}


class ValueIssue(ValueError):
    """A written value that does not fit its type; `code` is an issue code, `allowed` what would fit."""

    def __init__(self, code: str, value: object, allowed: tuple[str, ...] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.value = value
        self.allowed = allowed


def read_money(raw: object) -> int:
    """Centimes of « 300 000 DH »: the currency is required, so that nobody confuses centimes."""
    if isinstance(raw, str) and _CURRENCY.search(raw):
        try:
            return parse_money(raw)
        except MoneyError:
            pass
    raise ValueIssue("money", raw, EXAMPLES[Kind.MONEY])


def read_ratio(raw: object) -> Fraction:
    """The exact share of « 60 % », « 33.33 % » or « 1/3 »."""
    text = raw.strip() if isinstance(raw, str) else ""
    if match := _PERCENT.fullmatch(text):
        decimals = match[2] or ""
        return Fraction(int(match[1] + decimals), 100 * 10 ** len(decimals))
    match = _FRACTION.fullmatch(text)
    if match and int(match[2]):
        return Fraction(int(match[1]), int(match[2]))
    raise ValueIssue("ratio", raw, EXAMPLES[Kind.RATIO])


def read_date(raw: object) -> date:
    """A day written `2023-08-16`."""
    if isinstance(raw, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", raw):
        try:
            return date.fromisoformat(raw)
        except ValueError:
            pass
    raise ValueIssue("date", raw, EXAMPLES[Kind.DATE])


_READERS: Mapping[Kind, Callable[[object], FactValue]] = {
    Kind.MONEY: read_money,
    Kind.RATIO: read_ratio,
    Kind.DATE: read_date,
}


def read_length(raw: object, kind: Kind) -> int:
    """A length of time in the unit of `kind`, from « 12 months » / « 12 mois » or a bare number."""
    if isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw <= 99_999:
        return raw
    match = _LENGTH.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if match and match[2] in _UNITS[kind]:
        return int(match[1]) * _UNITS[kind][match[2]]
    raise ValueIssue("length", raw, EXAMPLES[kind])


def read_offset(raw: object) -> tuple[int, int]:
    """(months, days) of « 12 months » or « 90 days »; the unit is required."""
    if isinstance(raw, str):
        for kind in (Kind.MONTHS, Kind.DAYS):
            try:
                length = read_length(raw, kind)
            except ValueIssue:
                continue
            return (length, 0) if kind is Kind.MONTHS else (0, length)
    raise ValueIssue("length", raw, EXAMPLES[Kind.MONTHS] + EXAMPLES[Kind.DAYS])


def read_code(raw: object, name: str) -> str:
    """A code of the vocabulary `name`."""
    closed = vocabulary.known(name)
    if isinstance(raw, str) and (raw in closed if closed is not None else vocabulary.well_formed(name, raw)):
        return raw
    raise ValueIssue("choice", raw, closed or ())


def read_value(raw: object, fact: Fact) -> FactValue:
    """The value written for a fact, of the type of that fact."""
    if fact.kind in _READERS:
        return _READERS[fact.kind](raw)
    if fact.kind in _UNITS:
        return read_length(raw, fact.kind)
    if fact.vocabulary:
        return read_code(raw, fact.vocabulary)
    # Yes/no and counts: Python's True is also the integer 1.
    if isinstance(raw, bool) and fact.kind is Kind.BOOL:
        return raw
    if (
        isinstance(raw, int)
        and not isinstance(raw, bool)
        and fact.kind is Kind.COUNT
        and 0 <= raw <= MAX_COUNT
    ):
        return raw
    raise ValueIssue(fact.kind.value, raw, EXAMPLES[fact.kind])


def money_text(centimes: int) -> str:
    """The canonical writing of an amount in a call file: `300000 DH`, `0.50 DH`."""
    dirhams, rest = divmod(centimes, 100)
    return f"{dirhams}.{rest:02d} DH" if rest else f"{dirhams} DH"


def ratio_text(share: Fraction) -> str:
    """The canonical writing of a share: `60 %`, or `1/3` when no short percentage is exact."""
    hundredths = share * 10_000
    if hundredths.denominator != 1:
        return f"{share.numerator}/{share.denominator}"
    whole, rest = divmod(hundredths.numerator, 100)
    return f"{whole}.{rest:02d} %" if rest else f"{whole} %"


def isolate(text: str, lang: str) -> str:
    """Keep a number or a name in its own direction inside Arabic prose (Unicode isolates)."""
    return f"{FSI}{text}{PDI}" if lang == "ar" else text


def colon(lang: str) -> str:
    """Between a name and what it is: French sets it apart from the name."""
    return ": " if lang == "ar" else "\u00a0: "


def percent_words(share: Fraction, lang: str) -> str:
    """« 60 % »; a share that no two decimals write exactly also shows its fraction: « ≈ 42,86 % (3/7) »."""
    exact = (share * 10_000).denominator == 1
    percent = format_number(share * 100, lang) + ("%" if lang == "ar" else f"{NBSP}%")
    if exact:
        return percent
    fraction = f" ({share.numerator}/{share.denominator})" if share.denominator <= 10_000 else ""
    return f"≈{NBSP}{percent}{fraction}"


def amount_words(amount: int | Fraction, lang: str, op: str = "") -> str:
    """An amount; a fraction of a centime is rounded so that the sentence stays true for `op`."""
    if isinstance(amount, Fraction):
        amount = ceil(amount) if op in ("at_least", "less_than") else floor(amount)
    return format_money(amount, lang)


def words(fact: Fact, value: FactValue | None, lang: str, namer: Namer | None = None, op: str = "") -> str:
    """A value of a fact as people read it, isolated inside Arabic prose; empty for an unknown value."""
    if value is None:
        return ""
    if fact.kind is Kind.BOOL:
        return ""  # a yes/no fact is told by its statement
    if fact.kind in (Kind.CHOICE, Kind.SET):
        listed = sorted(value) if isinstance(value, frozenset) else [str(value)]
        return names(fact, tuple(listed), lang, namer)
    return isolate(_plain(fact.kind, value, lang, op), lang)


def names(fact: Fact, listed: tuple[str, ...], lang: str, namer: Namer | None = None) -> str:
    """The names of codes of the fact's vocabulary, separated as the language does."""
    separator = "، " if lang == "ar" else ", "
    return separator.join(
        isolate(vocabulary.name(fact.vocabulary or "", code, lang, namer), lang) for code in listed
    )


def _plain(kind: Kind, value: FactValue, lang: str, op: str) -> str:
    if kind is Kind.MONEY and isinstance(value, int | Fraction):
        return amount_words(value, lang, op)
    if kind is Kind.RATIO and isinstance(value, Fraction):
        return percent_words(value, lang)
    if isinstance(value, date):
        return format_date(value, lang)
    if isinstance(value, Fraction) and value.denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    n = int(value) if isinstance(value, int | Fraction) else 0
    if kind in _LENGTHS:
        return ntranslate(lang, *_LENGTHS[kind], n)
    return format_number(n, lang)
