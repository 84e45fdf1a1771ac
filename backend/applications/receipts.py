"""Receipt codes: short, readable aloud, told from their misspellings. Crockford's base 32 with his check."""

import hashlib
import json
import secrets
from typing import Any

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 11
"""Random symbols (55 bits: not to be guessed, and two alike are not to be expected); one more checks them."""
_LOOKALIKES = str.maketrans("OIL", "011", "- \u00a0\u200e\u200f\u2066\u2067\u2068\u2069")


def new_code() -> str:
    """Twelve symbols as `XXXX-XXXX-XXXX`. The check is the number modulo 37, which finds any one wrong symbol
    and any two exchanged; numbers whose check would be one of its five odd signs (`*~$=U`) are not used.
    """
    while True:
        if code := code_of(secrets.randbits(5 * LENGTH)):
            return code


def code_of(number: int) -> str | None:
    """The code of a number below 2^55; None for one whose check would be an odd sign."""
    if number % 37 >= len(ALPHABET):
        return None
    symbols = [ALPHABET[number >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5)]
    code = "".join(symbols) + ALPHABET[number % 37]
    return "-".join(code[i : i + 4] for i in range(0, 12, 4))


def read_code(typed: str) -> str | None:
    """The code as it was given, whatever its case, spaces or O for 0; None when it is misspelt."""
    plain = typed.upper().translate(_LOOKALIKES)
    if len(plain) != LENGTH + 1 or any(symbol not in ALPHABET for symbol in plain):
        return None
    number = 0
    for symbol in plain[:-1]:
        number = number * 32 + ALPHABET.index(symbol)
    if number % 37 != ALPHABET.index(plain[-1]):
        return None
    return "-".join(plain[i : i + 4] for i in range(0, 12, 4))


def sha256(content: Any) -> str:
    """The fingerprint of plain JSON, written one way only: sorted keys, no spaces, UTF-8."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def readable(print_: str) -> str:
    """A fingerprint in groups of eight, to be read aloud or compared by eye; typed spaces do not matter."""
    plain = "".join(print_.lower().split())
    return " ".join(plain[i : i + 8] for i in range(0, len(plain), 8))
