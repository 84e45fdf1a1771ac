"""What the edge of the dialogue accepts and returns."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from ...core.shapes import In, Out
from ...people.text import Blankable
from ..models import ActionState, ConsultationState, Standing
from ..schemas import WordsIn

Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=6000)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class ProseIn(In):
    """Some paragraphs in French and in Arabic."""

    fr: Prose
    ar: Prose


class ConsultationIn(In):
    """A question, what to know before answering, and the hours between which it is open."""

    question: WordsIn
    context: ProseIn
    opens_at: AwareDatetime
    closes_at: AwareDatetime

    @model_validator(mode="after")
    def _in_order(self) -> "ConsultationIn":
        if self.closes_at <= self.opens_at:
            raise PydanticCustomError("closes_before_opens", "closes before it opens")
        return self


class ContributionIn(In):
    """Whom she speaks for, what she says, whether everybody may read it after the close."""

    body: Short
    text: Prose
    shared: bool = False


class SynthesisIn(In):
    synthesis: ProseIn


class ActionIn(In):
    """What was agreed in a session or after a consultation (one of them), who does it, until when."""

    committee_id: UUID
    session_id: Annotated[UUID | None, Blankable] = None
    consultation_id: Annotated[UUID | None, Blankable] = None
    text: WordsIn
    owner_id: UUID
    due_on: date


class SettleIn(In):
    """What was done; or, when it is dropped, why."""

    outcome: Said
    dropped: bool = False


class ReopenIn(In):
    """Why it is open again, and until when."""

    reason: Said
    due_on: date


class RescheduleIn(In):
    due_on: date


class ConsultationOut(Out):
    id: UUID
    committee_id: UUID
    province_code: str
    question: dict[str, str]
    context: dict[str, str]
    opens_at: AwareDatetime
    closes_at: AwareDatetime
    state: ConsultationState
    synthesis: dict[str, str] | None
    concluded_at: AwareDatetime | None
    version: int


class ConsultationsOut(BaseModel):
    items: list[ConsultationOut]
    next: str | None


class ContributionOut(Out):
    id: UUID
    consultation_id: UUID
    standing: Standing
    body: str
    text: str
    shared: bool
    given_at: AwareDatetime
    version: int


class ActionOut(Out):
    id: UUID
    committee_id: UUID
    session_id: UUID | None
    consultation_id: UUID | None
    text: dict[str, str]
    owner_id: UUID
    due_on: date
    state: ActionState
    outcome: str
    settled_at: AwareDatetime | None
    version: int


class ActionsOut(BaseModel):
    """Overdue first, then by day."""

    items: list[ActionOut]
    next: str | None
