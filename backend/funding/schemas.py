"""What the edges accept and return about conventions."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from ..core.shapes import In, Out
from .models import ConventionState, TrancheState

Evidence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Words = dict[str, str]


class PrepareIn(In):
    """The dossier whose grant becomes a convention."""

    application_id: UUID


class PrepareCallIn(In):
    """The call whose grants become conventions."""

    call_id: UUID


class OwnIn(In):
    """The paper that proves the holder's own contribution."""

    evidence: Evidence = Field(description="What shows it, as in « relevé bancaire du 3 mai ».")


class SignIn(In):
    """The day on which both signed."""

    signed_on: date


class RenounceIn(In):
    """The dossier whose grant, or place on the list, is given up, and why."""

    application_id: UUID
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""


class CancelIn(In):
    """Why the agreement no longer stands."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class ReleaseIn(In):
    """What shows that the tranche's condition is met."""

    evidence: Evidence


class TrancheOut(Out):
    """A part of the grant."""

    id: UUID
    convention_id: UUID
    number: int
    amount_centimes: int
    condition: Words
    state: TrancheState
    evidence: str | None
    released_at: datetime | None


class ConventionLine(BaseModel):
    """A convention in a list."""

    id: UUID
    number: str
    application_id: UUID
    call_id: UUID
    organisation_id: UUID
    organisation: Words
    title: str
    province_code: str
    state: ConventionState
    version: int
    amount_centimes: int
    own_centimes: int
    released_centimes: int
    signed_on: date | None
    own_proven_at: datetime | None


class ConventionOut(ConventionLine):
    """A convention with its tranches, in order."""

    decision_id: UUID
    prepared_at: datetime
    own_evidence: str | None
    allowed_verbs: list[str]
    tranches: list[TrancheOut]


class ConventionPage(BaseModel):
    """Some conventions, and the sums of all those that match the filters."""

    items: list[ConventionLine]
    next: str | None
    count: int
    amount_centimes: int
    own_centimes: int
    released_centimes: int


class PreparedOut(BaseModel):
    """The conventions that this request prepared (none when all were there already)."""

    items: list[UUID]


class TranchePage(BaseModel):
    """Some tranches."""

    items: list[TrancheOut]
    next: str | None
