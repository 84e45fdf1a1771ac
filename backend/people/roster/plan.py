"""What the lines of a sheet would do to an organisation's members, and what is wrong, cell by cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from ...core import secrets
from ...core.errors import FieldError, problem
from ...core.folding import fold, words
from ..identifiers import latin_digits, read_cin
from ..models import Member, Sex
from ..schemas import MemberIn
from .headers import HEADERS, OFFICE_WORDS, SEX_WORDS
from .table import columns, plain

IMPORT_COLUMNS = problem("import_columns", 422)
IMPORT_EMPTY = problem("import_empty", 422)
IMPORT_TOO_MANY = problem("import_too_many", 422)
MOST_MEMBERS = 2000
NEEDED = ("name", "sex", "birth_year")
FORMULA = "\x00formula"
"""What the reader puts where a cell holds a formula: its result is not hers to promise."""
ERROR = "\x00error"


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be kept: `field.<code>` says what to do. What was typed is not repeated."""

    line: int
    cell: str
    column: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Planned:
    """A sound line: the member she is already, if she is, and the columns that change."""

    line: int
    given: MemberIn
    member: Member | None = None
    changes: tuple[str, ...] = ()
    doubtful: bool = False


@dataclass(frozen=True)
class Plan:
    """All the lines of a sheet, each in one of these."""

    added: list[Planned] = field(default_factory=list)
    changed: list[Planned] = field(default_factory=list)
    unchanged: list[Planned] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def doubtful(self) -> list[Planned]:
        return [line for line in (*self.added, *self.changed, *self.unchanged) if line.doubtful]


def plan(
    rows: Sequence[Sequence[object]], members: Sequence[Member], year: int, ages: tuple[int, int]
) -> Plan:
    """Compare the lines with who is there. `year` is this one, `ages` the youngest and the oldest.

    A member is found by the number of her card, else by her name and year of birth, else by her name when
    nobody else bears it. Raises the problem of a sheet that is not a list of members.
    """
    top, places = columns(rows, HEADERS, NEEDED, key="name", empty=IMPORT_EMPTY, unnamed=IMPORT_COLUMNS)
    found, known, seen = Plan(), _Known(members), dict[str, int]()
    for number, row in enumerate(rows[top + 1 :], start=top + 2):
        cells = {name: row[place] if place < len(row) else "" for name, place in places.items()}
        if not any(plain(cell) for cell in row):
            continue
        given, wrong = _read(cells, year, ages)
        if given is None:
            found.faults.extend(_at(number, places, error) for error in wrong)
            continue
        member = known.like(given)
        marks = _marks(given) | ({str(member.id)} if member else set())
        if twice := seen.keys() & marks:
            first = min(seen[mark] for mark in twice)
            said = {"line": number, "first": first}
            found.faults.append(_at(number, places, FieldError("name", "line_twice", said)))
            continue
        seen |= dict.fromkeys(marks, number)
        _sort(found, number, given, member)
    if not (found.added or found.changed or found.unchanged or found.faults):
        raise IMPORT_EMPTY()
    if len(members) + len(found.added) > MOST_MEMBERS:
        raise IMPORT_TOO_MANY(most=MOST_MEMBERS)
    return found


class _Known:
    """Those who are members already, to be found again."""

    def __init__(self, members: Sequence[Member]) -> None:
        self.by_card = {m.identity_digest: m for m in members if m.identity_digest}
        self.by_name: dict[str, list[Member]] = {}
        for member in members:
            self.by_name.setdefault(name_key(member.name), []).append(member)

    def like(self, given: MemberIn) -> Member | None:
        card = given.identity and self.by_card.get(secrets.digest(given.identity.get_secret_value()))
        if card:
            return card
        namesakes = self.by_name.get(name_key(given.name), [])
        same_year = [member for member in namesakes if member.birth_year == given.birth_year]
        if same_year:
            return same_year[0]
        return namesakes[0] if len(namesakes) == 1 and not given.identity else None


def name_key(text: str) -> str:
    """A name whatever the order of its words."""
    return " ".join(sorted(words(text)))


def _marks(given: MemberIn) -> set[str]:
    """What two lines of a sheet may not share."""
    found = {f"{name_key(given.name)} {given.birth_year}"}
    return found | ({secrets.digest(given.identity.get_secret_value())} if given.identity else set())


def _sort(found: Plan, line: int, given: MemberIn, member: Member | None) -> None:
    doubtful = given.identity is not None and read_cin(given.identity.get_secret_value()).doubtful
    if member is None:
        found.added.append(Planned(line, given, doubtful=doubtful))
        return
    changes = [name for name, value in given.columns().items() if getattr(member, name) != value]
    if given.identity and member.identity_digest != secrets.digest(given.identity.get_secret_value()):
        changes.append("identity")
    into = found.changed if changes else found.unchanged
    into.append(Planned(line, given, member, tuple(changes), doubtful))


def _read(
    cells: Mapping[str, object], year: int, ages: tuple[int, int]
) -> tuple[MemberIn | None, list[FieldError]]:
    """The line as the API would take it, or all that is wrong with it."""
    wrong = {name: FieldError(name, code) for name, cell in cells.items() if (code := _unusable(cell))}
    values: dict[str, Any] = {name: plain(cell) for name, cell in cells.items()}
    if "sex" not in wrong:
        values["sex"] = SEX_WORDS.get(fold(values["sex"]))
        if values["sex"] is None:
            wrong["sex"] = FieldError("sex", "sex_unreadable" if plain(cells["sex"]) else "missing")
    if "birth_year" not in wrong:
        values["birth_year"], refused_year = _year(cells["birth_year"], year, ages)
        wrong |= {"birth_year": refused_year} if refused_year else {}
    if office := values.get("office"):
        values["office"] = OFFICE_WORDS.get(fold(office), office)
    plausible: dict[str, Any] = {"name": "x", "sex": Sex.WOMAN, "birth_year": 1990}
    try:  # with something plausible in the place of what is known to be wrong
        given = MemberIn.model_validate(values | {name: plausible.get(name) for name in wrong})
    except ValidationError as refused:
        for error in refused.errors(include_url=False, include_input=False):
            said = _coded(error)
            wrong.setdefault(said.field, said)
        return None, list(wrong.values())
    return (None, list(wrong.values())) if wrong else (given, [])


def _coded(error: Any) -> FieldError:
    name, kind = str(error["loc"][0]), error["type"]
    if name == "name" and kind == "blank":
        return FieldError(name, "missing")
    kind = "string_too_long" if kind == "too_long" else kind
    context = {key: value for key, value in error.get("ctx", {}).items() if isinstance(value, int | str)}
    return FieldError(name, kind, context)


def _unusable(cell: object) -> str:
    return {FORMULA: "formula", ERROR: "cell_error"}.get(cell, "") if isinstance(cell, str) else ""


def _year(cell: object, year: int, ages: tuple[int, int]) -> tuple[int, FieldError | None]:
    """A year, or a day of birth of which only the year is kept."""
    if isinstance(cell, date | datetime):
        found = cell.year
    else:
        said = latin_digits(plain(cell))
        if not said:
            return 0, FieldError("birth_year", "missing")
        if not (said.isascii() and said.isdigit() and len(said) == 4):
            return 0, FieldError("birth_year", "year_unreadable")
        found = int(said)
    low, high = year - ages[1], year - ages[0]
    if not low <= found <= high:
        return 0, FieldError("birth_year", "birth_year_implausible", {"low": low, "high": high})
    return found, None


def _at(line: int, places: Mapping[str, int], error: FieldError) -> Fault:
    place = places.get(error.field, 0)
    return Fault(line, f"{_letter(place)}{line}", error.field, error.code, error.params)


def _letter(place: int) -> str:
    return chr(ord("A") + place) if place < 26 else _letter(place // 26 - 1) + _letter(place % 26)
