"""What the edge of the calls accepts and returns."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, RootModel, StringConstraints
from pydantic_core import PydanticCustomError

from ..core.shapes import In, Out
from .callfile.hidden import forbidden
from .models import CallState, QuestionState, VersionKind


def _readable(text: str) -> str:
    """Refuse characters that no page shows, or that turn the text around them: the same as in a call file."""
    if character := forbidden(text):
        raise PydanticCustomError("bad_character", "hidden character", {"character": character})
    return text


def _text(most: int, least: int = 1) -> Any:
    bounds = StringConstraints(strip_whitespace=True, min_length=least, max_length=most)
    return Annotated[str, bounds, AfterValidator(_readable)]


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
    version_number: int = Field(description="The version of its text in force; 0 while a draft.")


class CallDetailOut(CallOut):
    """A call with everything that its file says; `verbs` are those that would succeed now."""

    draw_seed: str | None = Field(
        description="Parts equal dossiers: the lowest SHA-256 of it and the number comes first."
    )
    drawn_at: datetime | None = Field(description="When it was drawn: before anybody had read a dossier.")
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


class WordsIn(In):
    """The same words in French and Arabic."""

    fr: _text(2000)  # type: ignore[valid-type]
    ar: _text(2000)  # type: ignore[valid-type]


class AmendIn(In):
    """A new version: the whole file as it becomes, and why. `file` is what `POST /calls` takes."""

    kind: Literal["erratum", "extension"]
    reason: WordsIn
    file: dict[str, Any]


class ExtendIn(In):
    """A later closing hour, to the minute, and why."""

    closes_at: AwareDatetime
    reason: WordsIn


class ChangeOut(Out):
    """A part that changed, in words; `before` or `after` is null when it did not exist."""

    part: str
    title: dict[str, str]
    before: dict[str, str] | None
    after: dict[str, str] | None


class VersionOut(Out):
    """A version of a call and its difference from the one before."""

    number: int
    kind: VersionKind
    reason: dict[str, str] | None
    published_at: datetime
    definition_sha256: str
    changes: list[ChangeOut]


class VersionsOut(BaseModel):
    items: list[VersionOut]


class QuestionIn(In):
    question: _text(2000, 10)  # type: ignore[valid-type]


class AnswerIn(In):
    """The question as everybody will read it, and its answer."""

    question: WordsIn
    answer: WordsIn


class SetAsideIn(In):
    reason: _text(1000)  # type: ignore[valid-type]


class QuestionOut(Out):
    """A question. What was asked, and the reason of setting it aside, are its asker's and the officers'.

    Nobody is told who asked.
    """

    id: UUID
    state: QuestionState
    mine: bool
    question: str | None
    published_question: dict[str, str] | None
    answer: dict[str, str] | None
    reason: str | None
    asked_at: datetime
    settled_at: datetime | None
    version: int


class QuestionsOut(BaseModel):
    items: list[QuestionOut]


class CheckIn(In):
    """Facts by their code (docs/call-file.md): centimes and counts as integers, days ISO, codes, booleans."""

    facts: Annotated[dict[Annotated[str, StringConstraints(max_length=60)], Any], Field(max_length=100)]


class CheckedOut(Out):
    """What one rule says of the facts; `missing` are those that would tell."""

    rule: str
    title: dict[str, str]
    asks: dict[str, str]
    outcome: Literal["pass", "fail", "unknown"]
    applies: bool | None
    refuses: bool
    reason: dict[str, str]
    missing: list[str]


class CheckOut(Out):
    outcome: Literal["pass", "fail", "unknown"]
    results: list[CheckedOut]
    missing: list[str]
