"""What the edges of decisions accept and return. Scores are hundredths of a point, amounts centimes."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from ..committees.models import BallotChoice, MotionState
from ..core.shapes import In, Out
from .models import DecisionOutcome, DecisionState


class ProposalIn(In):
    """A call to be decided by an open session."""

    session_id: UUID
    call_id: UUID


class PutIn(ProposalIn):
    """The proposals of a call put to the vote; secretly where the procedure lets one ask for it."""

    secret: bool = False


class VoteIn(In):
    """A seat's vote on the proposals of a motion."""

    motion_id: UUID
    seat_id: UUID
    choice: BallotChoice
    dissent: Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)] = ""


class PostponementIn(In):
    """Proposals to leave to another session, and why."""

    session_id: UUID
    decision_ids: Annotated[list[UUID], Field(min_length=1, max_length=500)]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]


class ConclusionIn(In):
    motion_id: UUID


class ReasonOut(BaseModel):
    """Why: a code with its figures, and the sentence in both languages."""

    code: str
    params: dict[str, Any]
    words: dict[str, str]


class DecisionOut(BaseModel):
    """What a session does or did with a dossier."""

    id: UUID
    application_id: UUID
    call_id: UUID
    session_id: UUID
    motion_id: UUID | None
    state: DecisionState
    outcome: DecisionOutcome
    rank: int
    score_hundredths: int
    amount_centimes: int
    reasons: list[ReasonOut]
    recused_seats: list[UUID]
    decided_at: datetime | None
    conditions: list[dict[str, str]]
    conditions_due_on: date | None
    conditions_until: date | None
    conditions_met_at: datetime | None


class DecisionPage(BaseModel):
    items: list[DecisionOut]
    next: str | None


class LeftOutOut(BaseModel):
    """A dossier that cannot be proposed yet, and why."""

    application_id: UUID
    number: str
    reason: ReasonOut


class ProposalOut(BaseModel):
    """What is put to the session, what could not be proposed, and what is left of the envelope.

    Without the dossiers of holders to whom you are tied; what is left would tell their amounts (null then).
    """

    decisions: list[DecisionOut]
    left_out: list[LeftOutOut]
    left_centimes: int | None


class MotionOut(Out):
    id: UUID
    session_id: UUID
    number: int
    text: dict[str, str]
    state: MotionState


class MotionList(BaseModel):
    items: list[MotionOut]


class BallotOut(Out):
    id: UUID
    motion_id: UUID
    seat_id: UUID
    choice: BallotChoice | None


class DecisionList(BaseModel):
    items: list[DecisionOut]
