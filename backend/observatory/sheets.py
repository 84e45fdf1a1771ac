"""Long tables as Excel or CSV: written row by row to a temporary file, counted, harmless when opened.

Memory does not grow with the rows. The number of rows stands in the last line, in the file's name and in a
header, so that nobody takes a cut file for a whole one.
"""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any

from starlette.responses import StreamingResponse

from ..core.calendar import local
from .exports import _chunks, dirhams, safe

KINDS = ("text", "number", "money", "points", "moment")
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FORMATS = {
    "money": {"num_format": "#,##0.00"},
    "points": {"num_format": "0.00"},
    "moment": {"num_format": "dd/mm/yyyy hh:mm"},
}
WIDTHS = {"text": 26, "number": 10, "money": 16, "points": 10, "moment": 17}


@dataclass(frozen=True)
class Column:
    """A heading in the reader's language, and what stands under it (centimes, hundredths of points)."""

    head: str
    kind: str = "text"


@dataclass(frozen=True)
class Table:
    """A table to be written; `rows` are read once, while their transaction is open."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    closing: Callable[[int], str]  # the last line, from the number of rows
    rtl: bool = False


def answer(table: Table, kind: str) -> StreamingResponse:
    """The download `name-<rows>.<kind>`; its length and its number of rows are told before it leaves."""
    file: IO[bytes] = TemporaryFile()  # noqa: SIM115 (closed once it is sent)
    try:
        count = (_excel if kind == "xlsx" else _csv)(file, table)
    except BaseException:
        file.close()
        raise
    length = file.seek(0, io.SEEK_END)
    file.seek(0)
    headers = {
        "content-disposition": f'attachment; filename="{table.name}-{count}.{kind}"',
        "content-length": str(length),
        "x-row-count": str(count),
        "cache-control": "private, no-store",
    }
    return StreamingResponse(_chunks(file), media_type=TYPES[kind], headers=headers)


def _csv(file: IO[bytes], table: Table) -> int:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    text.write("\ufeff")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([safe(column.head) for column in table.columns])
    makers = [_PLAIN[column.kind] for column in table.columns]
    count = 0
    for row in table.rows:
        writer.writerow([make(cell) for make, cell in zip(makers, row, strict=True)])
        count += 1
    writer.writerow([table.closing(count)])
    text.flush()
    text.detach()
    return count


def _excel(file: IO[bytes], table: Table) -> int:
    """One sheet; text cells are strings whatever they begin with, so that nothing in them runs."""
    from xlsxwriter import Workbook

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = Workbook(file, options | {"default_date_format": "dd/mm/yyyy hh:mm"})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    styles = [book.add_format(FORMATS[c.kind]) if c.kind in FORMATS else None for c in table.columns]
    if table.rtl:
        sheet.right_to_left()
    sheet.freeze_panes(1, 1)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, WIDTHS[column.kind])
        sheet.write_string(0, place, column.head, bold)
    writers = [getattr(sheet, _WRITERS[column.kind]) for column in table.columns]
    makers = [_TYPED[column.kind] for column in table.columns]
    cells = list(zip(range(len(writers)), writers, makers, styles, strict=True))
    count = 0
    for row in table.rows:
        count += 1
        for (place, write, make, style), value in zip(cells, row, strict=True):
            if value is not None and value != "":
                write(count, place, make(value), style)
    sheet.write_string(count + 1, 0, table.closing(count), bold)
    book.close()
    return count


def _moment(value: datetime) -> datetime:
    return local(value).replace(tzinfo=None, microsecond=0)


def _hundredths(value: int) -> float:
    return value / 100


_PLAIN: dict[str, Callable[[Any], Any]] = {
    "text": safe,
    "number": lambda value: "" if value is None else value,
    "money": lambda value: "" if value is None else dirhams(value),
    "points": lambda value: "" if value is None else dirhams(value),
    "moment": lambda value: "" if value is None else f"{_moment(value):%d/%m/%Y %H:%M}",
}
_TYPED: dict[str, Callable[[Any], Any]] = {
    "text": lambda value: value[:32_767],  # what a cell of Excel holds
    "number": int,
    "money": _hundredths,
    "points": _hundredths,
    "moment": _moment,
}
_WRITERS = {
    "text": "write_string",
    "number": "write_number",
    "money": "write_number",
    "points": "write_number",
    "moment": "write_datetime",
}
