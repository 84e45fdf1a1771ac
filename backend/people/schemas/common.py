"""Kinds of fields that several schemas of people share."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, StringConstraints
from pydantic_core import PydanticCustomError

from ..identifiers import latin_digits
from ..passwords import LONGEST, SHORTEST
from ..text import Blankable, Phone


def _long_enough(password: SecretStr) -> SecretStr:
    if len(password.get_secret_value()) < SHORTEST:
        raise PydanticCustomError("password_short", "password short", {"shortest": SHORTEST})
    return password


Language = Literal["fr", "ar"]
Code = Annotated[str, StringConstraints(max_length=16, pattern=r"^[0-9.]+$")]
Password = Annotated[SecretStr, Field(max_length=LONGEST), AfterValidator(_long_enough)]
MaybePhone = Annotated[Phone | None, Blankable]
Digits = BeforeValidator(lambda value: latin_digits(value.strip()) if isinstance(value, str) else value)
Activity = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z0-9_-]+$")]
Year = Annotated[int, Digits, Field(ge=1900, le=2100)]
