"""What the call says of the time after its decisions: the convention's delay, and the waiting list's way."""

from __future__ import annotations

from collections.abc import Iterable

from backend.calls.callfile.models import CallFile, Following
from backend.core.i18n import codes, label, ntranslate, translate

SAYS_NOTHING = Following()
WAYS = ("in_order", "first_that_fits")


@codes
def following_codes() -> Iterable[str]:
    """Words of this module."""
    yield "following.convention_days"
    yield from (f"following.{way}" for way in WAYS)


def following_of(file: CallFile) -> Following:
    """What the call says of it; without it nobody loses a grant by a date, and the list is strictly kept."""
    return file.following or SAYS_NOTHING


def sentences(file: CallFile, lang: str) -> list[str]:
    """In plain words, a sentence a point."""
    said = following_of(file)
    found = [label(lang, f"following.{said.promotion}")]
    if said.convention_days is not None:
        days = ntranslate(lang, "{n} jour", "{n} jours", said.convention_days)
        found.insert(0, translate(lang, "following.convention_days", days=days))
    return found
