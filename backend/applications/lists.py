"""Lists that officers send as a spreadsheet: their rows, their cells read one by one, what is wrong.

The reader of files is that of members' lists (people/roster): nothing of a file is trusted, computed or run.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from ..core.errors import FieldError, Problem, ProblemType
from ..people.roster import reader
from ..people.roster.plan import ERROR, FORMULA, IMPORT_TOO_MANY, Fault
from ..people.roster.table import Rows, columns, plain, scalar, unpacked

UNUSABLE = {FORMULA: "formula", ERROR: "cell_error"}
Line = tuple[int, dict[str, object]]
"""The number of a line in the sheet, its cells by column."""


def rows_of(content: bytes, too_many: Problem) -> Rows:
    """The rows of a file that was sent; `too_many` says how long such a list may be."""
    try:
        rows = reader.cells(content)
    except Problem as refused:
        raise (too_many if refused.code == IMPORT_TOO_MANY.code else refused) from None
    return [[_scalar(cell) for cell in row] for row in rows]


def rows_again(kept: str) -> Rows:
    """The rows that were shown, within the bounds of a sheet: they come from the form, as from anybody."""
    return [
        [scalar(cell) for cell in row[: reader.MOST_COLUMNS]] for row in unpacked(kept)[: reader.MOST_ROWS]
    ]


def lines(
    rows: Sequence[Sequence[object]],
    headers: Mapping[str, str],
    needed: Sequence[str],
    *,
    key: str,
    empty: ProblemType,
    unnamed: ProblemType,
) -> tuple[dict[str, int], list[Line]]:
    """Where each column is, and the lines that say something; refused when there is none."""
    top, places = columns(rows, headers, needed, key=key, empty=empty, unnamed=unnamed)
    found = [
        (number, {name: row[place] if place < len(row) else "" for name, place in places.items()})
        for number, row in enumerate(rows[top + 1 :], start=top + 2)
        if any(plain(cell) for cell in row)
    ]
    if not found:
        raise empty()
    return places, found


def cell_reader(cells: Mapping[str, object], wrong: list[FieldError]) -> Callable[[str, Any], Any]:
    """Reads one cell with a function; what it refuses (ValueError) joins `wrong` and gives None."""

    def read(name: str, how: Any) -> Any:
        cell = cells.get(name, "")
        if isinstance(cell, str) and cell in UNUSABLE:
            wrong.append(FieldError(name, UNUSABLE[cell]))
            return None
        try:
            return how(cell)
        except ValueError as refused:
            wrong.append(FieldError(name, getattr(refused, "code", str(refused))))
            return None

    return read


def words(cell: object, most: int, *, needed: bool = True) -> str:
    """Text on one line, without marks that turn the direction of what follows."""
    said = re.sub(r"[\x00-\x1f\u200e\u200f\u202a-\u202e\u2066-\u2069]+", " ", plain(cell)).strip()
    if not said and needed:
        raise ValueError("missing")
    if len(said) > most:
        raise ValueError("cell_too_long")
    return said


def key_of(cell: object) -> str:
    """What a cell names, to be looked up: nothing when it holds a formula, an error, or what no key holds."""
    said = plain(cell)
    return "" if "\x00" in said else said


def fault(line: int, places: Mapping[str, int], error: FieldError) -> Fault:
    """The cell that is wrong; of a column that the sheet does not have, its first cell."""
    place = min(places.get(error.field, 0), 25)
    return Fault(line, f"{chr(ord('A') + place)}{line}", error.field, error.code, error.params)


def _scalar(cell: object) -> object:
    return cell.isoformat() if isinstance(cell, date | datetime) else scalar(cell)
