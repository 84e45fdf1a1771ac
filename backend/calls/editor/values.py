"""Values of a call file as form fields show them, and back.

What is shown of a value and comes back unchanged is that very value: a form never alters what it did not
change, nor what it cannot show. `MISSING` is a field left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from ..rules.facts import Kind

Form = Mapping[str, str]


class Missing:
    """Nothing was written."""


MISSING: Final = Missing()
_NUMBER = re.compile(r"[\d\s\u00a0\u202f.,]*\d[\d\s\u00a0\u202f.,]*")
_WHOLE = re.compile(r"-?\d{1,15}")
_LIST = re.compile(r"[\s,;،؛]+")
_WORDS = ("fr", "ar")


def typed(text: str) -> str:
    """What was typed, its line ends as files have them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


# -- one value ---------------------------------------------------------------------------------------
def shown(value: Any) -> str:
    """A text or a whole number; nothing of anything else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int) else ""


def grouped(number: str) -> str:
    """« 6000000 » as people read it, « 6 000 000 », its cents kept; a number written otherwise as it is."""
    whole_part, sign, cents = number.partition(",") if "," in number else number.partition(".")
    if not (whole_part.isascii() and whole_part.isdigit()) or not (cents.isdigit() or not sign):
        return number
    return f"{int(whole_part):,}".replace(",", "\u00a0") + sign + cents if len(whole_part) < 20 else number


def with_unit(unit: str) -> tuple[Callable[[Any], str], Callable[[str], Any]]:
    """« 300 000 DH » is shown as the number, its unit standing beside the field."""

    def show(value: Any) -> str:
        text = shown(value)
        bare = text.removesuffix(unit).rstrip()
        return grouped(bare) if text.endswith(unit) and _NUMBER.fullmatch(bare) else text

    def read(text: str) -> Any:
        return f"{text} {unit}" if _NUMBER.fullmatch(text) else text

    return show, read


def whole(text: str) -> Any:
    """A whole number; as typed when it is none."""
    return int(text) if _WHOLE.fullmatch(text) else text


_UNITS = {"months": "months?|mois", "days": "days?|jours?", "years": "years?|ans?"}


def unitless(unit: str) -> Callable[[Any], str]:
    """« 24 mois » is shown as 24 where months are asked for; a bare number has the unit of its fact."""
    pattern = re.compile(rf"(\d{{1,5}})\s*(?:{_UNITS[unit]})")

    def show(value: Any) -> str:
        text = shown(value)
        found = pattern.fullmatch(text)
        return found[1] if found else text

    return show


def show_length(value: Any) -> tuple[str, str]:
    """A length of time as a number and its unit (`months`, `days`); the text itself and no unit otherwise."""
    for unit in ("months", "days"):
        number = unitless(unit)(value)
        if number != shown(value):
            return number, unit
    return shown(value), "" if shown(value) else "months"


def read_length(text: str, unit: str) -> str:
    """The same, read."""
    text = typed(text)
    return f"{text} {unit}" if unit in ("months", "days") and _WHOLE.fullmatch(text) else text


def yes_no(text: str) -> Any:
    return {"true": True, "false": False}.get(text, text)


def moment(text: str) -> str:
    """An hour as browsers send it (`2026-03-10T16:30`), as files write it."""
    return (
        text.replace("T", " ", 1)[:16] if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?", text) else text
    )


_SCALARS: dict[str, tuple[Callable[[Any], str], Callable[[str], Any]]] = {
    "line": (shown, str),
    "text": (shown, str),
    "choice": (shown, str),
    "day": (shown, str),
    "hour": (lambda value: shown(value).replace(" ", "T", 1), moment),
    "money": with_unit("DH"),
    "share": with_unit("%"),
    "number": (shown, whole),
    "yes_no": (shown, yes_no),
    "months": (unitless("months"), whole),
    "days": (unitless("days"), whole),
    "years": (unitless("years"), whole),
}
_OF_FACTS = {
    Kind.MONEY: "money",
    Kind.RATIO: "share",
    Kind.DATE: "day",
    Kind.BOOL: "yes_no",
    Kind.MONTHS: "months",
    Kind.DAYS: "days",
    Kind.YEARS: "years",
}


def kind_of(kind: Kind) -> str:
    """How a value of this kind of fact is asked for."""
    if kind in (Kind.CHOICE, Kind.SET):
        return "line"
    return _OF_FACTS.get(kind, "number")


def show(kind: str, value: Any) -> str:
    """A scalar as its field shows it."""
    return "" if value is MISSING else _SCALARS[kind][0](value)


def read(kind: str, text: str | None, before: Any = MISSING) -> Any:
    """The scalar of a field; `before` itself when it is shown so, or was not asked for."""
    if text is None or typed(text) == typed(show(kind, before)):
        return before
    text = typed(text)
    return _SCALARS[kind][1](text) if text else MISSING


# -- several codes, words in both languages ------------------------------------------------------------
def show_codes(name: str, value: Any) -> dict[str, str]:
    """A box for each code that is in the list."""
    listed = value if isinstance(value, list) else []
    return {f"{name}._": "1"} | {f"{name}.{code}": "1" for code in listed if isinstance(code, str)}


def read_codes(form: Form, name: str, before: Any) -> Any:
    """The codes whose boxes are ticked: those there before in their order, then the others."""
    if f"{name}._" not in form:
        return before
    start = f"{name}."
    ticked = [key[len(start) :] for key in form if key.startswith(start) and key != f"{name}._"]
    old = before if isinstance(before, list) else []
    if set(ticked) == {code for code in old if isinstance(code, str)}:
        return before
    kept = [code for code in old if code in ticked]
    return kept + [code for code in ticked if code not in kept]


def show_line(value: Any) -> str:
    """Numbers on a line."""
    return ", ".join(shown(one) for one in value) if isinstance(value, list) else ""


def read_line(text: str | None, before: Any, make: Callable[[str], Any]) -> Any:
    """The same, read."""
    if text is None or typed(text) == show_line(before):
        return before
    return [make(part) for part in _LIST.split(typed(text)) if part] or MISSING


MOST_RANKS = 60


def show_ranked(name: str, value: Any) -> dict[str, str]:
    """Codes in order, a field each; an empty one follows them."""
    listed = value if isinstance(value, list) else []
    return {f"{name}.{i}": shown(code) for i, code in enumerate(listed[:MOST_RANKS])}


def read_ranked(form: Form, name: str, before: Any) -> Any:
    """The codes chosen, in order; those left empty are skipped."""
    asked = [key for i in range(MOST_RANKS) if (key := f"{name}.{i}") in form]
    found = [text for key in asked if (text := typed(form[key]))]
    if not asked or found == before:
        return before
    return found or MISSING


def show_lines(value: Any) -> str:
    """Texts, one a line."""
    return "\n".join(shown(one) for one in value) if isinstance(value, list) else ""


def read_lines(text: str | None, before: Any) -> Any:
    """The same, read."""
    if text is None or typed(text) == typed(show_lines(before)):
        return before
    return [line.strip() for line in typed(text).split("\n") if line.strip()] or MISSING


def show_words(name: str, value: Any) -> dict[str, str]:
    """Words in both languages."""
    found = value if isinstance(value, Mapping) else {}
    return {f"{name}.{lang}": show("text", found.get(lang, MISSING)) for lang in _WORDS}


def read_words(form: Form, name: str, before: Any) -> Any:
    """The same, read; nothing when neither is written."""
    old = dict(before) if isinstance(before, Mapping) else {}
    found = dict(old)
    for lang in _WORDS:
        place(found, lang, read("text", form.get(f"{name}.{lang}"), old.get(lang, MISSING)))
    if found == old:
        return before
    return found or MISSING


def place(mapping: dict[str, Any], key: str, value: Any) -> None:
    """Write a value under its key, or take the key away."""
    if value is MISSING:
        mapping.pop(key, None)
    else:
        mapping[key] = value
