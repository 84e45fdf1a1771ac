"""Forms of pages: what was typed, read by the schemas of the API, given back with its errors, unchanged."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError

from ..core.actor import Actor
from ..core.errors import INVALID, FieldError, Problem
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
