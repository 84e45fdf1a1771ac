"""Long tables as Excel or CSV: written row by row to a temporary file, counted, harmless when opened.

Memory does not grow with the rows. How many there are stands in the file's name, in a header, and in the file
itself: on a sheet of its own in Excel, so that the rows stay a table; in the last line of a CSV. The rows are
hashed as CSV, whichever the kind: two files with the same fingerprint hold the same rows.
"""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from tempfile import TemporaryFile
from typing import IO, Any

from starlette.responses import StreamingResponse

from ..core.calendar import local
from ..web.tables import chunks, dirhams, safe

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
HEAD = {"bold": True, "bg_color": "#E4EFE9", "text_wrap": True, "valign": "top"}


@dataclass(frozen=True)
class Column:
    """A heading in the reader's language, and what stands under it (centimes, hundredths of points)."""

    head: str
    kind: str = "text"
    width: int = 0  # in characters; 0: what is usual for the kind


About = Callable[[int, str], Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class Table:
    """A table to be written; `rows` are read once, while their transaction is open."""

    name: str  # of the file
    title: str  # of the sheet
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    closing: Callable[[int], str]  # the last line of a CSV, from the number of rows
    about: tuple[str, About] | None = (
        None  # a second sheet: its title, its lines from the rows and their hash
    )
    rtl: bool = False


@dataclass(frozen=True)
class Written:
    """A table as a file that waits to be sent: how many rows it holds, and their fingerprint."""

    name: str
    kind: str
    file: IO[bytes]
    rows: int
    sha256: str


class _Hashed:
    """A text file that hashes what is written to it before it goes on (or nowhere)."""

    def __init__(self, onward: IO[str] | None = None) -> None:
        self.onward = onward
        self.hash = sha256()

    def write(self, text: str) -> int:
        self.hash.update(text.encode())
        return self.onward.write(text) if self.onward else len(text)


def write(table: Table, kind: str) -> Written:
    """The whole table in a temporary file."""
    file: IO[bytes] = TemporaryFile()  # noqa: SIM115 (closed once it is sent)
    try:
        count, print_ = (_excel if kind == "xlsx" else _csv)(file, table)
    except BaseException:
        file.close()
        raise
    return Written(table.name, kind, file, count, print_)


def answer(written: Written) -> StreamingResponse:
    """The download `name-<rows>.<kind>`; its length and its number of rows are told before it leaves."""
    length = written.file.seek(0, io.SEEK_END)
    written.file.seek(0)
    headers = {
        "content-disposition": f'attachment; filename="{written.name}-{written.rows}.{written.kind}"',
        "content-length": str(length),
        "x-row-count": str(written.rows),
        "x-rows-sha256": written.sha256,
        "cache-control": "private, no-store",
    }
    return StreamingResponse(chunks(written.file), media_type=TYPES[written.kind], headers=headers)


def _csv(file: IO[bytes], table: Table) -> tuple[int, str]:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    text.write("\ufeff")
    hashed = _Hashed(text)
    writer = _writer(hashed)
    writer.writerow([safe(column.head) for column in table.columns])
    makers = [_PLAIN[column.kind] for column in table.columns]
    count = 0
    for row in table.rows:
        writer.writerow([make(cell) for make, cell in zip(makers, row, strict=True)])
        count += 1
    _writer(text).writerow([table.closing(count)])  # about the rows, so not hashed with them
    text.flush()
    text.detach()
    return count, hashed.hash.hexdigest()


def _writer(file: Any) -> Any:
    return csv.writer(file, delimiter=";", lineterminator="\r\n")


def _excel(file: IO[bytes], table: Table) -> tuple[int, str]:
    """The rows on the first sheet; text cells are strings whatever they begin with, so that nothing runs."""
    from xlsxwriter import Workbook

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = Workbook(file, options | {"default_date_format": "dd/mm/yyyy hh:mm"})
    sheet = book.add_worksheet(table.title[:31])
    head = book.add_format(HEAD)
    styles = [book.add_format(FORMATS[c.kind]) if c.kind in FORMATS else None for c in table.columns]
    if table.rtl:
        sheet.right_to_left()
    sheet.freeze_panes(1, 1)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width or WIDTHS[column.kind])
        sheet.write_string(0, place, column.head, head)
    writers = [getattr(sheet, _WRITERS[column.kind]) for column in table.columns]
    makers = [_TYPED[column.kind] for column in table.columns]
    plain = [_PLAIN[column.kind] for column in table.columns]
    cells = list(zip(range(len(writers)), writers, makers, styles, strict=True))
    hashed = _Hashed()
    line = _writer(hashed)
    line.writerow([safe(column.head) for column in table.columns])
    count = 0
    for row in table.rows:
        count += 1
        line.writerow([make(cell) for make, cell in zip(plain, row, strict=True)])
        for (place, write_, make, style), value in zip(cells, row, strict=True):
            if value is not None and value != "":
                write_(count, place, make(value), style)
    sheet.autofilter(0, 0, count, len(table.columns) - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{count + 1}"})  # numbers of registers are no sums
    print_ = hashed.hash.hexdigest()
    _about(book, table, count, print_)
    book.close()
    return count, print_


def _about(book: Any, table: Table, count: int, print_: str) -> None:
    """What the file is, on its own sheet: who took what, when, how many rows."""
    if table.about is None:
        return
    title, lines = table.about
    sheet = book.add_worksheet(title[:31])
    name = book.add_format({"bold": True, "valign": "top"})
    said = book.add_format({"text_wrap": True, "valign": "top"})
    if table.rtl:
        sheet.right_to_left()
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 80)
    for at, (what, text) in enumerate(lines(count, print_)):
        sheet.write_string(at, 0, what, name)
        sheet.write_string(at, 1, text[:32_767], said)


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
