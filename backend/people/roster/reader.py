"""The cells of a spreadsheet that somebody sent, .xlsx or CSV. Nothing of it is trusted, computed or run."""

import csv
import io
import re
import zipfile

from ...core.errors import Problem, problem
from .plan import ERROR, FORMULA, IMPORT_TOO_MANY, MOST_MEMBERS
from .table import Rows

IMPORT_KIND = problem("import_kind", 415)
IMPORT_OLD_EXCEL = problem("import_old_excel", 415)
IMPORT_ENCRYPTED = problem("import_encrypted", 422)
IMPORT_BOMB = problem("import_bomb", 413)
IMPORT_TOO_LARGE = problem("import_too_large", 413)
IMPORT_DAMAGED = problem("import_damaged", 422)
IMPORT_TEXT = problem("import_text", 422)

MOST_BYTES = 900_000
MOST_UNPACKED = 30_000_000
MOST_PARTS = 300
MOST_RATIO = 300
"""A part that unpacks to more than so many times its size (past 1 MB) is no table that somebody typed."""
MOST_ROWS = MOST_MEMBERS + 500
MOST_COLUMNS = 60
OLE = b"\xd0\xcf\x11\xe0"
_CELL = re.compile(rb'<(?:\w+:)?(?:c|row)\b[^>]*?\br="([A-Z]{0,3})(\d{1,7})"')
_FORMULA = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<(?:\w+:)?f[\s>/]')


def cells(content: bytes) -> Rows:
    """The rows of the first sheet, from its first line and column; the problem of what cannot be read."""
    if len(content) > MOST_BYTES:
        raise IMPORT_TOO_LARGE(limit=MOST_BYTES)
    if content.startswith(b"PK\x03\x04"):
        return _bounded(_workbook(content))
    if content.startswith(OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in content
        raise IMPORT_ENCRYPTED() if encrypted else IMPORT_OLD_EXCEL()
    return _bounded(_text(content))


def _bounded(rows: Rows) -> Rows:
    while rows and not any(cell not in ("", None) for cell in rows[-1]):
        rows.pop()
    if len(rows) > MOST_ROWS:
        raise IMPORT_TOO_MANY(most=MOST_MEMBERS)
    return [row[:MOST_COLUMNS] for row in rows]


def _workbook(content: bytes) -> Rows:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            _weigh(parts)
            first = _sheets(parts)
        return _read(content, first)
    except Problem:
        raise
    except Exception:  # noqa: BLE001 (zipfile, zlib and calamine raise what hostile bytes make them raise)
        raise IMPORT_DAMAGED() from None


def _weigh(parts: zipfile.ZipFile) -> None:
    """As announced by the archive: what it says is what `zipfile` unpacks at most."""
    listed = parts.infolist()
    if len(listed) > MOST_PARTS or sum(one.file_size for one in listed) > MOST_UNPACKED:
        raise IMPORT_BOMB()
    for one in listed:
        if one.flag_bits & 1:
            raise IMPORT_ENCRYPTED()
        if one.file_size > 1_000_000 and one.file_size > MOST_RATIO * max(one.compress_size, 1):
            raise IMPORT_BOMB()
    names = {one.filename for one in listed}
    if "xl/workbook.xml" not in names:
        raise IMPORT_KIND()


def _sheets(parts: zipfile.ZipFile) -> set[tuple[int, int]]:
    """Where the formulas are. A cell far away would make a table of thousands of millions of cells."""
    formulas: set[tuple[int, int]] = set()
    for name in parts.namelist():
        content = parts.read(name)  # whole, which also checks its sum
        if not name.startswith("xl/worksheets/") or not name.endswith(".xml"):
            continue
        for letters, line in _CELL.findall(content):
            if int(line) > MOST_ROWS:
                raise IMPORT_TOO_MANY(most=MOST_MEMBERS)
            if letters and _place(letters) >= MOST_COLUMNS:
                raise IMPORT_DAMAGED()
        formulas |= {(int(line) - 1, _place(letters)) for letters, line in _FORMULA.findall(content)}
    return formulas


def _place(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - ord("A") + 1
    return place - 1


def _read(content: bytes, formulas: set[tuple[int, int]]) -> Rows:
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        rows: Rows = [list(row) for row in book.get_sheet_by_index(0).to_python(skip_empty_area=False)]
    for line, place in formulas:
        if line < len(rows) and place < len(rows[line]):
            rows[line][place] = FORMULA
    return [[ERROR if _is_error(cell) else cell for cell in row] for row in rows]


def _is_error(cell: object) -> bool:
    return isinstance(cell, str) and cell.startswith("#") and cell.rstrip("!?").isupper()


def _text(content: bytes) -> Rows:
    """CSV as spreadsheets write it: UTF-8 or UTF-16, separated by semicolons, commas or tabs."""
    if not content.strip():
        return []
    text = _decoded(content)
    if "\x00" in text:
        raise IMPORT_KIND()
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(";,\t", key=first.count)
    try:
        rows: Rows = [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)]
    except csv.Error:
        raise IMPORT_DAMAGED() from None
    return [[FORMULA if _runs(cell) else cell for cell in row] for row in rows]


def _runs(cell: object) -> bool:
    """What a spreadsheet would compute when the file is opened again."""
    return isinstance(cell, str) and cell.lstrip().startswith(("=", "@"))


def _decoded(content: bytes) -> str:
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    other = content.startswith((b"%PDF", b"\xff\xd8", b"\x89PNG")) or b"\x00" in content
    if encoding == "utf-8-sig" and other:
        raise IMPORT_KIND()
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:  # an old Windows page: which one, nobody can say
        raise IMPORT_TEXT() from None
