"""One page of the editor at one moment: what it asks, what stands there, what was typed, what is wrong."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from pydantic import ValidationError

from backend.core.errors import NOT_FOUND, Problem

from ..callfile import CallFile, CallFileInvalid, Issue
from ..callfile.cautions import cautions
from ..callfile.hidden import forbidden
from ..callfile.models import Grid
from ..rules.facts import CATALOGUE, Fact
from ..rules.values import ValueIssue, read_ratio
from ..rules.vocabulary import Namer
from . import acts, form, options
from .draft import Draft
from .faults import Fault, field_of, located
from .preview import Line, lines, readable, rule_line
from .spec import BY_CODE, SECTIONS, Field, Section
from .text import data_of, document, dump

LANGUAGES = ("fr", "ar")
MAKE_UP = frozenset({"mode", "kind", "fact", "op", "n", "was", "shape", "by", "of", "sign", "rule", "unit"})
"""Last parts of the names of fields that say which other fields there are."""


@dataclass
class Sheet:
    """A page (`section`) or a page of one item of its list. `data` is the whole call, typed fields put in."""

    draft: Draft
    section: Section
    item: int | None
    data: dict[str, Any]
    shown: dict[str, str] = field(default_factory=dict)
    seen: str = ""
    refused: dict[str, Issue] = field(default_factory=dict)

    @property
    def owner(self) -> Field | None:
        """The list of whose item this is the page."""
        return self.section.listed if self.item is not None else None

    @property
    def base(self) -> str:
        return f"{self.owner.key}.{self.item}." if self.owner else ""

    @property
    def fields(self) -> tuple[Field, ...]:
        return self.owner.fields if self.owner else self.section.fields

    @property
    def container(self) -> dict[str, Any]:
        """What the fields are read from and written to. Raises NOT_FOUND for an item that is not there."""
        if self.owner is None:
            return self.data
        found = acts.find(self.data, acts.place_of(self.base[:-1]))
        if not isinstance(found, dict):
            raise NOT_FOUND(thing="call")
        return found

    @property
    def path(self) -> str:
        """The page's address."""
        end = self.section.code if self.item is None else f"{self.section.code}/{self.item}"
        return f"/das/calls/{self.draft.call.id}/edit/{end}"

    @property
    def following(self) -> str:
        """The page that comes next: the list of an item, then the next section, then the overview."""
        start = f"/das/calls/{self.draft.call.id}/edit"
        if self.item is not None:
            return f"{start}/{self.section.code}"
        codes = [section.code for section in SECTIONS]
        rest = codes[codes.index(self.section.code) + 1 :]
        return f"{start}/{rest[0]}" if rest else start

    def show(self) -> None:
        """Show the data; remember what is seen."""
        self.shown = form.show(self.fields, self.container, self.base)
        self.seen = form.mark(self.shown)

    def take(self, typed: Mapping[str, str]) -> bool:
        """Put what was typed into the data; whether the page had not changed since it was shown."""
        fresh = typed.get("seen", self.seen) == self.seen
        for name, text in typed.items():
            if bad := forbidden(text):
                self.refused[name] = Issue("<call>", 0, 0, name, "bad_character", {"character": bad})
        form.read(self.fields, self.container, typed, self.base)
        self.shown = form.show(self.fields, self.container, self.base)
        return fresh

    def reread(self, typed: Mapping[str, str]) -> None:
        """Show what was typed as it was typed, for a page given back; its make-up stays as it was read."""
        kept = {name: text for name, text in typed.items() if name in self.shown}
        self.shown |= {name: text for name, text in kept.items() if name.rpartition(".")[2] not in MAKE_UP}

    def fact(self, code: str) -> Fact:
        """A fact of the catalogue, for the fields of a comparison."""
        return CATALOGUE[code]

    def bound(self, owner: Field | None, asked: Field) -> str:
        """Why an erratum may not change this field, or only one way; empty when it may."""
        key = f"{owner.key}.{asked.key}" if owner else asked.key
        return self.draft.amends.bounds().get(key, "") if self.draft.amends else ""

    @property
    def amount(self) -> Fact:
        """The fact that the cap of the grant limits."""
        return form.AMOUNT

    def head(self, lang: str) -> str:
        """The item's own name, as the page's title."""
        if self.item is None:
            return ""
        words = self.container.get("title", self.container.get("label"))
        said = words.get(lang) if isinstance(words, dict) else None
        return said if isinstance(said, str) else ""

    def text(self) -> str:
        """The text that the data make; raises CallFileInvalid for what could not be opened again."""
        source = dump(self.data)
        document(source)
        return source


def opened(draft: Draft, section: str, item: int | None) -> Sheet:
    """The page of a section or item; NOT_FOUND when there is none, CallFileInvalid for an unreadable text."""
    found = BY_CODE.get(section)
    if found is None or (item is not None and found.listed is None):
        raise NOT_FOUND(thing="call")
    sheet = Sheet(draft, found, item, data_of(draft.source))
    sheet.show()
    return sheet


@dataclass(frozen=True)
class Reading:
    """What a page says in both languages, and its faults by field and for the whole page."""

    words: dict[str, list[Line]]
    faults: list[tuple[str, Fault]]
    others: int
    of_items: Counter[int]
    cautions: list[tuple[str, Fault]]
    stale: bool  # whether something shown is that of the last readable text

    def of(self, name: str) -> list[Fault]:
        """The faults of one field."""
        return [fault for at, fault in self.faults if at == name]


def reading(sheet: Sheet, base: Any) -> Reading:
    """The words and faults of the data as they stand on this page; `base` is the last valid call."""
    file, issues = readable(sheet.data, base)
    unread = {fault.section for fault in located(issues)}
    issues = (*sheet.refused.values(), *issues, *_unfair(sheet, file, unread))
    everything = located(issues)
    here = [fault for fault in everything if fault.belongs(sheet.section.code, sheet.item)]
    places = [(field_of(fault.path, sheet.shown), fault) for fault in here]
    words = {lang: lines(sheet.data, file, sheet.section.code, sheet.item, lang) for lang in LANGUAGES}
    inside = Counter(
        one.item for one in everything if one.section == sheet.section.code and one.item is not None
    )
    elsewhere = len(everything) - len(here) - (0 if sheet.item is not None else inside.total())
    warned = [one for one in located(cautions(file) if file else ()) if one.section not in unread]
    mine = [
        (field_of(one.path, sheet.shown), one)
        for one in warned
        if one.belongs(sheet.section.code, sheet.item)
    ]
    stale = sheet.section.code in unread and sheet.section.code != "rules"
    return Reading(words, places, elsewhere, inside, mine, stale)


def _unfair(sheet: Sheet, file: CallFile | None, unread: set[str]) -> list[Issue]:
    """What the erratum may not change so, where it can be read: a list short of an item is not compared."""
    if sheet.draft.amends is None or file is None:
        return []
    if unread and (grid := _whole_grid(sheet, file)):
        file, unread = file.model_copy(update={"grid": grid}), unread - {"grid"}
    found = sheet.draft.amends.issues(file)
    return [one.issue for one in located(found) if one.section not in unread]


def _whole_grid(sheet: Sheet, file: CallFile) -> Grid | None:
    """The grid as it is typed, when it can be read although it does not add up yet; as many criteria."""
    try:
        grid = Grid.model_validate_json(json.dumps(sheet.data.get("grid")))
    except (ValidationError, ValueError, TypeError):
        return None
    return grid if len(grid.criteria) == len(file.grid.criteria) else None


def links(draft: Draft, faults: Sequence[Fault]) -> list[tuple[str, Fault]]:
    """Each fault with the address of its field."""
    start, names = f"/das/calls/{draft.call.id}/edit", dict[str, dict[str, str]]()
    found = []
    for fault in faults:
        if fault.section not in BY_CODE:
            found.append((f"{start}/text", fault))
            continue
        if fault.page not in names:
            names[fault.page] = _names(draft, fault)
        at = field_of(fault.path, names[fault.page])
        found.append((f"{start}/{fault.page}" + (f"#{at}" if at else ""), fault))
    return found


def _names(draft: Draft, fault: Fault) -> dict[str, str]:
    try:
        return opened(draft, fault.section, fault.item).shown
    except (Problem, CallFileInvalid):  # an item that is no item, a text that cannot be read
        return {}


def totals(sheet: Sheet) -> tuple[str, int] | None:
    """What must add up to 100 on this page, and what it adds up to (in hundredths for shares)."""
    if sheet.section.code == "grid":
        criteria = form.at(sheet.data, "grid.criteria")
        weights = (
            [one.get("weight") for one in criteria if isinstance(one, dict)]
            if isinstance(criteria, list)
            else []
        )
        return "weights", sum(one for one in weights if type(one) is int and 0 <= one <= 1000)
    if sheet.section.code != "tranches":
        return None
    total = Fraction(0)
    tranches = sheet.data.get("tranches")
    for one in tranches if isinstance(tranches, list) else []:
        try:
            total += read_ratio(one.get("share") if isinstance(one, dict) else None)
        except ValueIssue:
            continue
    return "shares", round(total * 100)


def rule_lines(sheet: Sheet, lang: str) -> list[Line]:
    """Each item of the page's list in words, for the list itself."""
    listed = sheet.section.listed
    found = form.at(sheet.data, listed.key) if listed else None
    namer = sheet.draft.file.namer if sheet.draft.file else None
    return [item_line(item, sheet, namer, lang) for item in found] if isinstance(found, list) else []


def item_line(item: Any, sheet: Sheet, namer: Namer | None, lang: str) -> Line:
    """A rule by its title and sentence, a document by its name, a criterion with its weight and section."""
    if sheet.section.code == "rules":
        return rule_line(item, namer, lang)
    words = item.get("label") if isinstance(item, dict) else None
    name = words.get(lang) if isinstance(words, dict) else None
    told = []
    if sheet.section.code == "grid" and isinstance(item, dict):
        told += [f"{weight} %"] if type(weight := item.get("weight")) is int else []
        told += [
            said
            for code, said in options.of_grid("sections", sheet.data, lang)
            if code == item.get("section")
        ]
    return Line(" · ".join(told), name if isinstance(name, str) else "")
