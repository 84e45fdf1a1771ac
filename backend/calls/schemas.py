"""What the edge of the calls accepts and returns."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, RootModel

from ..core.shapes import Out
from .models import CallState


class CallIn(RootModel[dict[str, Any]]):
    """The fields of a call file (see `GET /calls/schema`), or `{"source": "<its YAML text>"}`."""

    model_config = ConfigDict(json_schema_extra={"example": {"source": "format: 1\ncode: agadir-2023\n…"}})


class CallOut(Out):
    """A call as lists show it. `phase` is where the clock stands: upcoming, open, closed."""

    id: UUID
    code: str
    province_code: str
    committee_id: UUID | None
    title: dict[str, str]
    state: CallState
    phase: str
    opens_at: datetime
    closes_at: datetime
    envelope_centimes: int
    definition_sha256: str
    published_at: datetime | None
    version: int


class CallDetailOut(CallOut):
    """A call with everything that its file says; `verbs` are those that would succeed now."""

    definition: dict[str, Any] = Field(description="The frozen call file; see `GET /calls/schema`.")
    verbs: list[str]


class CallsOut(BaseModel):
    items: list[CallOut]
    next: str | None


class RuleOut(Out):
    """A rule in plain words; one that does not refuse only warns."""

    code: str
    title: dict[str, str]
    words: dict[str, str]
    refuses: bool
    note: dict[str, str] | None


class RulesOut(BaseModel):
    items: list[RuleOut]
