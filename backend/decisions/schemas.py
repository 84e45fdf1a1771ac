"""What the edges of decisions accept and return. Scores are hundredths of a point, amounts centimes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from ..committees.models import BallotChoice, MotionState
from ..core.shapes import In, Out
from .models import DecisionOutcome, DecisionState


class ProposalIn(In):
    """A call to be decided by an open session."""

    session_id: UUID
    call_id: UUID


class VoteIn(In):
    """A seat's vote on the proposals of a motion."""

    motion_id: UUID
    seat_id: UUID
    choice: BallotChoice


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


class DecisionPage(BaseModel):
    items: list[DecisionOut]
    next: str | None


class LeftOutOut(BaseModel):
    """A dossier that cannot be proposed yet, and why."""

    application_id: UUID
    number: str
    reason: ReasonOut


class ProposalOut(BaseModel):
    """What is put to the session, what is left of the envelope, and what could not be proposed."""

    decisions: list[DecisionOut]
    left_out: list[LeftOutOut]
    left_centimes: int


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
    choice: BallotChoice


class DecisionList(BaseModel):
    items: list[DecisionOut]
