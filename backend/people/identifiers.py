"""Moroccan identifiers as people write them: telephone, ICE, RIB, CIN, register numbers. Pure, no database.

A number of the wrong length is refused; one whose control digits disagree is only doubtful, as the paper in
her hand may be right and our formula not.
"""

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


@dataclass(frozen=True)
class Rib:
    """Relevé d’identité bancaire: 3 digits of the bank, 3 of the town, 16 of the account, 2 of control."""

    value: str
    doubtful: bool


def read_rib(text: str) -> Rib:
    """The RIB in a text; ValueError unless it has 24 digits.

    Bank Al-Maghrib: the key is 97 less the remainder of the first 22 digits times 100, so that the whole
    number is a multiple of 97.
    """
    number = latin_digits(SEPARATORS.sub("", text))
    if not (number.isascii() and number.isdigit() and len(number) == 24):
        raise ValueError("a RIB has 24 digits")
    return Rib(number, int(number) % 97 != 0)


def masked_rib(number: str) -> str:
    """Enough to recognise one's own: `••• 4321`."""
    return f"••• {number[-4:]}"


CIN_SHAPE = re.compile(r"[A-Z]{1,2}\d{3,7}")
"""One or two letters of the bureau, then the number."""


@dataclass(frozen=True)
class Cin:
    """Number of a national identity card (CIN, CNIE)."""

    value: str
    doubtful: bool


def read_cin(text: str) -> Cin:
    """The number in a text; ValueError unless it is of 4 to 12 Latin letters and digits with one digit."""
    number = latin_digits(SEPARATORS.sub("", text)).upper()
    if not (number.isascii() and number.isalnum() and 4 <= len(number) <= 12 and re.search(r"\d", number)):
        raise ValueError("not the number of an identity card")
    return Cin(number, not CIN_SHAPE.fullmatch(number))


def masked_cin(number: str) -> str:
    """Enough to recognise one's own card: `AB•••56`."""
    shown = 2 if len(number) >= 7 else 1
    return f"{number[:shown]}•••{number[-shown:]}"


REGISTER_SHAPE = re.compile(r"\d{1,7}([/-]\d{1,6}){0,3}")


def doubtful_register_number(text: str) -> bool:
    """Registers number differently from court to court: whatever is not digits in groups is looked at."""
    return not REGISTER_SHAPE.fullmatch(latin_digits("".join(text.split())))


def bare_number(text: str) -> str:
    """What two ways of writing a number have in common: its letters and digits."""
    return "".join(c for c in latin_digits(text).upper() if c.isalnum())
