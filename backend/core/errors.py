"""Problems: every refusal has a stable code, a status and words in both languages (RFC 9457).

A slice declares its own (`WINDOW_CLOSED = problem("window_closed", 409)`) and raises it with parameters.
Sentences are made at the edges from `problem.CODE`, `problem.CODE.detail` and `problem.CODE.action`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any


@dataclass(frozen=True)
class FieldError:
    """One field that is wrong: where (`budget.0.amount`), why (a code with words), and what was read."""

    field: str
    code: str
    params: dict[str, Any] = default(default_factory=dict)


class Problem(Exception):
    """A refusal with its code; `errors` name fields, `params` fill the sentences and reach the reader."""

    def __init__(self, code: str, status: int, errors: Sequence[FieldError] = (), **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.errors = tuple(errors)
        self.params = params


@dataclass(frozen=True)
class ProblemType:
    """A declared problem: calling it makes the exception to raise."""

    code: str
    status: int

    def __call__(self, errors: Sequence[FieldError] = (), **params: Any) -> Problem:
        return Problem(self.code, self.status, errors, **params)


PROBLEMS: dict[str, ProblemType] = {}


def problem(code: str, status: int) -> ProblemType:
    """Declare a problem once; its words are checked to exist in every language."""
    if code in PROBLEMS:
        raise ValueError(f"problem {code} is declared twice")
    PROBLEMS[code] = ProblemType(code, status)
    return PROBLEMS[code]


UNAUTHENTICATED = problem("unauthenticated", 401)
FORBIDDEN = problem("forbidden", 403)
SCOPE_MISSING = problem("scope_missing", 403)
CROSS_SITE = problem("cross_site", 403)
NOT_FOUND = problem("not_found", 404)
METHOD_NOT_ALLOWED = problem("method_not_allowed", 405)
WRONG_STATE = problem("wrong_state", 409)
CONFLICT = problem("conflict", 409)
VERSION_CONFLICT = problem("version_conflict", 412)
TOO_LARGE = problem("too_large", 413)
UNSUPPORTED_MEDIA = problem("unsupported_media", 415)
INVALID = problem("invalid", 422)
VERSION_REQUIRED = problem("version_required", 428)
TOO_MANY = problem("too_many_requests", 429)
UNEXPECTED = problem("unexpected", 500)
UNAVAILABLE = problem("unavailable", 503)
