"""What every part of the minutes is told with: sentences, names, sums and hours in one language."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ...core.calendar import format_datetime, format_hour
from ...core.i18n import localized
from ...core.i18n import translate as plainly
from ...core.money import format_money

Json = Mapping[str, Any]
Block = dict[str, Any]
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]|[0-9]-[0-9]")


def inside(lang: str, value: object) -> object:
    """A parameter within an Arabic sentence: what is in Latin letters keeps its own direction."""
    if lang == "ar" and isinstance(value, str) and "\u2068" not in value and _LATIN.search(value):
        return f"\u2068{value}\u2069"
    return value


def translate(lang: str, msgid: str, **params: object) -> str:
    """The sentence, its parameters ready to stand in it."""
    return plainly(lang, msgid, **{key: inside(lang, value) for key, value in params.items()})


class Teller:
    """The record in one language."""

    def __init__(self, record: Json, lang: str) -> None:
        self.record, self.lang = record, lang

    def loc(self, words: Mapping[str, str] | str) -> str:
        return localized(self.lang, words)

    def money(self, centimes: int) -> str:
        return format_money(centimes, self.lang)

    def moment(self, iso: str) -> str:
        return format_datetime(datetime.fromisoformat(iso), self.lang)

    def hour(self, iso: str) -> str:
        return format_hour(datetime.fromisoformat(iso), self.lang)

    def names(self, people: Sequence[Mapping[str, str]]) -> str:
        found = [str(inside(self.lang, self.loc(one))) for one in people]
        return ("، " if self.lang == "ar" else ", ").join(found)

    def _h(self, text: str) -> Block:
        return {"kind": "heading", "text": text}

    def _p(self, text: str, *, strong: bool = False) -> Block:
        return {"kind": "paragraph", "text": text, "strong": strong}
