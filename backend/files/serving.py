"""A file as an answer: its own type, shown in the page where a browser can, with nothing in it let loose."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from . import queries
from .content import INLINE
from .models import StoredFile

PROTECTED = {
    "X-Content-Type-Options": "nosniff",
    # Chromium's own PDF reader starts inside `sandbox` (tried with 156); what a file holds runs nowhere
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}
"""What goes with every file: nothing in it runs, no other site shows it, none learns where it was opened."""


def served(request: Request, file: StoredFile) -> Response:
    """The bytes, streamed; 304 when the reader has them, who was asked for her rights all the same."""
    tag = f'"{file.sha256}"'
    kind = "inline" if file.media_type in INLINE else "attachment"
    headers = PROTECTED | {
        "ETag": tag,
        "Cache-Control": "private, no-cache",
        "Content-Disposition": disposition(kind, file.name),
    }
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    headers |= {"Content-Length": str(file.size), "Content-Encoding": "identity"}  # compressed already
    return StreamingResponse(queries.opened(file), media_type=file.media_type, headers=headers)


def disposition(kind: str, name: str, plain: str = "") -> str:
    """`inline` or `attachment`, with its name as RFC 6266 and RFC 5987 write it; `plain` is one in ASCII."""
    ascii_ = (plain or name).encode("ascii", "ignore").decode().replace("\\", "").replace('"', "").strip()
    return f"{kind}; filename=\"{ascii_ or 'document'}\"; filename*=UTF-8''{quote(name, safe='')}"
