"""What the edges accept and return about coaching."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from ..core.shapes import In, Out
from .models import Audience, MilestoneState, ReminderState

Words = dict[str, str]


class PlanIn(In):
    """A signed convention and who coaches it."""

    convention_id: UUID
    coach_id: UUID


class PlanCallIn(In):
    """A call and the coaches between whom its signed conventions are shared."""

    call_id: UUID
    coach_ids: Annotated[list[UUID], Field(min_length=1, max_length=200)]


class ReportIn(In):
    """What was done, in the holder's words."""

    report: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]


class SendBackIn(In):
    """Why the report does not do."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class RescheduleIn(In):
    """The new due date."""

    due_on: date


class MilestoneOut(Out):
    """A dated step of a plan."""

    id: UUID
    plan_id: UUID
    code: str
    title: Words
    due_on: date
    state: MilestoneState
    version: int
    report: str | None
    reported_at: datetime | None
    validated_at: datetime | None


class PlanOut(Out):
    """The coaching of one convention, its milestones in order."""

    id: UUID
    convention_id: UUID
    coach_id: UUID
    starts_on: date
    ends_on: date
    milestones: list[MilestoneOut]


class PlansMadeOut(BaseModel):
    """The plans that this request made (none when all were there already)."""

    items: list[UUID]


class PlanLine(Out):
    """A plan in a list."""

    id: UUID
    convention_id: UUID
    coach_id: UUID
    starts_on: date
    ends_on: date


class PlanPage(BaseModel):
    """Some plans."""

    items: list[PlanLine]
    next: str | None


class MilestonePage(BaseModel):
    """Some milestones, the first due first, and how many there are in all that you may see."""

    items: list[MilestoneOut]
    next: str | None
    late: int
    soon: int
    to_validate: int


class ReminderOut(Out):
    """A rung of a milestone's ladder, for one audience."""

    id: UUID
    milestone_id: UUID
    offset_days: int
    audience: Audience
    due_at: datetime
    state: ReminderState
    settled_at: datetime | None


class ReminderPage(BaseModel):
    """Some reminders; `counts` are by state, of all states; `due` those whose instant has passed."""

    items: list[ReminderOut]
    next: str | None
    counts: dict[ReminderState, int]
    due: int
