"""Small real files of each kind, and what is wrong with those that are refused."""

import io
import zipfile
from functools import cache
from typing import Any

from PIL import Image
from pypdf import PdfWriter


@cache
def pdf(pages: int = 1, password: str = "", owner: str = "") -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 280)
    if password or owner:
        writer.encrypt(password, owner_password=owner or password, algorithm="AES-256")
    return _saved(writer.write)


@cache
def picture(kind: str = "JPEG", size: tuple[int, int] = (120, 90), mode: str = "RGB") -> bytes:
    return _saved(lambda out: Image.new(mode, size).save(out, kind))


def jpeg() -> bytes:
    return picture("JPEG")


def png() -> bytes:
    return picture("PNG")


@cache
def workbook(*more: tuple[str, bytes], types: bytes = b"<Types/>") -> bytes:
    def write(out: Any) -> None:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
            parts.writestr("[Content_Types].xml", types)
            parts.writestr("xl/workbook.xml", b"<workbook/>")
            for name, body in more:
                parts.writestr(name, body)

    return _saved(write)


def _saved(write: Any) -> bytes:
    out = io.BytesIO()
    write(out)
    return out.getvalue()


def sent(client: Any, body: bytes, name: str = "statuts.pdf", chunk: int = 700_000) -> Any:
    """The answer to `complete`, after an upload in chunks."""
    upload = client.post("/api/v1/uploads", json={"name": name, "size": len(body)}).json()["id"]
    for offset in range(0, len(body), chunk):
        answer = client.put(
            f"/api/v1/uploads/{upload}", params={"offset": offset}, content=body[offset : offset + chunk]
        )
        assert answer.status_code == 200, answer.text
    return client.post(f"/api/v1/uploads/{upload}/complete")
