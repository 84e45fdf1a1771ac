"""What is kept encrypted in the database: identity numbers. AES-256-GCM, and a keyed digest to compare.

`DATA_KEY` is one key or several, `2:<newer>,1:<older>`, each of 32 characters or more: the first one seals,
all of them open, the last one (the oldest) makes the digests, so that what was kept before a change of key
is still found. A plain text never reaches a log, an error or the trail.
"""

import hmac
import os
from functools import cache
from hashlib import sha256

from .config import settings
from .errors import problem

DATA_KEY_MISSING = problem("data_key_missing", 503)
SHORTEST = 32
NONCE = 12  # bytes, as GCM wants them


class Unreadable(RuntimeError):
    """What was sealed cannot be opened: another key, another owner, or it was changed."""


def seal(plain: str, owner: str) -> bytes:
    """The key's number (1 byte), a nonce, the sealed text. It opens only for the same owner."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    (number, key), *_ = _keys()
    nonce = os.urandom(NONCE)
    return (
        bytes([number])
        + nonce
        + AESGCM(_derived(key, b"seal")).encrypt(nonce, plain.encode(), owner.encode())
    )


def reveal(sealed: bytes, owner: str) -> str:
    """The text; raises Unreadable when it is not the owner's, was changed, or its key is gone."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    key = dict(_keys()).get(sealed[0]) if sealed else None
    if key is None:
        raise Unreadable("its key is not among those of DATA_KEY")
    nonce, rest = sealed[1 : 1 + NONCE], sealed[1 + NONCE :]
    try:
        return AESGCM(_derived(key, b"seal")).decrypt(nonce, rest, owner.encode()).decode()
    except (InvalidTag, ValueError):
        raise Unreadable("it was sealed for somebody else, or changed") from None


def digest(plain: str) -> str:
    """64 hexadecimal characters, the same for the same text; tells nothing without the key."""
    *_, (_, key) = _keys()
    return hmac.new(_derived(key, b"digest"), plain.encode(), sha256).hexdigest()


def _keys() -> tuple[tuple[int, str], ...]:
    """(number, key), the one in use first. A demonstration without a key makes one of its other secret."""
    given = settings().data_key or (settings().secret_key if settings().demo else "")
    return _read(given)


@cache
def _read(given: str) -> tuple[tuple[int, str], ...]:
    """One key is number 1; raises the problem of a key that is missing, too short or numbered wrongly."""
    if not given:
        raise DATA_KEY_MISSING()
    found = []
    for one in given.split(","):
        number, sign, key = one.strip().partition(":")
        found.append((number, key) if sign else ("1", number))
    demonstration = given == settings().secret_key
    for number, key in found:
        if not (number.isascii() and number.isdigit() and 0 < int(number) < 256):
            raise DATA_KEY_MISSING()
        if len(key) < SHORTEST and not demonstration:
            raise DATA_KEY_MISSING()
    return tuple((int(number), key) for number, key in found)


@cache
def _derived(key: str, purpose: bytes) -> bytes:
    """32 bytes for one purpose (HKDF, RFC 5869): the same key never serves two."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, b"indh.data", purpose).derive(key.encode())
