"""Excel workbooks: what is one, and what is refused in one. Nothing of it is ever computed or run."""

import zipfile
from typing import IO

from ..core.errors import Problem
from .lifecycle import FILE_KIND, SHEET_BOMB, SHEET_DAMAGED, SHEET_ENCRYPTED, SHEET_MACROS

MOST_PARTS = 2000
MOST_UNPACKED = 200_000_000
"""Bytes of all the parts once unpacked."""
MOST_RATIO = 300
"""A part that unpacks to more than so many times its size (past 1 MB) is no table that somebody typed."""
MOST_READ = 2_000_000
ACTIVE = ("xl/vbaproject", "xl/macrosheets/", "xl/dialogsheets/", "xl/activex/", "xl/embeddings/")
"""Parts that run something, or hide another file."""


def sheet(content: IO[bytes]) -> None:
    """Nothing, when it is a sound workbook without macros; its problem otherwise."""
    try:
        content.seek(0)
        with zipfile.ZipFile(content) as parts:
            _weigh(parts)
            _know(parts)
    except Problem:
        raise
    except Exception:  # noqa: BLE001 (zipfile, zlib and struct raise what hostile bytes make them raise)
        raise SHEET_DAMAGED() from None


def _weigh(parts: zipfile.ZipFile) -> None:
    """As announced by the archive: what it says is what `zipfile` will unpack at most."""
    listed = parts.infolist()
    total = sum(one.file_size for one in listed)
    if len(listed) > MOST_PARTS or total > MOST_UNPACKED:
        raise SHEET_BOMB()
    for one in listed:
        if one.file_size > 1_000_000 and one.file_size > MOST_RATIO * max(one.compress_size, 1):
            raise SHEET_BOMB()
        if one.flag_bits & 1:
            raise SHEET_ENCRYPTED()


def _know(parts: zipfile.ZipFile) -> None:
    names = {name.lower() for name in parts.namelist()}
    if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
        kind = "word" if any(name.startswith("word/") for name in names) else "archive"
        raise FILE_KIND(kind=f"enum.file_kind.{kind}")
    types = _read(parts, "[Content_Types].xml").lower()
    if any(name.startswith(ACTIVE) for name in names) or b"macroenabled" in types or b"vbaproject" in types:
        raise SHEET_MACROS()
    _read(parts, "xl/workbook.xml")


def _read(parts: zipfile.ZipFile, name: str) -> bytes:
    """A part whole, which also checks its sum; KeyError when it is written with other capitals."""
    with parts.open(name) as part:
        found = part.read(MOST_READ + 1)
    if len(found) > MOST_READ:
        raise SHEET_BOMB()
    return found
