"""Refusals at the edge: RFC 9457 for programs, a page with the same words for people."""

import json
import logging
import re
from contextlib import suppress
from datetime import date
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from ..core.actor import ANONYMOUS, Actor
from ..core.calendar import format_date
from ..core.errors import (
    CONFLICT,
    INVALID,
    METHOD_NOT_ALLOWED,
    NOT_FOUND,
    TOO_LARGE,
    UNAUTHENTICATED,
    UNAVAILABLE,
    UNEXPECTED,
    UNSUPPORTED_MEDIA,
    VERSION_CONFLICT,
    FieldError,
    Problem,
)
from ..core.i18n import has, label, translate
from . import deps
from .deps import SignInFirst, to_sign_in
from .language import language_of
from .onehop import refused_first
from .render import render

log = logging.getLogger(__name__)
BY_STATUS = {
    401: UNAUTHENTICATED,
    404: NOT_FOUND,
    413: TOO_LARGE,
    415: UNSUPPORTED_MEDIA,
}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


class FieldProblem(BaseModel):
    field: str = Field(description="Path of the field, as in `budget.0.amount`.")
    code: str
    message: str


class ProblemOut(BaseModel):
    """RFC 9457, with a stable `code`, the fields concerned and what to do."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    action: str = ""
    errors: list[FieldProblem] = []
    params: dict[str, Any] = {}


RESPONSES: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "A problem (RFC 9457)",
        "model": ProblemOut,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemOut"}}},
    }
}


def describe(refusal: Problem, lang: str) -> ProblemOut:
    """The problem in the reader's language; parameters fill the sentences and stand beside them."""
    params = {name: _plain(value) for name, value in refusal.params.items() if name != "headers"}
    words = {name: _in_words(value, lang) for name, value in params.items()}

    def say(part: str, **more: Any) -> str:
        return translate(lang, part, **(words | more))

    code = f"problem.{refusal.code}"
    return ProblemOut(
        type=f"/problems/{refusal.code}",
        title=say(code),
        status=refusal.status,
        code=refusal.code,
        detail=say(f"{code}.detail"),
        action=say(f"{code}.action"),
        errors=[
            FieldProblem(field=e.field, code=e.code, message=say(f"field.{e.code}", **e.params))
            for e in refusal.errors
        ],
        params=params,
    )


def _in_words(value: Any, lang: str) -> Any:
    """A parameter as a sentence says it: codes by their words, days as people write them."""
    if _is_code(value):
        return label(lang, value)
    if isinstance(value, str) and _DAY.fullmatch(value):
        with suppress(ValueError):
            return format_date(date.fromisoformat(value), lang)
    return value


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def respond(scope: Scope, refusal: Problem) -> Response:
    """The answer to a request that was refused."""
    request = Request(scope)
    actor = _reader(request, refusal)
    said = describe(refusal, language_of(request, actor))
    headers = refusal.params.get("headers") or {}
    if _wants_page(request):
        response = render(request, actor, "problem.html", status=refusal.status, problem=said)
        response.headers.update(headers)
        return response
    body = json.dumps(said.model_dump(), ensure_ascii=False)
    return Response(body, refusal.status, headers, "application/problem+json")


def _reader(request: Request, refusal: Problem) -> Actor:
    """Whose language the answer speaks: asked for only now when the request was refused before it was known.

    When that fails too (a token that nobody holds, a database away), the browser's language serves.
    """
    known: Actor | None = request.scope.setdefault("state", {}).get("actor")
    if known is None and refusal.status < 500:
        with suppress(Exception):  # a refusal is told in any case
            known = deps.identify(request)
    return known or ANONYMOUS


def install(app: FastAPI) -> None:
    """Every way of failing becomes a problem."""

    async def on_problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return await _told(request, error)

    async def on_invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return await _told(request, _from_schema(error))

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return await _told(request, _from_framework(request, error))

    def on_database(request: Request, error: Exception) -> Response:
        return respond(request.scope, _from_database(error))

    def on_anything(request: Request, error: Exception) -> Response:
        log.error("unexpected, request %s", request.scope["state"].get("request_id"), exc_info=error)
        return respond(request.scope, UNEXPECTED(request_id=request.scope["state"].get("request_id", "")))

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(SignInFirst, to_sign_in)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    for kind in (DataError, IntegrityError, OperationalError, PoolTimeout, StaleDataError):
        app.add_exception_handler(kind, on_database)
    app.add_exception_handler(Exception, on_anything)


async def _told(request: Request, refusal: Problem) -> Response:
    """The refusal, unless she may not even ask."""
    earlier = await run_in_threadpool(refused_first, request)
    if isinstance(earlier, SignInFirst):
        return await to_sign_in(request, earlier)
    said = earlier if isinstance(earlier, Problem) else refusal
    return await run_in_threadpool(respond, request.scope, said)


def _from_schema(error: RequestValidationError) -> Problem:
    """What the schema forbids, field by field; a text that is no JSON by the place where it ceases to be.

    An address whose identifier is none leads nowhere: it is not found, rather than to be corrected.
    """
    cause = error.__cause__
    if isinstance(cause, json.JSONDecodeError):
        place = {"line": cause.lineno, "column": cause.colno}
        return INVALID([FieldError("body", "json_invalid", place)])
    if any(e["loc"][:1] == ("path",) and e["type"].startswith("uuid_") for e in error.errors()):
        return NOT_FOUND()  # an address that was never one
    return INVALID([field_error(e) for e in error.errors()])


def _from_framework(request: Request, error: HTTPException) -> Problem:
    """What the framework refuses by itself, in our codes."""
    if isinstance(error.__cause__, Problem):  # raised while the body was read (too large)
        return error.__cause__
    if error.status_code == 405:
        return _not_allowed(request)
    if error.status_code == 400:  # neither JSON nor a form that can be read
        return INVALID([FieldError("body", "body_unreadable")])
    return BY_STATUS.get(error.status_code, INVALID)(headers=dict(error.headers or {}))


def _not_allowed(request: Request) -> Problem:
    """405 with every method that the address takes: the router knows one route of it only."""
    taken = [
        method
        for method in METHODS
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in request.app.router.routes
        )
    ]
    return METHOD_NOT_ALLOWED(allowed=", ".join(taken), headers={"allow": ", ".join(taken)})


def _from_database(error: Exception) -> Problem:
    """What the database refused after our checks: said by kind, never with its text (it may quote values)."""
    if isinstance(error, StaleDataError):
        return VERSION_CONFLICT(version="?", current="?")
    if isinstance(error, DataError):
        return INVALID([FieldError("", "unstorable")])
    if isinstance(error, IntegrityError):
        log.warning("integrity: %s", getattr(getattr(error.orig, "diag", None), "constraint_name", "?"))
        return CONFLICT()
    log.error("database away: %s", type(error).__name__)
    return UNAVAILABLE(headers={"retry-after": "5"})


def field_error(error: Any) -> FieldError:
    """Pydantic's error in our codes: `field.<type>` if we have words for it, `field.invalid` otherwise."""
    path = ".".join(str(part) for part in error["loc"] if part not in ("body", "query", "path"))
    kind = error["type"]
    code = kind if kind in FIELD_CODES or has("fr", f"field.{kind}") else "invalid"
    params = {k: _plain(v) for k, v in error.get("ctx", {}).items() if k != "error"}
    if params.get("min_length") == 1:  # at least one of something: it is not there
        code = "missing"
    if "expected" in params:  # pydantic's English list: 'a', 'b' or 'c'
        params["expected"] = ", ".join(re.findall(r"'([^']*)'", params["expected"]))
    return FieldError(path, code, params)


FIELD_CODES = {
    "missing", "extra_forbidden", "string_too_long", "string_too_short", "greater_than_equal",
    "less_than_equal", "greater_than", "less_than", "enum", "literal_error", "uuid_parsing", "int_parsing",
    "date_from_datetime_parsing", "too_long", "too_short",
}  # fmt: skip


def _wants_page(request: Request) -> bool:
    accept = request.headers.get("accept", "")
    return not request.url.path.startswith("/api/") and (
        "text/html" in accept or "hx-request" in request.headers
    )


def _is_code(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("state.", "verb.", "role.", "enum.", "rule."))


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)
