"""What a dossier is made of, section by section, and what its edges accept and return.

Drafts may be partial: every field may be missing, none may be malformed. What is still missing is told by
`completeness`. Amounts are integer centimes.
"""

import re
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from ..calls.rules import vocabulary
from ..core.shapes import Centimes, In, Out
from .models import ApplicationState, Outcome

MAX_LINES = 50
DECLARATIONS = ("accurate", "no_double_funding", "personal_data")
"""The sworn statements of every dossier; a call's own papers to sign are documents."""

_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _clean(text: str) -> str:
    """Without the marks that reorder what others read; control characters are refused."""
    if _CONTROL.search(text):
        raise PydanticCustomError("control_characters", "control characters are not text")
    return _BIDI.sub("", text.replace("\r\n", "\n")).strip()


def _known(name: str) -> AfterValidator:
    """A code of a closed vocabulary of the calls' facts."""

    def check(code: str) -> str:
        if code not in (vocabulary.known(name) or ()):
            raise PydanticCustomError("unknown_code", "unknown code")
        return code

    return AfterValidator(check)


def _commune(code: str) -> str:
    if vocabulary.name("commune", code, "fr") == code:
        raise PydanticCustomError("unknown_code", "unknown commune")
    return code


Line120 = Annotated[str, Field(max_length=120), AfterValidator(_clean)]
Title = Annotated[str, Field(max_length=200), AfterValidator(_clean)]
Prose = Annotated[str, Field(max_length=4000), AfterValidator(_clean)]
Count = Annotated[int, Field(strict=True, ge=0, le=10_000)]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]


class ProjectSection(In):
    """What the holder wants to do, and in which chain."""

    title: Title | None = None
    summary: Prose | None = None
    sector: Annotated[str, Field(max_length=40), _known("sector")] | None = None
    chain: Annotated[str, Field(max_length=40), _known("chain")] | None = None


class LocationSection(In):
    """Where: `none` means that there are no premises yet."""

    commune: Annotated[str, Field(max_length=16), AfterValidator(_commune)] | None = None
    premises: Literal["owned", "rented", "lent", "none"] | None = None
    address: Title | None = None


class BudgetLine(In):
    """One thing to be paid for."""

    label: Line120 | None = None
    kind: Literal["investment", "studies", "running"] | None = None
    amount_centimes: Centimes | None = None


class BudgetSection(In):
    """What the project costs, line by line."""

    lines: Annotated[list[BudgetLine], Field(max_length=MAX_LINES)] = []


class FinancingSection(In):
    """Who pays. What is left out of `partners` and `loan` counts as nothing."""

    indh_centimes: Centimes | None = None
    own_cash_centimes: Centimes | None = None
    own_in_kind_centimes: Centimes | None = None
    partners_centimes: Centimes | None = None
    loan_centimes: Centimes | None = None


class ResultsSection(In):
    """What is expected: jobs by sex, how many of them for youth, the income of one worker in a month."""

    jobs_women: Count | None = None
    jobs_men: Count | None = None
    jobs_youth: Count | None = None
    income_centimes: Centimes | None = None


class ProvidedDocument(In):
    """A paper of the call: a file that was sent, or `paper` handed in at the counter.

    A `reference` without either is from before files could be sent: the holder says that she has it.
    """

    code: Code
    file: UUID | None = None
    name: Title | None = None
    size: Annotated[int, Field(ge=0)] | None = None
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None
    media_type: Annotated[str, Field(max_length=100)] | None = None
    paper: Literal[True] | None = None
    reference: Title | None = None


class DocumentsSection(In):
    """Which papers of the call are provided, a line a file. Kept by `documents`, never typed."""

    provided: Annotated[list[ProvidedDocument], Field(max_length=100)] = []


class DeclarationsSection(In):
    """The sworn statements that the holder accepts."""

    accepted: Annotated[
        list[Literal["accurate", "no_double_funding", "personal_data"]], Field(max_length=10)
    ] = []


SECTIONS: dict[str, type[In]] = {
    "project": ProjectSection,
    "location": LocationSection,
    "budget": BudgetSection,
    "financing": FinancingSection,
    "results": ResultsSection,
    "documents": DocumentsSection,
    "declarations": DeclarationsSection,
}
WRITTEN = {name: schema for name, schema in SECTIONS.items() if name != "documents"}
"""The sections that are typed and saved whole; papers are attached and removed one by one."""


# -- the JSON edge -----------------------------------------------------------------------------------


class ApplicationIn(In):
    """A dossier to begin."""

    call_id: UUID
    organisation_id: UUID


class ApplicationQuery(In):
    """How a list of dossiers is narrowed and paged."""

    call_id: UUID | None = None
    state: ApplicationState | None = None
    sector: Annotated[str | None, Field(max_length=40)] = None
    chain: Annotated[str | None, Field(max_length=40)] = None
    rule: Annotated[str | None, Field(max_length=60, description="Refused by this rule.")] = None
    q: Annotated[
        str | None, Field(max_length=200, description="Words of the title, number or organisation.")
    ] = None
    cursor: Annotated[str | None, Field(max_length=2000, description="`next` of the page before.")] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


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
    submitted_at: datetime | None
    receipt_code: str | None
    content_sha256: str | None


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


class ReceiptOut(BaseModel):
    """What anyone who holds a receipt code may know."""

    valid: bool
    number: str
    submitted_at: datetime
