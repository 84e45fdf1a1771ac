"""What a file is, told by its content and never by its name. Pure: no database, no store.

`examine` either knows the file as one of four kinds, sound as far as can be told cheaply, or raises a problem
that says what is wrong and what to do. Whatever the bytes, it raises nothing else.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from .lifecycle import FILE_EMPTY, FILE_KIND, SHEET_ENCRYPTED
from .sheets import sheet
from .sound import image, pdf

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXTENSIONS = {PDF: "pdf", JPEG: "jpg", PNG: "png", XLSX: "xlsx"}
"""The kinds that are taken, and how their names end."""
INLINE = frozenset({PDF, JPEG, PNG})
"""What a browser shows by itself."""
HEAD = 4096
LONGEST_NAME = 120
_KNOWN_ENDINGS = {*EXTENSIONS.values(), "jpeg", "jpe", "xlsm", "xls", "doc", "docx", "heic", "gif", "webp"}


@dataclass(frozen=True)
class Found:
    """What the content is: its media type, its name with the ending of that type, pages if they are counted.

    `renamed`: the name said another kind.
    """

    media_type: str
    name: str
    pages: int | None = None
    renamed: bool = False


def examine(content: IO[bytes], name: str) -> Found:
    """What this seekable file is; its problem otherwise. Reads it from the beginning, leaves it anywhere."""
    content.seek(0)
    head = content.read(HEAD)
    if not head.strip(b"\0 \r\n\t"):
        raise FILE_EMPTY(name=clean_name(name))
    for media_type, looks, check in _KINDS:
        if looks(head):
            pages = check(content)
            cleaned = clean_name(name, EXTENSIONS[media_type])
            return Found(media_type, cleaned, pages, not _ends_like(name, media_type))
    if head.startswith(_OLE) and _holds(content, _LOCKED):
        raise SHEET_ENCRYPTED()
    raise FILE_KIND(kind=f"enum.file_kind.{_other_kind(head)}")


def clean_name(name: str, ending: str | None = None) -> str:
    """A name to show: without folders, control and direction marks, not too long; with `ending` when given.

    >>> clean_name("../../etc/statuts.exe", "pdf")
    'statuts.exe.pdf'
    >>> clean_name("photo.JPEG", "jpg")
    'photo.jpg'
    """
    plain = unicodedata.normalize("NFC", name.encode("utf-8", "ignore").decode()).replace("\\", "/")
    plain = plain.rstrip("/").rpartition("/")[2]
    kept = "".join(sign if sign != "\t" else " " for sign in plain if _is_visible(sign))
    kept = " ".join(kept.split()).strip(". ")
    if ending is None:
        return kept[:LONGEST_NAME] or "document"
    stem, dot, last = kept.rpartition(".")
    if dot and last.lower() in _KNOWN_ENDINGS:
        kept = stem.rstrip(". ")
    return f"{kept[: LONGEST_NAME - 6].rstrip('. ') or 'document'}.{ending}"


def _is_visible(sign: str) -> bool:
    """Neither control nor direction mark nor private: those that make one name look like another."""
    return sign == "\t" or unicodedata.category(sign)[0] != "C"


def _ends_like(name: str, media_type: str) -> bool:
    last = clean_name(name).rpartition(".")[2].lower()
    return last == EXTENSIONS[media_type] or (media_type == JPEG and last in ("jpeg", "jpe"))


def _is_zip(head: bytes) -> bool:
    return head.startswith(b"PK\x03\x04")


_KINDS: tuple[tuple[str, Callable[[bytes], bool], Callable[[IO[bytes]], int | None]], ...] = (
    (PDF, lambda head: b"%PDF-" in head[:1024], pdf),
    (JPEG, lambda head: head.startswith(b"\xff\xd8\xff"), lambda content: image(content, "JPEG")),
    (PNG, lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"), lambda content: image(content, "PNG")),
    (XLSX, _is_zip, sheet),
)


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
"""What Office wraps a workbook with a password in."""


def _holds(content: IO[bytes], sought: bytes) -> bool:
    content.seek(0)
    before = b""
    while piece := content.read(1_000_000):
        if sought in before + piece:
            return True
        before = piece[-len(sought) :]
    return False


def _other_kind(head: bytes) -> str:
    """The kinds that people send most and that are not taken, to say so by their name."""
    if head.startswith(_OLE):
        return "old_office"
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1", b"hevc", b"msf1", b"avif"):
        return "heic"
    if head.startswith((b"GIF8", b"BM", b"II*\0", b"MM\0*")) or head[8:12] == b"WEBP":
        return "other_image"
    if head[4:8] == b"ftyp" or head.startswith(b"\x1aE\xdf\xa3"):
        return "video"
    if head.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        return "archive"
    return "unknown"
