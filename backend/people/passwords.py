"""Passwords: argon2id with OWASP's parameters, and a verification that costs the same for nobody."""

import unicodedata
from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

SHORTEST, LONGEST = 12, 200
_hasher = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19_456, parallelism=1),))


def hash_password(password: str) -> str:
    return _hasher.hash(_plain(password))


def verify(password: str, kept: str | None) -> bool:
    """Whether the password is the kept one's; without one, the same work is done for nothing."""
    matches = _hasher.verify(_plain(password), kept or _nobody())
    return matches and kept is not None


def is_weak(password: str, *known: str | None) -> bool:
    """Few different characters, or hardly more than the person's own name or address."""
    plain = _plain(password).casefold()
    if len(set(plain)) < 6:
        return True
    words = {word.casefold() for text in known if text for word in (text, text.partition("@")[0])}
    return any(len(plain.replace(word, "")) < 6 for word in words if len(word) > 3)


def _plain(password: str) -> str:
    """The same keys give the same password on every keyboard and system (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", password)


@cache
def _nobody() -> str:
    return _hasher.hash("nobody signs in with this")
