"""Money in integer centimes of dirham, and the writing of amounts, numbers and shares.

Amounts are written as Moroccan administration writes them: `300 000,00 DH` and
`300 000,00 درهم`, Latin digits in both languages, no-break spaces so that they never wrap.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

NBSP = "\u00a0"
MINUS = "\u2212"
CURRENCY = {"fr": "DH", "ar": "درهم"}
MAX_CENTIMES = 10**15
"""Ten thousand billion dirhams: above any budget, below the limit of a 64-bit integer."""

Number = int | float | Decimal | Fraction

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬", "01234567890123456789,\u00a0")
_INVISIBLE = re.compile("[\u200e\u200f\u061c\u2066-\u2069\u202a-\u202e]")
_UNIT = re.compile(r"(?:dhs?|mad|dirhams?|درهما?|دراهم)\.?", re.IGNORECASE)
_GROUPED = re.compile(r"\d+|\d{1,3}(?: \d{3})+")


class MoneyError(ValueError):
    """An amount that cannot be read for certain; `code` says why and has words in both languages."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse_money(text: str) -> int:
    """Centimes written in `text`, or MoneyError.

    Accepts spaces of any kind between thousands, a comma or a dot before one or two decimals,
    `DH`, `MAD` or `درهم` on either side, and Arabic digits. What could be read in two ways is
    refused rather than guessed: `300.000` (three hundred, or three hundred thousand?).
    Codes: money_empty, money_negative, money_decimals, money_unreadable, money_too_large.
    """
    cleaned = _INVISIBLE.sub("", text).translate(_DIGITS)
    cleaned = " ".join(cleaned.split())
    for match in (_UNIT.match(cleaned), _UNIT.search(cleaned)):
        if match and (match.start() == 0 or match.end() == len(cleaned)):
            cleaned = (cleaned[: match.start()] + cleaned[match.end() :]).strip()
            break
    if not cleaned:
        raise MoneyError("money_empty")
    if cleaned[0] in f"-{MINUS}–":
        raise MoneyError("money_negative")
    whole, decimals = _whole_and_decimals(cleaned.removeprefix("+"))
    if len(whole) > len(str(MAX_CENTIMES)):
        raise MoneyError("money_too_large")
    centimes = int(whole) * 100 + int(decimals.ljust(2, "0"))
    if centimes > MAX_CENTIMES:
        raise MoneyError("money_too_large")
    return centimes


def _whole_and_decimals(amount: str) -> tuple[str, str]:
    """Split at the decimal mark: the last comma or dot, unless that mark repeats (thousands)."""
    marks = [character for character in amount if character in ",."]
    if not marks:
        return _ungroup(amount), "0"
    last = marks[-1]
    if marks.count(last) > 1:
        if len(set(marks)) > 1:
            raise MoneyError("money_unreadable")
        return _ungroup(amount.replace(last, " ")), "0"
    whole, _, decimals = amount.rpartition(last)
    if not re.fullmatch("[0-9]+", decimals):
        raise MoneyError("money_unreadable")
    if len(decimals) > 2:
        raise MoneyError("money_decimals")
    other = "." if last == "," else ","
    if other in whole and " " in whole:
        raise MoneyError("money_unreadable")
    return _ungroup(whole.replace(other, " ")), decimals


def _ungroup(digits: str) -> str:
    """`300 000` → `300000`; groups that are not of three digits are refused."""
    if not _GROUPED.fullmatch(digits) or not digits.isascii():
        raise MoneyError("money_unreadable")
    return digits.replace(" ", "").lstrip("0") or "0"


def format_money(centimes: int, lang: str, *, unit: bool = True) -> str:
    """`300 000,00 DH` or `300 000,00 درهم`, with no-break spaces; without its unit for table cells."""
    amount = format_number(Decimal(centimes) / 100, lang, 2)
    return f"{amount}{NBSP}{CURRENCY[lang]}" if unit else amount


def format_number(value: Number, lang: str, decimals: int | None = None) -> str:
    """Digits grouped by three with no-break spaces and a decimal comma, alike in both languages.

    `decimals` fixes the number of decimals (rounded half up); None keeps what is significant, at
    most two.
    """
    del lang  # Latin digits and the same marks in both: kept so that a third language may differ
    rounded = _rounded(value, 2 if decimals is None else decimals)
    text = f"{abs(rounded):,f}"
    whole, _, fraction = text.partition(".")
    if decimals is None:
        fraction = fraction.rstrip("0")
    sign = MINUS if rounded < 0 else ""
    grouped = whole.replace(",", NBSP)
    return f"{sign}{grouped},{fraction}" if fraction else f"{sign}{grouped}"


def format_percent(share: Number, lang: str, decimals: int = 0) -> str:
    """A share of one as a percentage: 0.6 → `60 %` in French, `60%` in Arabic."""
    exact = share if isinstance(share, Decimal) else Fraction(share)
    number = format_number(exact * 100, lang, decimals)
    return f"{number}%" if lang == "ar" else f"{number}{NBSP}%"


def _rounded(value: Number, decimals: int) -> Decimal:
    """Half up at `decimals`, exactly for fractions (floats go through their shortest writing)."""
    step = Decimal(1).scaleb(-decimals)
    if isinstance(value, Fraction):
        scaled = abs(value) * 10**decimals
        units = (scaled.numerator * 2 + scaled.denominator) // (2 * scaled.denominator)
        return Decimal(units if value >= 0 else -units).scaleb(-decimals)
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return exact.quantize(step, rounding=ROUND_HALF_UP)


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Share `total` centimes by `weights`, summing exactly (largest remainder, first in order on ties).

    Weights are not negative; at least one is positive, or the total is zero.
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("weights must not be negative")
    whole = sum(weights)
    if whole == 0:
        if total:
            raise ValueError("nothing to share the total by")
        return [0] * len(weights)
    sign = -1 if total < 0 else 1
    amount = abs(total)
    parts = [amount * weight // whole for weight in weights]
    remainders = [amount * weight % whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-remainders[i], i))
    for i in by_remainder[: amount - sum(parts)]:
        parts[i] += 1
    return [sign * part for part in parts]
