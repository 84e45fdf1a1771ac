"""Whether a PDF or a picture can be opened to its end: cheaply, without drawing it."""

from typing import IO, TYPE_CHECKING, Any

from ..core.errors import Problem
from .lifecycle import IMAGE_DAMAGED, IMAGE_TOO_LARGE, PDF_DAMAGED, PDF_ENCRYPTED

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

TAIL = 8192
MOST_PAGES = 5000
MOST_PIXELS = 85_000_000
"""A telephone's 50 megapixels pass; a picture made to fill the memory does not."""


def pdf(content: IO[bytes]) -> int:
    """How many pages it says it has; refuses one that needs a password or that was cut short."""
    content.seek(0, 2)
    size = content.tell()
    content.seek(max(0, size - TAIL))
    if b"%%EOF" not in content.read(TAIL):
        raise PDF_DAMAGED()
    try:
        pages = _pages(content)
    except Problem:
        raise
    except Exception:  # noqa: BLE001 (pypdf raises whatever hostile bytes make it raise)
        raise PDF_DAMAGED() from None
    if not 1 <= pages <= MOST_PAGES:
        raise PDF_DAMAGED()
    return pages


def _pages(content: IO[bytes]) -> int:
    import logging

    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its remarks on other people's files
    content.seek(0)
    reader = PdfReader(content)
    if reader.is_encrypted and not reader.decrypt(""):
        raise PDF_ENCRYPTED()
    root: Any = reader.root_object
    pages = root["/Pages"]
    if not pages["/Kids"]:
        return 0
    first = pages["/Kids"][0].get_object()  # the first one can be reached
    if first.get("/Type") not in ("/Page", "/Pages"):
        return 0
    return int(pages["/Count"])


def image(content: IO[bytes], kind: str) -> None:
    """Nothing, when it can be read to its last line; refuses one too large to open."""
    from PIL import Image

    try:
        content.seek(0)
        with Image.open(content, formats=(kind,)) as opened:
            width, height = opened.size
            if width * height <= MOST_PIXELS:
                _read_through(opened, kind)
                return
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        width = height = 0
    except Exception:  # noqa: BLE001 (decoders raise whatever hostile bytes make them raise)
        raise IMAGE_DAMAGED() from None
    raise IMAGE_TOO_LARGE(width=width, height=height, most=MOST_PIXELS // 1_000_000)


def _read_through(opened: "ImageFile", kind: str) -> None:
    if kind == "PNG":
        opened.verify()  # every chunk against its sum, to the last
    else:
        opened.draft("L", (1, 1))  # an eighth of each side: a picture of 85 megapixels takes 1.3 MB
        opened.load()
