"""What the edges of information requests and of statutory clocks accept and return."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, StringConstraints

from ..core.shapes import In, Out
from ..people.text import Name, clean_email, clean_phone, clean_prose
from .models import InformationState, RefusalGround

LONGEST = 5_000
"""Characters of a question, and of the reason of an extension."""
LONGEST_ANSWER = 20_000


def _reached(text: str) -> str:
    """An e-mail address, or a Moroccan telephone in international form."""
    return clean_email(text) if "@" in text else clean_phone(text)


Address = Annotated[str, StringConstraints(max_length=254), AfterValidator(_reached)]
Question = Annotated[str, StringConstraints(max_length=LONGEST), AfterValidator(clean_prose)]
Words = Annotated[str, StringConstraints(max_length=LONGEST_ANSWER), AfterValidator(clean_prose)]
Key = Annotated[str, StringConstraints(min_length=16, max_length=80)]


class InformationIn(In):
    """What is asked of a province, by whom and where she wants the answer (e-mail or telephone).

    `key` is random and the asker's own: the same request sent twice under it is one request.
    """

    province_code: Annotated[str, StringConstraints(max_length=8)]
    name: Name
    address: Address
    language: Literal["fr", "ar"] = "fr"
    text: Question
    key: Key | None = None


class FollowIn(In):
    """The number and the code of the receipt."""

    number: Annotated[str, StringConstraints(max_length=40)]
    code: Annotated[str, StringConstraints(max_length=40)]


class AnswerIn(In):
    answer: Words


class RefusalIn(In):
    """Why the law allows it, and the reasons in writing."""

    ground: RefusalGround
    answer: Words


class ExtensionIn(In):
    reason: Question


class InformationTrace(Out):
    """What she who asked reads: its state, its date, its answer."""

    number: str
    province_code: str
    state: InformationState
    text: str
    received_at: datetime
    due_on: date
    extended_at: datetime | None
    extension_reason: str
    ground: RefusalGround | None
    answer: str
    answered_at: datetime | None


class InformationReceipt(InformationTrace):
    """The same on the day it was asked, with the code that opens it: told once, kept nowhere."""

    code: str


class InformationOut(InformationTrace):
    """The same for those who may read it; never who asked."""

    id: UUID
    version: int


class InformationPage(BaseModel):
    items: list[InformationOut]
    next: str | None


ClockCode = Literal["decision", "information", "appeal"]


class ClockOut(BaseModel):
    """Something that the administration owes an answer on, and by which day."""

    clock: str
    subject_id: UUID
    province_code: str
    number: str
    due_on: date
    days_left: int  # negative once it is late


class ClockPage(BaseModel):
    """The first ones due, at most 200, and how many there are of each clock."""

    items: list[ClockOut]
    counts: dict[str, int]
    late: dict[str, int]
