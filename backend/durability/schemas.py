"""What is asked at each wave, and what is told of the answers."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from ..core.shapes import Centimes, In, Out
from .models import ProjectStatus, WaveState

People = Annotated[int, Field(ge=0, le=100_000)]


class Cause(StrEnum):
    """Causes of difficulty that audits and the press name."""

    OUTLETS = "outlets"
    WORKING_CAPITAL = "working_capital"
    UTILITIES = "utilities"  # water, electricity
    GOVERNANCE = "governance"
    EQUIPMENT = "equipment"
    PARTNERS = "partners"  # commitments not kept
    OTHER = "other"


FIGURES = ("turnover_centimes", "jobs_women", "jobs_men", "members")


class AnswerIn(In):
    """One project at one age; `None` means not known.

    A project that could not be reached has no figures: sending some is refused, field by field.
    """

    status: ProjectStatus
    turnover_centimes: Centimes | None = None
    jobs_women: People | None = None
    jobs_men: People | None = None
    members: People | None = None
    causes: Annotated[list[Cause], Field(max_length=len(Cause))] = []
    note: Annotated[str, Field(max_length=2000)] = ""


class WaveOut(Out):
    id: UUID
    convention_id: UUID
    province_code: str
    months: int
    due_on: date
    state: WaveState
    status: ProjectStatus | None
    turnover_centimes: int | None
    jobs_women: int | None
    jobs_men: int | None
    members: int | None
    causes: list[str]
    note: str | None
    surveyed_at: datetime | None
    version: int


class WavePage(BaseModel):
    items: list[WaveOut]
    next: str | None


class PlanIn(In):
    """Plan the waves of every signed convention of a call."""

    call_id: UUID


class PlannedOut(BaseModel):
    planned: int


class AgeRow(BaseModel):
    """Projects at one age: those asked, and how many of them are alive, counted both ways.

    `active_low` counts an unreachable project as stopped, `active_high` as active.
    """

    months: int
    due: int
    answered: int
    active: int
    unreachable: int
    stopped: int
    active_low: float | None
    active_high: float | None
    jobs_women: int
    jobs_men: int
    turnover_centimes: int | None = Field(
        description="Their sum; null when fewer than five projects told theirs."
    )


class AgeTable(BaseModel):
    rows: list[AgeRow]
