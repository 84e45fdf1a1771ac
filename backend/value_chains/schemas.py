"""What the edge of the value chains accepts and returns."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

ChainCode = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class ChainOut(BaseModel):
    """A value chain; `rank` is its place in the province's list when one was asked for."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    sector: str
    sector_name: dict[str, str]
    name: dict[str, str]
    rank: int | None = None


class ChainsOut(BaseModel):
    items: list[ChainOut]


class PrioritiesIn(BaseModel):
    """The new list, the first being the highest priority."""

    model_config = ConfigDict(extra="forbid")

    from_on: date
    chains: Annotated[list[ChainCode], Field(min_length=1, max_length=60)]


class PrioritiesOut(BaseModel):
    """A province's list in force on a date."""

    province_code: str
    on: date
    items: list[ChainOut]
