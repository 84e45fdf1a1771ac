"""From a kept message to its words, in the language of the person who receives it."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from ..core.calendar import format_date, format_datetime
from ..core.config import settings
from ..core.i18n import label, localized, ntranslate, translate
from ..core.money import format_money, format_number
from ..decisions.queries import in_words
from . import sms

_LATIN = re.compile("[A-Za-z\u00c0-\u024f]|[0-9]-[0-9]")
Writer = Callable[[str, Any], str]
MOST_TEXTS = {"fr": 1, "ar": 2}
ISOLATE, END = "\u2068", "\u2069"
PLURALS = {
    suffix: (f"mail.{suffix[1:]}", f"mail.{suffix[1:]}.many")
    for suffix in ("_days", "_files", "_months", "_pairs")
}
"""Numbers with their noun, in the case that the sentences of messages put it in."""


def headed(lang: str, template: str, params: Mapping[str, Any]) -> str:
    """The subject alone: it needs no fact that the ledger does not keep."""
    return label(lang, f"mail.{template}.subject", **_facts(lang, params))


def words(
    lang: str, template: str, params: Mapping[str, Any], name: str = "", link: str = ""
) -> tuple[str, str]:
    """(subject, body) as plain text. `link` stands for the one that the facts name."""
    said = _facts(lang, params)
    parts = [
        translate(lang, "mail.greeting", name=isolated(lang, name)),
        label(lang, f"mail.{template}.body", **said),
        translate(lang, "mail.link", link=settings().base_url + (link or str(params.get("link_path", "/")))),
        translate(lang, "mail.signature"),
    ]
    return headed(lang, template, params), "\n\n".join(part.strip() for part in parts) + "\n"


def short(lang: str, template: str, params: Mapping[str, Any], **more: str) -> str:
    """The few words of a text message, in French with the letters that a telephone counts once.

    A title is cut where the rest would not fit in one text, two in Arabic.
    """
    said = _facts(lang, params) | more
    title = str(params.get("title", ""))
    text = _text(lang, template, said)
    for size in range(len(title) - 1, 0, -1):
        if sms.parts(text) <= MOST_TEXTS[lang]:
            break
        text = _text(lang, template, said | {"title": isolated(lang, f"{title[:size].rstrip()}…")})
    return text


def _text(lang: str, template: str, said: Mapping[str, str]) -> str:
    text = label(lang, f"sms.{template}", **said)
    return sms.plain(text) if lang == "fr" else text


def _facts(lang: str, params: Mapping[str, Any]) -> dict[str, str]:
    return {_plain_name(key): _said(lang, key, value) for key, value in params.items()}


def isolated(lang: str, text: str) -> str:
    """In Arabic, a run of Latin letters, or a number like 2026-001, that the text must not reorder."""
    return f"{ISOLATE}{text}{END}" if lang == "ar" and _LATIN.search(text) else text


def _plain_name(key: str) -> str:
    """`amount_centimes` is written where the words say {amount}."""
    for suffix in ("_centimes", "_on", "_at", "_path", "_hundredths", *PLURALS):
        if key.endswith(suffix):
            return key.removesuffix(suffix) if suffix not in PLURALS else suffix[1:]
    return key


def _said(lang: str, key: str, value: Any) -> str:
    """A fact as people of that language write it."""
    for suffix, write in _WRITERS.items():
        if key.endswith(suffix):
            return write(lang, value)
    if key == "tie_grounds":
        return "\n".join(f"– {label(lang, f'tie_ground.{ground}.you')}" for ground in value)
    if key == "reasons":
        return "\n".join(f"– {_reason(lang, reason)}" for reason in value)
    return isolated(lang, localized(lang, value) if isinstance(value, Mapping) else str(value))


def _counted(suffix: str) -> Writer:
    singular, plural = PLURALS[suffix]
    return lambda lang, value: ntranslate(lang, singular, plural, int(value))


_WRITERS: dict[str, Writer] = {
    **{suffix: _counted(suffix) for suffix in PLURALS},
    "_centimes": lambda lang, value: format_money(int(value), lang),
    "_hundredths": lambda lang, value: format_number(Fraction(int(value), 100), lang, 2),
    "_on": lambda lang, value: format_date(date.fromisoformat(value), lang),
    "_at": lambda lang, value: format_datetime(datetime.fromisoformat(value), lang),
}


def _reason(lang: str, reason: Mapping[str, Any]) -> str:
    """A rule's own sentence, or the committee's code with its figures."""
    return in_words(dict(reason), lang) if "code" in reason else localized(lang, reason)


def message_id(id: UUID) -> str:
    """What comes before the @: the same at every attempt, so that a repeat is seen to be one."""
    return f"message.{id}"
