"""What the observatory tells: figures of recorded decisions, the register, the trail."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from ..core.db import Localized
from ..core.shapes import Out
from ..durability.models import ProjectStatus
from ..durability.schemas import AgeRow
from ..people.models import LegalForm


class FiguresOut(Out):
    """Sums over funded projects. Jobs and activity are those of each project's last answer."""

    projects: int
    decided_centimes: int
    released_centimes: int
    jobs_women: int
    jobs_men: int
    told: int = Field(description="Projects whose last answer gave their jobs.")
    answered: int = Field(description="Projects that were asked at least once.")
    active: int
    unreachable: int
    active_low: float | None = Field(description="Share active, the unreachable counted as stopped.")
    active_high: float | None = Field(description="Share active, the unreachable counted as active.")


class PlaceOut(Out):
    code: str
    name: Localized
    region_code: str
    region: Localized
    figures: FiguresOut


class CauseOut(Out):
    cause: str
    projects: int


class SummaryOut(BaseModel):
    """The national picture, from recorded decisions and answers only."""

    as_of: datetime
    figures: FiguresOut
    by_age: list[AgeRow]
    provinces: list[PlaceOut]
    in_difficulty: int = Field(description="Projects suspended, stopped or dissolved at their last answer.")
    causes: list[CauseOut]


class FundedOut(Out):
    """One line of the public register: a project, never a person (a sole trader's name is left out)."""

    title: str
    organisation: Localized | None
    legal_form: LegalForm
    commune: Localized | None
    province_code: str
    province: Localized
    region: Localized
    chain: Localized | None
    decided_on: date
    amount_centimes: int
    status: ProjectStatus | None
    status_months: int | None


class FundedPage(BaseModel):
    items: list[FundedOut]
    next: str | None


class ExportOut(Out):
    """A list of dossiers that was taken away; `asked` holds what narrowed it, as an address says it."""

    id: UUID
    made_at: datetime
    person_id: UUID
    kind: str
    language: str
    asked: dict[str, Any]
    columns: list[str]
    rows: int
    sha256: str


class ExportPage(BaseModel):
    items: list[ExportOut]
    next: str | None


class EventOut(Out):
    seq: int
    at: datetime
    name: str
    subject_type: str
    subject_id: UUID
    province_code: str | None
    actor_id: UUID | None
    actor_name: str
    request_id: str
    data: dict[str, Any]


class EventPage(BaseModel):
    items: list[EventOut]
    next: str | None
