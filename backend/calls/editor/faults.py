"""Where each fault of a draft is mended: its page, and the field on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from backend.core.i18n import codes, label

from ..callfile import Issue
from .spec import BY_CODE, section_of

EMPTY = ("value_", "money", "ratio", "date", "local_time", "list_expected")
_INDEX = re.compile(r"\[(\d+)\]")


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
        return self.issue.params.get("value") in ("", "[…]") and self.issue.code.startswith(EMPTY)

    def said(self, lang: str) -> str:
        """What is wrong, as the pages say it."""
        return label(lang, "edit.fault.empty") if self.empty else self.issue.message(lang)

    @property
    def page(self) -> str:
        """The end of the page's address."""
        return self.section if self.item is None else f"{self.section}/{self.item}"


def dotted(path: str) -> str:
    """`rules[2].check` as names of fields are written: `rules.2.check`."""
    return _INDEX.sub(r".\1", path)


def located(issues: Iterable[Issue]) -> list[Fault]:
    """Every fault with its page."""
    return [_located(issue) for issue in issues]


def _located(issue: Issue) -> Fault:
    path = dotted(issue.path)
    section = section_of(tuple(path.split("."))) if path else "text"
    listed = BY_CODE[section].listed if section in BY_CODE else None
    item = None
    if listed and path.startswith(f"{listed.key}."):
        first = path[len(listed.key) + 1 :].partition(".")[0]
        item = int(first) if first.isascii() and first.isdigit() else None
    return Fault(issue, path, section, item)


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
    """Words of what is not a fault but not written yet."""
    return ["edit.fault.empty"]
