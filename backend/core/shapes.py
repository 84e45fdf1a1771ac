"""What bodies and answers of the API have in common, whatever the slice."""

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from .errors import INVALID, FieldError

MAX_CENTIMES = 10**13
"""A hundred thousand million dirhams: no project costs as much, and every total still fits a bigint."""


class In(BaseModel):
    """A body: nothing beyond its fields."""

    model_config = ConfigDict(extra="forbid")


class Out(BaseModel):
    """An answer, read from a row or from what a query made."""

    model_config = ConfigDict(from_attributes=True)


Centimes = Annotated[int, Field(strict=True, ge=0, le=MAX_CENTIMES)]
"""An amount of money as the API writes it; the unit is in the field's name (`*_centimes`)."""


_TURNING = re.compile("[\0\u202a-\u202e\u2066-\u2069]")
"""Marks that nobody sees and that turn the direction of what follows (and NUL, which no text holds)."""


def written(words: str, field: str, most: int) -> str:
    """What was typed, without hidden marks, not empty and of `most` characters at the most.

    Raises `invalid` beside `field`.
    """
    words = _TURNING.sub("", words).strip()
    if not words:
        raise INVALID([FieldError(field, "missing")])
    if len(words) > most:
        raise INVALID([FieldError(field, "string_too_long", {"max_length": most})])
    return words
