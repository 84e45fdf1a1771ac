"""Forms of pages: what was typed, read by the schemas of the API, given back with its errors, unchanged."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from ..core.actor import Actor
from ..core.calendar import parse_local
from ..core.errors import INVALID, FieldError, Problem
from ..core.tx import Tx, transaction
from .language import language_of
from .problems import ProblemOut, describe, field_error

Model = TypeVar("Model", bound=BaseModel)
UNTOLD = frozenset({401, 403, 404})
"""Refusals that show nothing of the page they were asked from: they get the page of problems."""


async def _typed(request: Request) -> dict[str, str]:
    form = await request.form(max_fields=500, max_files=0)
    return {key: value for key, value in form.items() if isinstance(value, str)}


Typed = Annotated[dict[str, str], Depends(_typed)]
"""The fields of a form as they were typed (the last one of a repeated name)."""


class Hollow(bytes):
    """A file that was chosen, and holds nothing."""


async def _sent(request: Request) -> bytes:
    async with request.form(max_fields=20, max_files=1) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            return b""
        return await file.read() or (Hollow() if file.filename else b"")


Sent = Annotated[bytes, Depends(_sent)]
"""The file of a small form, whole; empty when none was chosen."""


def chosen(content: bytes) -> bytes:
    """The file that was sent; raises `invalid` when none was chosen, or when it is empty."""
    if not content:
        raise INVALID([FieldError("file", "file_empty" if isinstance(content, Hollow) else "file_missing")])
    return content


def read(model: type[Model], values: Mapping[str, Any]) -> Model:
    """The values as the schema reads them; raises `invalid` with the same field errors as the API."""
    try:
        return model.model_validate(values)
    except ValidationError as refused:
        # never the input itself: it may be a password
        errors = refused.errors(include_url=False, include_input=False)
        raise INVALID([_said(error, values) for error in errors]) from None


def _said(error: Any, values: Mapping[str, Any]) -> FieldError:
    """The field error; what was left empty is missing, whatever the schema thinks of an empty text."""
    found: Any = values
    for part in error["loc"]:
        found = found.get(part) if isinstance(found, Mapping) else None
    said = field_error(error)
    return FieldError(said.field, "missing") if isinstance(found, str) and not found.strip() else said


def told(refusal: Problem, request: Request, actor: Actor) -> ProblemOut:
    """The refusal in the reader's words, for the page whose form was refused."""
    if refusal.status in UNTOLD:
        raise refusal
    return describe(refusal, language_of(request, actor))


def refused(refusal: Problem | None, request: Request, actor: Actor, **shown_at: str) -> dict[str, Any]:
    """For the page whose form was refused, or was not: its status, the refusal in words, its errors by field.

    `shown_at` renames fields whose page shows them under another name.
    """
    if refusal is None:
        return {"status": 200, "said": None, "errors": []}
    said = told(refusal, request, actor)
    errors = [(shown_at.get(error.field, error.field), error.message) for error in said.errors]
    return {"status": said.status, "said": said, "errors": errors}


def attempt(
    actor: Actor,
    act: Callable[[Tx], Any],
    then: str | Callable[[Any], str],
    again: Callable[[Tx, Problem], Response],
) -> Response:
    """Do it and lead on to `then`; refused, show the page `again` with what was typed and why.

    Where the way depends on what was done, `then` makes it of what `act` returned.
    Two transactions: what the refused one began is undone before the page is read.
    """
    try:
        with transaction(actor) as tx:
            done = act(tx)
    except Problem as refusal:
        with transaction(actor) as tx:
            return again(tx, refusal)
    return see_other(then if isinstance(then, str) else then(done))


def see_other(path: str) -> RedirectResponse:
    """Where a form that was accepted leads: a page that can be read again without sending it again."""
    return RedirectResponse(path, 303)


def version_of(text: str) -> int:
    """The version that the form was made from; an unreadable one is taken as an old one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def uuid_of(text: str) -> UUID | None:
    """The identifier of a choice; None when it was not made, or not on our page."""
    try:
        return UUID(text)
    except ValueError:
        return None


def day_of(text: str) -> date | None:
    """A day as `<input type=date>` sends it; None when there is none to be read."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def day_typed(text: str, field: str) -> date:
    """The same for a day that must be given: raises `invalid` beside `field`."""
    found = day_of(text)
    if found is None:
        raise INVALID([FieldError(field, "date_unreadable" if text.strip() else "missing")])
    return found


def uuid_typed(text: str, field: str) -> UUID:
    """The same for a choice that must be made."""
    found = uuid_of(text)
    if found is None:
        raise INVALID([FieldError(field, "invalid" if text else "missing")])
    return found


def hour_typed(text: str, field: str) -> datetime:
    """An hour on Casablanca's clock, as `<input type=datetime-local>` sends it; raises `invalid`."""
    try:
        return parse_local(text)
    except ValueError:
        raise INVALID([FieldError(field, "invalid" if text else "missing")]) from None
