"""Static files: one address per content, compressed once, cached for a year.

`static("app.css")` gives `/static/<digest>/app.css`; the digest covers every static file, so that
relative addresses inside style sheets (fonts) change with it too.
"""

from __future__ import annotations

import gzip
import mimetypes
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

STATIC_DIR = Path(__file__).resolve().parent / "static"
COMPRESSIBLE = {".css", ".js", ".svg", ".txt", ".webmanifest"}
TYPES = {".woff2": "font/woff2", ".js": "text/javascript", ".webmanifest": "application/manifest+json"}
YEAR = "public, max-age=31536000, immutable"


class Asset(NamedTuple):
    """One file in memory: as it is, compressed when that pays, and its type."""

    body: bytes
    compressed: bytes | None
    media_type: str


@cache
def assets() -> dict[str, Asset]:
    """Every static file by its name under `static/`; read and compressed once per process."""
    return {
        path.relative_to(STATIC_DIR).as_posix(): _asset(path)
        for path in sorted(STATIC_DIR.rglob("*"))
        if path.is_file() and path.suffix != ".md"
    }


def _asset(path: Path) -> Asset:
    """Read one file; `mtime=0` keeps the compressed bytes equal between processes."""
    body = path.read_bytes()
    squeezed = gzip.compress(body, 9, mtime=0) if path.suffix in COMPRESSIBLE else None
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(body, squeezed, kind)


@cache
def digest() -> str:
    """Eight hexadecimal digits that change whenever a static file does."""
    total = sha256()
    for name, asset in assets().items():
        total.update(name.encode() + b"\0" + asset.body)
    return total.hexdigest()[:8]


def static(name: str) -> str:
    """The address of a static file; a name that does not exist is an error, not a broken link."""
    if name not in assets():
        raise LookupError(f"no static file {name!r}")
    return f"/static/{digest()}/{name}"


def serve(request: Request) -> Response:
    """Answer one static file, compressed when the browser takes it."""
    asset = assets().get(request.path_params["name"])
    if asset is None:
        return PlainTextResponse("404", status_code=404)
    current = request.path_params["version"] == digest()
    headers = {
        "Cache-Control": YEAR if current else "no-cache",
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    body = asset.body
    if asset.compressed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = asset.compressed
    return Response(body, media_type=asset.media_type, headers=headers)


def worker(request: Request) -> Response:
    """What answers without network (static/sw.js): at the root, so that it may look after every page."""
    request.path_params.update(name="sw.js", version="")  # its address never changes: asked for each time
    return serve(request)


def mount_static(app: FastAPI) -> None:
    """Serve `/static/<digest>/…` and `/sw.js`; no part of the OpenAPI document."""
    app.add_route("/sw.js", worker, methods=["GET", "HEAD"], include_in_schema=False)
    app.add_route("/static/{version}/{name:path}", serve, methods=["GET", "HEAD"], include_in_schema=False)
