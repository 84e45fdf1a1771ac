"""Where each fault of a draft is mended: its page, and the field on it, in the words of its label."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from backend.core.i18n import codes, label

from ..callfile import Issue
from ..rules.facts import CATALOGUE
from ..rules.values import colon
from .naming import place_words
from .spec import BY_CODE, section_of

EMPTY = ("value_", "money", "ratio", "date", "local_time", "list_expected")
_INDEX = re.compile(r"\[(\d+)\]")
_SAID = {
    "missing_field": "empty",
    "mapping_expected": "empty",
    "text": "empty",
    "missing_translation": "translation",
    "money": "money",
    "value_money": "money",
    "ratio": "share",
    "value_ratio": "share",
    "date": "date",
    "value_date": "date",
    "local_time": "hour",
    "number": "number",
    "value_count": "number",
    "list_expected": "list",
}
"""Faults that a page says otherwise than the file: there a field has its unit, and no name of its own."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault at its place: the page's code, the item's position when it has a page of its own."""

    issue: Issue
    path: str
    section: str
    item: int | None

    def belongs(self, section: str, item: int | None) -> bool:
        """Whether the page is where it is mended."""
        return self.section == section and self.item == item

    @property
    def empty(self) -> bool:
        """Whether the fault is only that nothing is written yet."""
        nothing = self.issue.params.get("value") in ("", "[…]") and self.issue.code.startswith(EMPTY)
        return nothing or _SAID.get(self.issue.code) == "empty"

    def said(self, lang: str) -> str:
        """What is wrong, as the pages say it."""
        if self.empty:
            return label(lang, "edit.fault.empty")
        if self.section in BY_CODE and self.issue.code in _SAID:
            return label(lang, f"edit.fault.{_SAID[self.issue.code]}")
        return _named(self.issue, lang).message(lang)

    def place(self, lang: str) -> str:
        """The field by its label, after the item that it is of; empty when only the text has it."""
        return place_words(self.path, lang)

    def sentence(self, lang: str) -> str:
        """« Critère 2, poids : … »."""
        place, said = self.place(lang), self.said(lang)
        return f"{place}{colon(lang)}{said}" if place else f"{said[:1].upper()}{said[1:]}"

    def on_its_page(self, lang: str) -> str:
        """« Grille d’évaluation – Critère 2, poids : … », for lists of the whole call."""
        page = f"{label(lang, f'edit.section.{self.section}')} – " if self.section in BY_CODE else ""
        return page + self.sentence(lang)

    @property
    def page(self) -> str:
        """The end of the page's address."""
        return self.section if self.item is None else f"{self.section}/{self.item}"


def _named(issue: Issue, lang: str) -> Issue:
    """The issue with names of fields and facts as people read them."""
    params = dict(issue.params)
    for key in ("field", "other"):
        params |= {key: named} if (named := place_words(params.get(key, ""), lang)) else {}
    if params.get("fact") in CATALOGUE:
        params["fact"] = CATALOGUE[params["fact"]].label(lang)
    return Issue(issue.file, issue.line, issue.column, issue.path, issue.code, params, issue.allowed)


def dotted(path: str) -> str:
    """`rules[2].check` as names of fields are written: `rules.2.check`."""
    return _INDEX.sub(r".\1", path)


def located(issues: Iterable[Issue]) -> list[Fault]:
    """Every fault with its page."""
    return [_located(issue) for issue in issues]


def _located(issue: Issue) -> Fault:
    path = dotted(issue.path)
    return Fault(issue, path, *page_of(path))


def page_of(path: str) -> tuple[str, int | None]:
    """The page that asks for the dotted path: its section, the item when it has a page of its own."""
    section = section_of(tuple(path.split("."))) if path else "text"
    listed = BY_CODE[section].listed if section in BY_CODE else None
    if listed and path.startswith(f"{listed.key}."):
        first = path[len(listed.key) + 1 :].partition(".")[0]
        return section, int(first) if first.isascii() and first.isdigit() else None
    return section, None


def field_of(path: str, names: Mapping[str, str]) -> str:
    """The field of the page nearest to the path: itself, or what contains it; empty when there is none."""
    places = {name for full in names for name in _prefixes(full)}
    parts = path.split(".")
    for length in range(len(parts), 0, -1):
        for candidate in _spellings(parts[:length]):
            if candidate in places:
                return candidate
    return ""


def _prefixes(name: str) -> Iterable[str]:
    parts = name.split(".")
    return (".".join(parts[:length]) for length in range(1, len(parts) + 1))


def _spellings(parts: list[str]) -> Iterable[str]:
    """As the file says it, then as conditions name their parts (`check.all.0` is `check.0` there)."""
    yield ".".join(parts)
    yield ".".join(part for part in parts if part not in ("all", "any"))
    yield ".".join("0" if part == "not" else part for part in parts if part not in ("all", "any"))


@codes
def fault_codes() -> list[str]:
    """Words of faults as the pages say them."""
    return [f"edit.fault.{code}" for code in dict.fromkeys(_SAID.values())]
