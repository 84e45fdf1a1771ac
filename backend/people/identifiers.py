"""Moroccan identifiers as people write them: telephone numbers and the ICE. Pure, no database."""

import re
import unicodedata
from dataclasses import dataclass

SEPARATORS = re.compile(r"[\s.\-_/()\u00a0\u202f]")
NATIONAL = re.compile(r"[5-8]\d{8}")
"""ANRT's numbering plan: nine digits after the 0, opening on 5 (fixed), 6 or 7 (mobile), 8 (services)."""


def latin_digits(text: str) -> str:
    """Any script's decimal digits (٠١٢, ۰۱۲ …) as 0–9; the rest unchanged."""
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def phone_number(text: str) -> str:
    """`06 12 34 56 78`, `00212612345678`, `+212 (0)6…` as `+212612345678`; ValueError for anything else."""
    number = latin_digits(SEPARATORS.sub("", "".join(c for c in text if unicodedata.category(c) != "Cf")))
    for prefix in ("+212", "00212", "212"):
        if number.startswith(prefix):
            number = number.removeprefix(prefix).removeprefix("0")
            break
    else:
        if not number.startswith("0"):
            raise ValueError("not a Moroccan number")
        number = number[1:]
    if not NATIONAL.fullmatch(number):
        raise ValueError("not a Moroccan number")
    return f"+212{number}"


@dataclass(frozen=True)
class Ice:
    """Identifiant commun de l'entreprise: 9 digits of the firm, 4 of the place, 2 of control."""

    value: str
    doubtful: bool


def read_ice(text: str) -> Ice:
    """The ICE in a text; ValueError unless it has 15 digits.

    The published formulas of its control digits disagree, so that a failed check only makes it doubtful:
    we accept the whole number leaving 0 (python-stdnum) or 1 (ISO 7064 MOD 97-10) when divided by 97.
    """
    number = latin_digits(SEPARATORS.sub("", text))
    if not (number.isascii() and number.isdigit() and len(number) == 15):
        raise ValueError("an ICE has 15 digits")
    return Ice(number, int(number) % 97 not in (0, 1))
