"""What the editor's API accepts and returns."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class IssueOut(BaseModel):
    """A fault: its line in the text (0 when fields were sent), its place, the words in both languages."""

    file: str
    line: int
    column: int
    path: str
    code: str
    params: dict[str, str]
    allowed: list[str]
    message: dict[str, str]


class DraftOut(BaseModel):
    """The working text of a draft call, right or not yet; `version` 1 is that of a text never kept."""

    call_id: UUID
    source: str
    definition: dict[str, Any] | None = Field(
        description="The text as data; null when it cannot be read at all."
    )
    valid: bool
    issues: list[IssueOut]
    cautions: list[IssueOut] = Field(description="What deserves a second look, and refuses nothing.")
    version: int
    saved_at: datetime | None
    saved_by: UUID | None
    amends: int | None = Field(description="Of an erratum in preparation: the version that it corrects.")
    to_reread: list[str] = Field(description="Places of a copied call that nobody has read again yet.")


class CopyIn(BaseModel):
    """The code and province of a new call made from another."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(min_length=1, max_length=60)
    province: str = Field(min_length=1, max_length=8)


class LineOut(BaseModel):
    """A sentence of a call in plain words."""

    section: str
    title: str
    text: str
    kind: str = Field(description="`warn`: a rule that only warns; `todo`: still to be written.")


class PreviewOut(BaseModel):
    """What a call file says in plain words, and its faults."""

    valid: bool
    issues: list[IssueOut]
    cautions: list[IssueOut] = Field(description="What deserves a second look, and refuses nothing.")
    words: dict[str, list[LineOut]]


class DryRunIn(BaseModel):
    """The earlier call whose deposited dossiers are tried."""

    model_config = ConfigDict(extra="forbid")

    against: UUID


class MissingFactOut(BaseModel):
    fact: str
    name: dict[str, str]
    count: int


class RuleCountOut(BaseModel):
    """How many dossiers a rule passes, fails, cannot tell, and what it lacked."""

    code: str
    title: dict[str, str]
    refuses: bool
    passed: int
    failed: int
    unknown: int
    missing: list[MissingFactOut]


class BecauseOut(BaseModel):
    code: str
    title: dict[str, str]
    reason: dict[str, str]


class ChangeOut(BaseModel):
    """A dossier that the draft would judge otherwise than it was at deposit: pass, fail or unknown."""

    application_id: UUID
    number: str
    title: str
    before: str
    after: str
    refused_by: list[str]
    because: list[BecauseOut]
    no_longer_asked: list[dict[str, str]]


class DryRunOut(BaseModel):
    """A trial of a draft's rules. `total` counts the dossiers that the reader sees, `tried` those judged."""

    against: UUID
    total: int
    tried: int
    verdicts: dict[str, int]
    rules: list[RuleCountOut]
    changes: list[ChangeOut]
