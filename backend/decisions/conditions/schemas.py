"""What the edges of conditions accept and return."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from ...core.shapes import In, Out
from ..models import ConditionState
from .terms import LONGEST, MOST, Terms

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Term = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST)]


class TermIn(In):
    """One condition, in both languages."""

    fr: Term
    ar: Term


class TermsIn(In):
    """What has to be met and by when: of a grant under conditions alone."""

    conditions: list[TermIn] = Field(default=[], max_length=MOST)
    conditions_due_on: date | None = None

    def terms(self) -> Terms:
        """As the command takes them."""
        return Terms(tuple(one.model_dump() for one in self.conditions), self.conditions_due_on)


class BothIn(In):
    """What an officer says, in both languages."""

    fr: Words
    ar: Words


class AnswerIn(In):
    """How a condition is met, in words; documents are added on its page."""

    words: Words


class ConfirmationIn(In):
    """`seen`: what was shown at the counter, asked for when nothing was sent here."""

    seen: str = Field(default="", max_length=4000)


class LackIn(In):
    lacks: BothIn


class ExtensionIn(In):
    """Another last day, once, and why."""

    due_on: date
    reason: BothIn


class ConditionOut(Out):
    """A condition by its place in the list of the decision, and how it stands."""

    id: UUID
    decision_id: UUID
    application_id: UUID
    position: int
    state: ConditionState
    answer: str
    answered_at: datetime | None
    lacks: dict[str, str] | None
    settled_at: datetime | None
    version: int


class ConditionList(BaseModel):
    items: list[ConditionOut]


class ConditionPage(BaseModel):
    items: list[ConditionOut]
    next: str | None


class ExtensionOut(Out):
    """The committee's date and the one to which it was put off."""

    id: UUID
    conditions_due_on: date
    conditions_until: date | None
