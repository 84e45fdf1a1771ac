"""Members of an organisation, and the lists that they come in."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from ...core.shapes import In, Out
from ..models import Sex
from ..text import Blankable, Cin, Line, Name, Prose
from .common import Digits


class MemberIn(In):
    name: Name
    sex: Sex
    birth_year: Annotated[int, Digits]
    """From what year to what year depends on this one: the command says it, in one wording."""
    office: Annotated[Line | None, Field(max_length=40), Blankable] = None
    identity: Annotated[Cin | None, Blankable] = Field(None, exclude=True)
    """The number of her card (CIN), where a call asks for it; absent, what is kept stays."""
    distinct: bool = Field(False, exclude=True)
    """Said of a new member: she is not the one of the same name and year of birth who is there already."""

    def columns(self) -> dict[str, Any]:
        """What is kept as it was given: all but the number of the card."""
        return {name: getattr(self, name) for name in ("name", "sex", "birth_year", "office")}


class MembersIn(In):
    """All the members, in their order: what is not in the list is removed."""

    members: list[MemberIn] = Field(max_length=2000)


class MemberOut(Out):
    """`identity` is the number of her card, masked (`AB•••56`), when one is kept."""

    id: UUID
    position: int
    name: str
    sex: Sex
    birth_year: int
    office: str | None
    identity: str | None = None


class LeftOut(Out):
    """A member who was removed and may be put back: the number of her card is not kept."""

    id: UUID
    name: str
    sex: Sex
    birth_year: int
    office: str | None
    at: datetime
    by: str


class RevealIn(In):
    """Why the number of a card has to be read: kept with the reading."""

    reason: Prose


class IdentityOut(Out):
    """The only answer that holds the whole number."""

    identity: str


class FaultOut(Out):
    """What is wrong in a cell of a list that was sent, and what to do."""

    line: int
    cell: str
    column: str
    code: str
    message: str


class ImportOut(Out):
    """What a list of members does, or would do: numbers of the lines of the sheet."""

    added: list[int]
    changed: list[int]
    unchanged: list[int]
    doubtful: list[int]
    faults: list[FaultOut]
    saved: bool
