"""The words of the platform in French and Arabic, read from gettext files.

A language's catalogue is the merge of `backend/locale/<lang>/*.po` (one file per slice).
French prose is its own msgid; codes (`role.officer`, `problem.window_closed`) need an entry in
both languages. Catalogues are read once per process, at the first use of the language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from gettext import c2py
from pathlib import Path
from typing import NamedTuple

LANGUAGES: tuple[str, ...] = ("fr", "ar")
DEFAULT_LANGUAGE = "fr"
DIRECTIONS: Mapping[str, str] = {"fr": "ltr", "ar": "rtl"}
LOCALE_DIR = Path(__file__).resolve().parent.parent / "locale"

# CLDR cardinal rules. French counts 0 as singular ("0 dossier"); Arabic has six forms:
# none, one, two, few (3–10), many (11–99), other.
PLURAL_RULES: Mapping[str, str] = {
    "fr": "(n > 1)",
    "ar": "(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5)",
}

_BREAKABLE = re.compile("(?<=«) | (?=[:;!?»])")
NBSP = "\u00a0"

CODES: list[Callable[[], Iterable[str]]] = []
"""Functions that list the codes which must have words in every language (checked by tests)."""


class Catalogue(NamedTuple):
    """Words of one language: singular by msgid, plural forms by singular msgid."""

    words: dict[str, str]
    plurals: dict[str, tuple[str, ...]]
    plural_index: Callable[[int], int]


def codes(provider: Callable[[], Iterable[str]]) -> Callable[[], Iterable[str]]:
    """Register a function that lists codes needing words; usable as a decorator."""
    CODES.append(provider)
    return provider


@lru_cache(maxsize=8192)
def spaced(text: str) -> str:
    """French as it is set: no line breaks before « : ; ! ? » nor inside guillemets.

    Where no space is written (16:30, an address) none is made.
    """
    return _BREAKABLE.sub(NBSP, text)


@cache
def catalogue(lang: str) -> Catalogue:
    """The merged catalogue of `lang`; fuzzy and empty entries count as missing."""
    if lang not in LANGUAGES:
        raise LookupError(f"unknown language {lang!r}")
    words: dict[str, str] = {}
    plurals: dict[str, tuple[str, ...]] = {}
    for path in sorted((LOCALE_DIR / lang).glob("*.po")):
        _read(path, words, plurals)
    if lang == DEFAULT_LANGUAGE:
        words = {msgid: spaced(text) for msgid, text in words.items()}
        plurals = {msgid: tuple(map(spaced, forms)) for msgid, forms in plurals.items()}
    return Catalogue(words, plurals, c2py(PLURAL_RULES[lang]))


def _read(path: Path, words: dict[str, str], plurals: dict[str, tuple[str, ...]]) -> None:
    """Add the entries of one file; the plural rule is the language's, so headers may be short."""
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        for message in read_po(file):
            if not message.id or message.fuzzy:
                continue
            if isinstance(message.id, str):
                if message.string:
                    words[message.id] = str(message.string)
            elif message.string and all(message.string):
                plurals[message.id[0]] = tuple(message.string)


def has(lang: str, msgid: str) -> bool:
    """Whether the language has its own words for `msgid` (singular or plural)."""
    found = catalogue(lang)
    return msgid in found.words or msgid in found.plurals


def translate(lang: str, msgid: str, /, **params: object) -> str:
    """The words for `msgid`, with `{name}` filled from `params`; the msgid itself when missing."""
    text = catalogue(lang).words.get(msgid) or spaced(msgid)
    return text.format(**params) if params else text


def plural_text(lang: str, singular: str, plural: str, n: int) -> str:
    """The unfilled form of the language for `n` things."""
    found = catalogue(lang)
    forms = found.plurals.get(singular)
    if forms is None:
        return spaced(singular if n in (0, 1, -1) else plural)
    return forms[min(found.plural_index(abs(n)), len(forms) - 1)]


def ntranslate(lang: str, singular: str, plural: str, n: int, /, **params: object) -> str:
    """The form for `n` things, with `{n}` and `params` filled."""
    return plural_text(lang, singular, plural, n).format(**{"n": n, **params})


def label(lang: str, code: str, /, **params: object) -> str:
    """The words for a code; the code itself when missing (tests fail on it)."""
    return translate(lang, code, **params)


def localized(lang: str, value: Mapping[str, str] | str | None) -> str:
    """What staff typed in two languages, in `lang`, else in whichever language has words."""
    if value is None or isinstance(value, str):
        return value or ""
    return value.get(lang) or next((text for text in value.values() if text), "")


def direction(lang: str) -> str:
    """`rtl` or `ltr`, for the `dir` attribute."""
    return DIRECTIONS[lang]


def preferred(accept_language: str) -> str:
    """The first language of ours in an Accept-Language header, by its q values; French otherwise."""
    ranked: list[tuple[float, int, str]] = []
    for position, part in enumerate(accept_language.split(",")[:20]):
        tag, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        base = tag.partition("-")[0].lower()
        if base in LANGUAGES and weight > 0:
            ranked.append((-weight, position, base))
    return min(ranked)[2] if ranked else DEFAULT_LANGUAGE
