"""What the edge of the sessions accepts and returns: rolls, motions, ballots."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from ..core.shapes import In, Out
from .models import BallotChoice, College, MotionKind, MotionState, Presence, SessionState
from .schemas import WordsIn


class SessionIn(In):
    committee_id: UUID
    scheduled_at: AwareDatetime
    place: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""


class AttendanceIn(In):
    """The whole roll by seat; a seat that is not named is absent."""

    presences: Annotated[dict[UUID, Presence], Field(max_length=200)]
    stand_ins: Annotated[dict[UUID, UUID], Field(max_length=200)] = Field(
        default={},
        description="By seat, that of its alternate or of whoever holds its vote.",
    )
    left: Annotated[list[UUID], Field(max_length=200)] = Field(
        default=[], description="Seats that were taken and left before the end."
    )


class MotionIn(In):
    """A question of one's own; proposals are put to the vote through /decisions."""

    text: WordsIn
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)] = ""
    secret: bool = False
    item_id: UUID | None = None


class BallotIn(In):
    seat_id: UUID
    choice: BallotChoice
    dissent: Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)] = ""


class PapersIn(In):
    """Papers drawn from an urn: the seats that put one in, and what came out."""

    seats: Annotated[list[UUID], Field(max_length=200)]
    votes_for: Annotated[int, Field(ge=0, le=200)] = 0
    votes_against: Annotated[int, Field(ge=0, le=200)] = 0
    abstentions: Annotated[int, Field(ge=0, le=200)] = 0


class SessionOut(Out):
    id: UUID
    committee_id: UUID
    procedure_id: UUID
    province_code: str
    number: str
    scheduled_at: AwareDatetime
    place: str
    state: SessionState
    opened_at: AwareDatetime | None
    closed_at: AwareDatetime | None
    version: int


class SessionsOut(BaseModel):
    items: list[SessionOut]
    next: str | None


class QuorumOut(Out):
    seats: int
    present: int
    needed: int
    reached: bool


class RollOut(BaseModel):
    """A seat at the session; `presence` is null until the roll is called."""

    seat_id: UUID
    person: str
    name: dict[str, str] | None
    college: College
    chairs: bool
    votes: bool
    presence: Presence | None


class MotionOut(BaseModel):
    """A motion with its votes; abstentions are not expressed votes."""

    id: UUID
    session_id: UUID
    number: int
    text: dict[str, str]
    state: MotionState
    opened_at: AwareDatetime
    closed_at: AwareDatetime | None
    votes_for: int
    votes_against: int
    abstentions: int
    ballots: dict[str, Any] = Field(
        description="The choice of each seat that voted; null when the vote is secret."
    )
    kind: MotionKind
    reason: str
    secret: bool
    result: dict[str, Any] | None = Field(
        description="The count as it was made, with the quorum on this motion and the recused seats."
    )


class SessionDetailOut(SessionOut):
    """A session with its roll, its quorum, its motions, and the verbs that would succeed now."""

    quorum: QuorumOut
    roll: list[RollOut]
    motions: list[MotionOut]
    verbs: list[str]


class BallotOut(Out):
    id: UUID
    motion_id: UUID
    seat_id: UUID
    choice: BallotChoice | None
    by_seat_id: UUID | None
    cast_at: AwareDatetime
