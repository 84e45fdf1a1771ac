"""What surrounds every request: its id and instant, protective headers, the refusal of cross-site writes."""

import logging
import re
from collections.abc import Callable
from time import perf_counter
from urllib.parse import urlsplit
from uuid import uuid4

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..core.clock import arriving
from ..core.errors import CROSS_SITE, INVALID, TOO_LARGE, FieldError, Problem
from .problems import respond

log = logging.getLogger("indh.request")
MAX_BODY = 1_000_000  # bytes of a body, of a chunk of a file too
_SECRET = re.compile(r"(?<=^/invitations/)[^/]+")
"""The part of an address that opens something to whoever has it."""
_ROOM: list[tuple[str, re.Pattern[str], Callable[[], int]]] = []
SAFE = {"GET", "HEAD", "OPTIONS"}
HEADERS = {
    "content-security-policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cross-origin-opener-policy": "same-origin",
}


class Edge:
    """The outermost layer (plain ASGI, so that streaming and threads stay as they are)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        started = perf_counter()
        status = 500

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                answer = MutableHeaders(scope=message)
                answer["x-request-id"] = request_id
                for name, value in HEADERS.items():
                    answer.setdefault(name, value)
                if "cache-control" not in answer:
                    answer["cache-control"] = "no-store"
            elif asked_head:
                message["body"] = b""
            await send(message)

        asked_head = scope["method"] == "HEAD"
        if asked_head:  # what GET would answer, without its body; the server keeps its own scope
            scope = {**scope, "method": "GET"}
        with arriving(request_id):
            refusal = _refusal(scope, headers)
            if refusal:
                answer = await run_in_threadpool(respond, scope, refusal)  # it may ask who reads
                await answer(scope, receive, send_with_headers)
            else:
                await self.app(scope, _bounded(receive, _most(scope)), send_with_headers)
        # the path only, without a link's secret: a query string may hold what somebody typed
        log.info(
            "%s %s %s %.0fms %s",
            "HEAD" if asked_head else scope["method"],
            _SECRET.sub("…", scope["path"]),
            status,
            (perf_counter() - started) * 1e3,
            request_id,
        )


def make_room(method: str, path: str, most: Callable[[], int]) -> None:
    """Forms that carry files may be longer: at this address, so many bytes."""
    _ROOM.append((method, re.compile(path), most))


def _most(scope: Scope) -> int:
    """The bytes that a body may have where it is sent."""
    for method, path, most in _ROOM:
        if method == scope["method"] and path.fullmatch(scope["path"]):
            return most()
    return MAX_BODY


def _refusal(scope: Scope, headers: Headers) -> Problem | None:
    if not _is_host(headers.get("host", "")):
        # the answer makes addresses: not of this
        scope["headers"] = [pair for pair in scope["headers"] if pair[0] != b"host"]
        return INVALID([FieldError("Host", "invalid")])
    length = headers.get("content-length", "0")
    if not length.isascii() or not length.isdigit() or int(length[:20]) > _most(scope):
        return TOO_LARGE(limit=_most(scope))
    if scope["method"] not in SAFE and "authorization" not in headers and _cross_site(headers):
        return CROSS_SITE()
    return None


def _is_host(host: str) -> bool:
    """It can stand in an address."""
    try:
        _ = urlsplit(f"//{host}").port
    except ValueError:
        return False
    return True


def _cross_site(headers: Headers) -> bool:
    """Browsers say where a request comes from; cookies count only from our own pages (Fetch Metadata)."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != headers.get("host")


def _bounded(receive: Receive, most: int) -> Receive:
    """Stop reading a body that says nothing of its length once it is too large."""
    read = 0

    async def bounded() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > most:
            raise TOO_LARGE(limit=most)
        return message

    return bounded
