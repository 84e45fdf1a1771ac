"""How often one may try: counted in the shared store, or in this process when there is none."""

import logging
from functools import cache
from hashlib import sha256
from math import ceil
from time import time
from typing import cast

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from ..core.config import settings
from ..core.errors import TOO_MANY

log = logging.getLogger(__name__)
SIGN_IN = RateLimitItemPerMinute(5, 15, namespace="sign_in")
"""Failures for one account from one address, in 15 minutes."""
ADDRESS = RateLimitItemPerMinute(200, 15, namespace="address")
"""Attempts from one address for any account: an office shares one, a robot tries thousands."""
REGISTER = RateLimitItemPerHour(30, namespace="register")
"""Accounts asked for from one address, in an hour."""


def attempt(limit: RateLimitItem, *who: str) -> None:
    """Count one; refuses with 429 and the seconds to wait when the limit is reached."""
    key = _key(who)
    try:
        _count(_limiter(_store_url()), limit, key)
    except StorageError:
        log.warning("store away: attempts are counted in this process")
        _count(_limiter(""), limit, key)


def attempt_from(limit: RateLimitItem, address: str) -> None:
    """Count one for an address, whoever is there. A demonstration plays hundreds of people on one machine."""
    if address and not settings().demo:
        attempt(limit, address)


def forget(limit: RateLimitItem, *who: str) -> None:
    """Start again from nothing: the attempt succeeded."""
    for url in {"", _store_url()}:
        try:
            _limiter(url).clear(limit, _key(who))
        except StorageError:
            log.warning("store away: counts are kept until they expire")


def _count(limiter: MovingWindowRateLimiter, limit: RateLimitItem, key: str) -> None:
    if not limiter.hit(limit, key):
        wait = max(1, ceil(limiter.get_window_stats(limit, key).reset_time - time()))
        raise TOO_MANY(retry_after=wait, headers={"retry-after": str(wait)})


def _key(who: tuple[str, ...]) -> str:
    """The store holds no address of anybody: only what comparing needs."""
    return sha256("\n".join(who).encode()).hexdigest()


def _store_url() -> str:
    """The store's address in the words of `limits`, which differ from Celery's for a Unix socket."""
    url = settings().redis_url
    for scheme in ("redis+socket://", "unix://"):
        if url.startswith(scheme):
            return f"redis+unix://{url.removeprefix(scheme)}"
    return url


@cache
def _limiter(url: str) -> MovingWindowRateLimiter:
    if not url:
        return MovingWindowRateLimiter(MemoryStorage())
    store = storage_from_string(url, wrap_exceptions=True, socket_connect_timeout=0.5, socket_timeout=0.5)
    return MovingWindowRateLimiter(cast("Storage", store))
