"""A sheet's cells, whatever it lists: their text, where columns are, rows on their way to the next step."""

import base64
import json
import zlib
from collections.abc import Mapping, Sequence

from ...core.errors import INVALID, FieldError, ProblemType
from ...core.folding import fold

Rows = list[list[object]]
MOST_UNPACKED = 4_000_000


def plain(cell: object) -> str:
    """A cell as it is read aloud: 1990.0 is 1990."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def scalar(cell: object) -> object:
    """As JSON carries it."""
    return cell if isinstance(cell, str | int | float) or cell is None else str(cell)


def columns(
    rows: Sequence[Sequence[object]],
    headers: Mapping[str, str],
    needed: Sequence[str],
    *,
    key: str,
    empty: ProblemType,
    unnamed: ProblemType,
) -> tuple[int, dict[str, int]]:
    """The line of the headers, among the first ten, and where each column is.

    The column `key` tells that line apart. Raises `unnamed` with the missing columns, or `empty`.
    """
    for top, row in enumerate(rows[:10]):
        places: dict[str, int] = {}
        for place, cell in enumerate(row):
            name = headers.get(fold(plain(cell)))
            if name:
                places.setdefault(name, place)
        if key in places:
            missing = [name for name in needed if name not in places]
            if missing:
                raise unnamed(missing=[f"column.{name}" for name in missing])
            return top, places
    if not any(plain(cell) for row in rows for cell in row):
        raise empty()
    raise unnamed(missing=[f"column.{name}" for name in needed])


def packed(rows: Rows) -> str:
    """The rows on their way to the next step of a form."""
    return base64.b64encode(zlib.compress(json.dumps(rows, ensure_ascii=False).encode(), 9)).decode()


def unpacked(kept: str) -> Rows:
    """The rows of the step before, read as if they came from anybody: `invalid` when they are none."""
    try:
        sent = base64.b64decode(kept.encode(), validate=True)
        rows = json.loads(zlib.decompressobj().decompress(sent, MOST_UNPACKED))
    except (ValueError, zlib.error, RecursionError):
        raise INVALID([FieldError("file", "missing")]) from None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise INVALID([FieldError("file", "missing")])
    return rows
