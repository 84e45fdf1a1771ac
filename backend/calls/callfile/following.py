"""What the call says of its own delays (answer, appeal, convention), and of the waiting list's way."""

from __future__ import annotations

from collections.abc import Iterable

from backend.calls.callfile.models import CallFile, Following
from backend.core.i18n import codes, label, ntranslate, translate

SAYS_NOTHING = Following()
DAYS = ("decision_days", "settlement_days", "convention_days")
WAYS = ("in_order", "first_that_fits")


@codes
def following_codes() -> Iterable[str]:
    """Words of this module."""
    yield from (f"following.{name}" for name in DAYS)
    yield from (f"following.{way}" for way in WAYS)


def following_of(file: CallFile) -> Following:
    """What the call says of it; without it nobody loses a grant by a date, and the list is strictly kept."""
    return file.following or SAYS_NOTHING


def sentences(file: CallFile, lang: str) -> list[str]:
    """In plain words, a sentence a point."""
    said = following_of(file)
    found = [label(lang, f"following.{said.promotion}")]
    told = [(name, getattr(said, name)) for name in DAYS]
    return [
        translate(lang, f"following.{name}", days=ntranslate(lang, "{n} jour", "{n} jours", days))
        for name, days in told
        if days is not None
    ] + found
