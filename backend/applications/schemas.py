"""What the edges of dossiers accept and return; the sections themselves are in `sections`."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from ..core.shapes import In, Out
from .models import ApplicationState, Filing, Outcome
from .sections import DECLARATIONS, MAX_LINES, SECTIONS, WRITTEN, BudgetLine, Code
from .sections import clean as _clean

__all__ = ["DECLARATIONS", "MAX_LINES", "SECTIONS", "WRITTEN", "BudgetLine", "Code"]

# -- the JSON edge -----------------------------------------------------------------------------------


class ApplicationIn(In):
    """A dossier to begin."""

    call_id: UUID
    organisation_id: UUID
    handed_in_at: Annotated[
        AwareDatetime | None,
        Field(description="On paper, for an officer: when it was handed in at the counter."),
    ] = None


class RefusalIn(In):
    """Why, in writing: needed when no rule of the call refuses the dossier."""

    reason: Annotated[str, Field(max_length=2000), AfterValidator(_clean)] | None = None


class ApplicationOut(Out):
    """A dossier as lists show it."""

    id: UUID
    version: int
    number: str
    state: ApplicationState
    call_id: UUID
    organisation_id: UUID
    province_code: str
    title: str
    sector: str | None
    chain_code: str | None
    commune_code: str | None
    total_centimes: int
    requested_centimes: int
    created_at: datetime
    first_submitted_at: datetime | None
    submitted_at: Annotated[datetime | None, Field(description="The latest deposit.")]
    receipt_code: str | None
    content_sha256: str | None
    submissions: int
    filing: Filing


class MissingOut(Out):
    """One thing to complete or to correct."""

    field: str
    code: str


class SectionStatusOut(Out):
    """How far a section is: `complete`, `progress`, `todo` or `fix`."""

    section: str
    state: str
    missing: list[MissingOut]


class ApplicationDetail(ApplicationOut):
    """A dossier with its content, what is missing, and what may be done with it now."""

    organisation_name: dict[str, str]
    content: dict[str, Any]
    sections: list[SectionStatusOut]
    allowed_verbs: list[str]
    changed: bool = Field(description="Whether `content` says more than what stands deposited.")
    completion: "CompletionOut | None"


class SectionOut(Out):
    """A section as it is kept."""

    section: str
    version: int
    data: dict[str, Any]


class RuleResultOut(Out):
    """How one rule of the call judges the dossier, and why."""

    rule_code: str
    title: dict[str, str]
    outcome: Outcome
    refuses: bool
    reason: dict[str, str]
    missing: list[str] = []


class EligibilityOut(BaseModel):
    """Every rule of the call, as `stored` at the submission or else at this instant."""

    stored: bool
    results: list[RuleResultOut]


class ApplicationPage(BaseModel):
    items: list[ApplicationOut]
    next: str | None


class ScreeningOut(BaseModel):
    """Dossiers of a call by what screening does with them; `unsettled` ones wait for an officer's eye."""

    admitted: int
    refused: int
    unsettled: int
    refused_by_rule: dict[str, int]


class CompletionOut(Out):
    """What an officer asked the holder to complete, once, and until which day (included)."""

    asked_at: datetime
    due_on: date
    items: list[str]
    note: str
    answered_at: datetime | None


class ReceiptOut(BaseModel):
    """What anyone who holds a receipt code may know."""

    valid: bool
    number: str
    first_submitted_at: datetime
    submitted_at: Annotated[datetime, Field(description="Of the deposit that this receipt is of.")]
    call: dict[str, str]
    version: int = Field(description="Of the dossier's deposits, the one that this receipt is of.")
    replaced_by: int | None = Field(description="The version that stands, when it is another one.")
    withdrawn: bool
    content_sha256: str
    matches: bool | None = Field(description="Whether the `sha256` of the question is this one.")
