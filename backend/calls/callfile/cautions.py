"""What is not a fault and yet deserves a second look before a call is published: said, never refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta

from backend.core.calendar import format_date, is_working_day, local

from .document import Path, path_text
from .issues import Issue
from .models import CallFile

FAR = timedelta(days=366)
"""Days between the opening and the day on which ages are counted: beyond, it is last year's."""
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_SAME_IN_BOTH = re.compile(r"[A-Z0-9\W_]*")
"""Codes, acronyms and figures are written alike in both languages."""


def cautions(file: CallFile) -> tuple[Issue, ...]:
    """Every warning of the examination, in the order of the file."""
    return tuple(_found(file))


def _found(file: CallFile) -> Iterator[Issue]:
    years = {local(moment).year for moment in (file.opens_at, file.closes_at)}
    for tongue, words in file.title.items():
        for year in dict.fromkeys(_YEAR.findall(words)):
            if int(year) not in years:
                yield _caution(("title", tongue), "year", value=year)
    if abs(file.reference_date - local(file.opens_at).date()) > FAR:
        days = {f"value_{lang}": format_date(file.reference_date, lang) for lang in ("fr", "ar")}
        yield _caution(("reference_date",), "reference", **days)
    closing = local(file.closes_at).date()
    if not is_working_day(closing):
        days = {f"value_{lang}": format_date(closing, lang) for lang in ("fr", "ar")}
        yield _caution(("closes_at",), "closing_day", **days)
    for path, both in _pairs(file.as_json(), ()):
        if both["fr"].strip() == both["ar"].strip() and not _SAME_IN_BOTH.fullmatch(both["fr"]):
            yield _caution(path, "same_text", value=both["fr"][:80])


def _caution(path: Path, code: str, **params: str) -> Issue:
    return Issue("<call>", 0, 0, path_text(path), f"caution_{code}", params)


def _pairs(value: object, path: Path) -> Iterator[tuple[Path, Mapping[str, str]]]:
    """Words in both languages, wherever they stand."""
    if isinstance(value, Mapping):
        if set(value) == {"fr", "ar"}:
            yield path, value
            return
        for key, one in value.items():
            yield from _pairs(one, (*path, key))
    elif isinstance(value, list | tuple):
        for i, one in enumerate(value):
            yield from _pairs(one, (*path, i))
