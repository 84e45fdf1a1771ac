"""What the edge of the value chains accepts and returns."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from ..core.shapes import In, Out

ChainCode = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class ChainOut(Out):
    """A value chain; `rank` is its place in the province's list when one was asked for."""

    code: str
    sector: str
    sector_name: dict[str, str]
    name: dict[str, str]
    rank: int | None = None


class ChainsOut(BaseModel):
    items: list[ChainOut]


class PrioritiesIn(In):
    """The new list, the first being the highest priority."""

    from_on: date
    chains: Annotated[list[ChainCode], Field(min_length=1, max_length=60)]


class PrioritiesOut(BaseModel):
    """A province's list in force on a date."""

    province_code: str
    on: date
    items: list[ChainOut]
