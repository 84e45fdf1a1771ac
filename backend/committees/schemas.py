"""What the edge of the committees accepts and returns."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from ..core.shapes import In, Out
from ..people.models import Sex
from ..people.text import Blankable, Email, Name
from .models import (
    College,
    CommitteeKind,
    Secrecy,
)

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
OrderNumber = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
BirthYear = Annotated[int, Field(ge=1900, le=2100)]
Share = Annotated[int, Field(ge=0, le=1000)]
Whole = Annotated[int, Field(ge=1, le=1000)]


class WordsIn(In):
    """The same words in French and Arabic."""

    fr: Line
    ar: Line


class FractionIn(In):
    """An exact fraction: 2/3 is `{"of": 2, "over": 3}`."""

    of: Share
    over: Whole


class ProcedureIn(In):
    """Rules of procedure: quorum of the voting seats (rounded up), majority of expressed votes (strict).

    Without `second_after_days` there is no second convocation; without `second_quorum` it asks for none.
    """

    effective_on: date
    quorum: FractionIn = FractionIn(of=1, over=2)
    majority: FractionIn = FractionIn(of=1, over=2)
    casting_vote: bool = True
    notice_days: Annotated[int, Field(ge=0, le=60)] = 0
    second_after_days: Annotated[int | None, Field(ge=0, le=60), Blankable] = None
    second_quorum: FractionIn | None = None
    proxies: Annotated[int, Field(ge=0, le=10)] = 0
    proxies_count: bool = False
    secrecy: Secrecy = Secrecy.NEVER


class CommitteeIn(In):
    province_code: Annotated[str, StringConstraints(max_length=8)]
    kind: CommitteeKind
    name: WordsIn
    order_number: OrderNumber
    ordered_on: date


class MemberIn(In):
    """A member who has no account: her name in both languages, the address at which she may be invited."""

    fr: Name
    ar: Name
    email: Annotated[Email | None, Blankable] = None


class SeatIn(In):
    """A seat: its holder, the college, what she represents, her mandate (the last day included).

    The holder is a person of the platform (`person_id`) or somebody entered by name (`member`).
    """

    person_id: UUID | None = None
    member: MemberIn | None = None
    college: College
    body: WordsIn
    from_on: date
    until_on: date | None = None
    chairs: bool = False
    votes: bool = True
    alternate_of_id: UUID | None = None
    sex: Sex | None = None
    birth_year: BirthYear | None = None


class SeatEndIn(In):
    until_on: date


class SeatRenewIn(In):
    """A new mandate for who sits: its first day follows the last of the one before."""

    from_on: date
    until_on: date | None = None


class SeatCorrectIn(In):
    """What was mistyped, or is learnt later; what is left out stays. A name only where one was entered."""

    name: WordsIn | None = None
    college: College | None = None
    body: WordsIn | None = None
    votes: bool | None = None
    sex: Sex | None = None
    birth_year: BirthYear | None = None


class OrderIn(In):
    """What a committee's record says of its order."""

    kind: CommitteeKind
    name: WordsIn
    order_number: OrderNumber
    ordered_on: date


class ProcedureOut(Out):
    id: UUID
    number: int
    effective_on: date
    quorum_of: int
    quorum_over: int
    majority_of: int
    majority_over: int
    casting_vote: bool
    notice_days: int
    second_after_days: int | None
    second_quorum_of: int | None
    second_quorum_over: int | None
    proxies: int
    proxies_count: bool
    secrecy: Secrecy


class SeatOut(Out):
    """A seat as everybody reads it: neither sex nor year of birth."""

    id: UUID
    person_id: UUID
    alternate_of_id: UUID | None
    person: str
    name: dict[str, str] | None
    position: int
    college: College
    body: dict[str, str]
    chairs: bool
    votes: bool
    from_on: date
    until_on: date | None


class CommitteeOut(Out):
    id: UUID
    province_code: str
    kind: CommitteeKind
    name: dict[str, str]
    order_number: str
    ordered_on: date


class CommitteeDetailOut(CommitteeOut):
    """A committee with its seats of today and its rules of procedure, the latest first."""

    seats: list[SeatOut]
    procedures: list[ProcedureOut]


class CommitteesOut(BaseModel):
    items: list[CommitteeOut]
    next: str | None
