"""A file as an answer: its own type, shown in the page where a browser can, with nothing in it let loose."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from . import queries
from .content import INLINE, PDF
from .models import StoredFile

LOCKED = (
    "default-src 'none'; style-src 'unsafe-inline'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


def served(request: Request, file: StoredFile) -> Response:
    """The bytes, streamed; 304 when the reader has them, who was asked for her rights all the same."""
    tag = f'"{file.sha256}"'
    headers = {
        "ETag": tag,
        "Cache-Control": "private, no-cache",
        "Content-Disposition": disposition(file),
        "X-Content-Type-Options": "nosniff",
        # a browser's own PDF reader does not start inside `sandbox`; pictures need nothing that it forbids
        "Content-Security-Policy": LOCKED if file.media_type == PDF else f"{LOCKED}; sandbox",
    }
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    headers |= {"Content-Length": str(file.size), "Content-Encoding": "identity"}  # compressed already
    return StreamingResponse(queries.opened(file), media_type=file.media_type, headers=headers)


def disposition(file: StoredFile) -> str:
    """`inline` or `attachment`, with its name as RFC 6266 and RFC 5987 write it."""
    kind = "inline" if file.media_type in INLINE else "attachment"
    plain = file.name.encode("ascii", "ignore").decode().replace("\\", "").replace('"', "").strip()
    return f"{kind}; filename=\"{plain or 'document'}\"; filename*=UTF-8''{quote(file.name, safe='')}"
