"""Seats from a sheet: what each line would give, what is wrong cell by cell, and the sheet to fill.

One line a seat. A line of somebody who sits already under a mandate that meets this one changes nothing.
Nothing is saved while a cell is wrong, and the composition is judged once, with all the lines.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from ..core.calendar import local
from ..core.errors import FieldError, problem
from ..core.folding import fold
from ..core.i18n import LANGUAGES, codes, label
from ..core.tx import Tx
from ..people.identifiers import latin_digits
from ..people.roster.headers import SEX_WORDS
from ..people.roster.plan import ERROR, FORMULA, Fault, name_key
from ..people.roster.table import columns, plain
from .models import College, Committee
from .queries import every_seat
from .schemas import SeatIn
from .seated import report_on
from .seating import broken, holder_of, place, terms_of

SEATS_COLUMNS = problem("seats_columns", 422)
SEATS_EMPTY = problem("seats_empty", 422)
COLUMNS = (
    "name_fr", "name_ar", "college", "body_fr", "body_ar", "from_on", "until_on", "chairs", "votes",
    "alternate_of", "seat_sex", "seat_birth_year", "email",
)  # fmt: skip
NEEDED = ("name_fr", "name_ar", "college", "body_fr", "body_ar", "from_on")
_YES = {fold(word) for word in ("oui", "yes", "x", "1", "نعم")}
_NO = {fold(word) for word in ("non", "no", "0", "لا")}
_FIELDS = {
    "member.fr": "name_fr",
    "member.ar": "name_ar",
    "member.email": "email",
    "body.fr": "body_fr",
    "body.ar": "body_ar",
    "sex": "seat_sex",
    "birth_year": "seat_birth_year",
}


@codes
def column_codes() -> list[str]:
    """Headers of the sheet."""
    return [f"column.{name}" for name in COLUMNS]


def headers() -> dict[str, str]:
    """The header of each column in both languages, as it folds."""
    return {fold(label(lang, f"column.{name}")): name for lang in LANGUAGES for name in COLUMNS}


def _college_words() -> dict[str, College]:
    found = {fold(label(lang, f"enum.college.{one}")): one for lang in LANGUAGES for one in College}
    return found | {fold(one.value): one for one in College}


@dataclass(frozen=True)
class Planned:
    """A sound line: the seat that it gives, and under whose name it stands in for somebody."""

    line: int
    given: SeatIn
    alternate_of: str = ""


@dataclass(frozen=True)
class Plan:
    """Every line of a sheet, in one of these."""

    added: list[Planned] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def lines(self) -> int:
        return len(self.added) + len(self.unchanged) + len({fault.line for fault in self.faults})


def check_seats(tx: Tx, committee_id: UUID, rows: Sequence[Sequence[object]]) -> Plan:
    """What `import_seats` would do; nothing is written."""
    tx.get(Committee, committee_id, "committee.edit")
    tx.recorded = True
    return _plan(tx, committee_id, rows)


def import_seats(tx: Tx, committee_id: UUID, rows: Sequence[Sequence[object]]) -> Plan:
    """Give every seat of the sheet, titular ones first, or none: while a cell is wrong nothing is saved."""
    committee = tx.get(Committee, committee_id, "committee.edit")
    plan = _plan(tx, committee_id, rows)
    if plan.faults or not plan.added:
        tx.recorded = True  # looked at, nothing written
        return plan
    today = local(tx.now).date()
    before = report_on(tx, committee_id, today)
    known = {name_key(_of(one.named)): one.seat.id for one in every_seat(tx, committee_id)}
    for line in sorted(plan.added, key=lambda one: bool(one.alternate_of)):
        given = line.given
        if line.alternate_of:
            given = given.model_copy(update={"alternate_of_id": known[name_key(line.alternate_of)]})
        seat = place(tx, committee, holder_of(given), terms_of(given))
        known[name_key(given.member.fr if given.member else "")] = seat.id
        tx.emit("seat.added", committee, seat=str(seat.id), person=str(seat.person_id), college=seat.college)
    broken(before, report_on(tx, committee_id, today))
    return plan


def _of(named: Mapping[str, str] | str) -> str:
    return named if isinstance(named, str) else named.get("fr", "")


def _plan(tx: Tx, committee_id: UUID, rows: Sequence[Sequence[object]]) -> Plan:
    top, places = columns(rows, headers(), NEEDED, key="name_fr", empty=SEATS_EMPTY, unnamed=SEATS_COLUMNS)
    seated = every_seat(tx, committee_id)
    titular = {name_key(_of(one.named)) for one in seated if one.seat.alternate_of_id is None}
    found, seen = Plan(), dict[str, int]()
    for number, row in enumerate(rows[top + 1 :], start=top + 2):
        cells = {name: row[at] if at < len(row) else "" for name, at in places.items()}
        if not any(plain(cell) for cell in row):
            continue
        given, wrong = _read(cells)
        key = name_key(plain(cells["name_fr"]))
        if given and key in seen:
            wrong = [FieldError("name_fr", "line_twice", {"line": number, "first": seen[key]})]
        seen.setdefault(key, number)
        if wrong or given is None:
            found.faults.extend(_at(number, places, error) for error in wrong)
            continue
        if any(name_key(_of(one.named)) == key and _meets(one.seat, given) for one in seated):
            found.unchanged.append(number)
            continue
        stands_for = plain(cells.get("alternate_of", ""))
        if not stands_for:
            titular.add(key)
        found.added.append(Planned(number, given, stands_for))
    for line in [one for one in found.added if one.alternate_of]:
        if name_key(line.alternate_of) not in titular:
            found.faults.append(_at(line.line, places, FieldError("alternate_of", "unknown_titular")))
            found.added.remove(line)
    if not found.lines:
        raise SEATS_EMPTY()
    return found


def _meets(seat: Any, given: SeatIn) -> bool:
    """The two mandates share a day."""
    starts = seat.until_on is None or seat.until_on >= given.from_on
    return starts and (given.until_on is None or seat.from_on <= given.until_on)


def _read(cells: Mapping[str, object]) -> tuple[SeatIn | None, list[FieldError]]:
    """The line as the API would take it, or all that is wrong with it."""
    unusable = {FORMULA: "formula", ERROR: "cell_error"}
    wrong = [
        FieldError(name, unusable[cell])
        for name, cell in cells.items()
        if isinstance(cell, str) and cell in unusable
    ]
    if wrong:
        return None, wrong
    values, wrong = _values(cells, {name: plain(cell) for name, cell in cells.items()})
    try:
        given = SeatIn.model_validate(values)
    except ValidationError as refused:
        return None, [*wrong, *(_coded(error) for error in refused.errors(include_url=False))]
    if given.until_on and given.until_on < given.from_on:
        wrong.append(FieldError("until_on", "ends_before_start"))
    return (None, wrong) if wrong else (given, [])


def _values(cells: Mapping[str, object], said: Mapping[str, str]) -> tuple[dict[str, Any], list[FieldError]]:
    """What the cells say in the shape of the schema, and what of it cannot be read."""
    wrong: list[FieldError] = []
    values: dict[str, Any] = {
        "member": {"fr": said["name_fr"], "ar": said["name_ar"], "email": said.get("email", "")},
        "body": {"fr": said["body_fr"], "ar": said["body_ar"]},
        "college": _college_words().get(fold(said["college"]), said["college"]),
    }
    for name in ("from_on", "until_on"):
        if said.get(name):
            found = _day(cells[name])
            wrong += [] if found else [FieldError(name, "date_unreadable")]
            values[name] = found or "2000-01-01"
    for name in ("chairs", "votes"):
        if folded := fold(said.get(name, "")):
            wrong += [] if folded in _YES | _NO else [FieldError(name, "yes_or_no")]
            values[name] = folded in _YES
    if said.get("seat_sex"):
        values["sex"] = SEX_WORDS.get(fold(said["seat_sex"]))
        wrong += [] if values["sex"] else [FieldError("seat_sex", "sex_unreadable")]
    if said.get("seat_birth_year"):
        values["birth_year"] = _year(cells["seat_birth_year"])
    return values, wrong


def _coded(error: Any) -> FieldError:
    path = ".".join(str(part) for part in error["loc"])
    name = _FIELDS.get(path, path)
    kind = error["type"]
    if kind in ("string_too_short", "blank", "missing"):
        return FieldError(name, "missing")
    known = {"enum": "college_unreadable", "int_parsing": "year_unreadable", "email": "email"}
    if kind in ("greater_than_equal", "less_than_equal"):
        return FieldError(name, "year_unreadable")
    return FieldError(name, known.get(kind, "invalid"))


def _day(cell: object) -> date | None:
    """A day as spreadsheets hold one, as `2024-01-05`, or as `05/01/2024`."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    said = latin_digits(plain(cell))
    for shape in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(said[:10], shape).date()  # noqa: DTZ007 (a day has no hour)
        except ValueError:
            continue
    return None


def _year(cell: object) -> str:
    return str(cell.year) if isinstance(cell, date) else latin_digits(plain(cell))


def _at(line: int, places: Mapping[str, int], error: FieldError) -> Fault:
    at = places.get(error.field, 0)
    return Fault(line, f"{chr(ord('A') + at)}{line}", error.field, error.code, error.params)
