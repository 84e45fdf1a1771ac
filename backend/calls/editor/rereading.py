"""What of a copied call must be read again: dates, amounts, references, whatever still holds the old year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from backend.core.calendar import format_date, format_datetime, local, parse_local
from backend.core.money import format_money, parse_money

from ..callfile import CallFile
from .faults import page_of

ALWAYS = (
    "title",
    "opens_at",
    "closes_at",
    "reference_date",
    "envelope",
    "caps.indh_amount",
    "sources.0.name",
)
"""Places of a copy that are never right by themselves: last year's, or moved by whole years."""
MOST = 60
_HOUR = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def places(copy: Mapping[str, Any], source: CallFile) -> list[str]:
    """Dotted places to read again, in the order of the pages: those of every copy, then the old year's."""
    years = {str(local(moment).year) for moment in (source.opens_at, source.closes_at)}
    holding = re.compile(rf"(?<!\d)({'|'.join(sorted(years))})(?!\d)")
    found = [place for place in ALWAYS if _at(copy, place) is not None]
    found += [place for place, text in _texts(copy, "") if holding.search(text) and place not in found]
    return found[:MOST]


def _at(data: Any, place: str) -> Any:
    for part in place.split("."):
        if isinstance(data, Mapping):
            data = data.get(part)
        elif isinstance(data, list | tuple) and part.isdigit():
            data = data[int(part)] if int(part) < len(data) else None
        else:
            return None
    return data


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Every text with its place; words in both languages are one place."""
    if isinstance(value, Mapping):
        if set(value) == {"fr", "ar"}:
            yield place, " ".join(str(words) for words in value.values())
            return
        for key, one in value.items():
            yield from _texts(one, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list | tuple):
        for i, one in enumerate(value):
            yield from _texts(one, f"{place}.{i}")
    elif isinstance(value, str):
        yield place, value


def text_at(data: Mapping[str, Any], place: str, lang: str) -> str:
    """What stands there now, in a few words; empty when it cannot be said in one line."""
    value = _at(data, place)
    if isinstance(value, Mapping):
        value = value.get(lang, "")
    return _as_read(value, lang)[:120] if isinstance(value, str) else ""


def _as_read(text: str, lang: str) -> str:
    """Hours, days and amounts as people read them; anything else as it is written."""
    try:
        if _HOUR.fullmatch(text):
            return format_datetime(parse_local(text), lang)
        if _DAY.fullmatch(text):
            return format_date(date.fromisoformat(text), lang)
        return format_money(parse_money(text), lang) if text.endswith("DH") else text
    except ValueError:
        return text


def left(kept: list[str] | None, section: str, item: int | None) -> list[str]:
    """What is still to be read again once the page was kept."""
    return [place for place in kept or [] if page_of(place) != (section, item)]
