"""What the edges of reviews accept and return. Scores are integers, hundredths of a point (of 100)."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from ..core.shapes import In, Out
from .models import Assignment, AssignmentState, NoteKind, SuspicionState

Criterion = Annotated[str, Field(max_length=40)]
Level = Annotated[int, Field(strict=True, ge=0, le=20)]
Note = Annotated[str, Field(max_length=2000)]


class AssignmentIn(In):
    """A dossier for an evaluator; two weeks from now unless `due_at` says otherwise."""

    application_id: UUID
    evaluator_id: UUID
    due_at: datetime | None = None


class SharingIn(In):
    """A call to share out: among these evaluators, or all those of the province."""

    call_id: UUID
    evaluator_ids: Annotated[list[UUID], Field(max_length=500)] | None = None
    per_file: Annotated[int, Field(ge=1, le=10)] | None = None
    most: Annotated[int, Field(ge=1, le=1000)] | None = None
    """Dossiers of the call on one evaluator's stack, at most; those that she has count."""
    due_at: datetime | None = None


class DeclarationIn(In):
    """Whether she is tied to the holder; a conflict says why."""

    conflict: bool
    reason: Annotated[str, Field(max_length=1000)] = ""


class MarksIn(In):
    """Any part of a review: null takes a mark or a note away, what is absent stays."""

    marks: Annotated[dict[Criterion, Level | None], Field(max_length=30)] = {}
    notes: Annotated[dict[Criterion, Note | None], Field(max_length=30)] = {}


class ReopeningIn(In):
    """Why a signed review goes back to its author, and until when."""

    reason: Annotated[str, Field(min_length=1, max_length=1000)]
    due_at: datetime | None = None


class ExtensionIn(In):
    due_at: datetime


class AbstentionIn(In):
    """Why you cannot judge the dossier; a tie with its holder is declared instead."""

    reason: Annotated[str, Field(min_length=1, max_length=1000)]


class WithdrawalIn(In):
    """Why a dossier is taken back; with `evaluator_id`, to whom it goes instead."""

    reason: Annotated[str, Field(min_length=1, max_length=1000)]
    evaluator_id: UUID | None = None


class TieDecisionIn(In):
    """How the officer knows."""

    reason: Annotated[str, Field(min_length=1, max_length=1000)]


class FieldNoteIn(In):
    """What was seen on a visit, or heard when the holder presented."""

    kind: NoteKind
    held_on: date
    present: Annotated[str, Field(max_length=500)] = ""
    words: Annotated[str, Field(min_length=1, max_length=8000)]


class FieldNotePatch(In):
    """What is corrected of a note; its kind stays."""

    held_on: date | None = None
    present: Annotated[str, Field(max_length=500)] | None = None
    words: Annotated[str, Field(min_length=1, max_length=8000)] | None = None


class KnowledgeIn(In):
    """The value chains that an evaluator knows, and her communes; what is absent stays."""

    chains: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=100)] | None = None
    communes: Annotated[list[Annotated[str, Field(max_length=16)]], Field(max_length=10)] | None = None


class KnowledgeOut(Out):
    """What an evaluator knows, and where she lives or comes from."""

    person_id: UUID
    name: str
    chains: list[str]
    communes: list[str]


class SuspectedTieOut(Out):
    """An evaluator who may be too close to a holder, why, and what was decided."""

    id: UUID
    person_id: UUID
    organisation_id: UUID
    state: SuspicionState
    grounds: list[str]
    found_at: datetime
    decided_at: datetime | None
    reason: str | None


class SuspectedTiePage(BaseModel):
    items: list[SuspectedTieOut]
    next: str | None


class FieldNoteOut(Out):
    """A note of a visit or of a presentation."""

    id: UUID
    version: int
    application_id: UUID
    kind: NoteKind
    held_on: date
    author_id: UUID
    present: str
    words: str
    written_at: datetime


class FieldNoteList(BaseModel):
    items: list[FieldNoteOut]


class AssignmentOut(Out):
    """A review; its marks are its author's and, once signed, those of who leads the call."""

    id: UUID
    version: int
    call_id: UUID
    application_id: UUID
    evaluator_id: UUID
    state: AssignmentState
    assigned_at: datetime
    due_at: datetime
    declared_at: datetime | None
    recusal_reason: str | None
    abstention_reason: str | None
    withdrawal_reason: str | None
    marks: dict[str, int]
    notes: dict[str, str]
    total_hundredths: int
    signed_at: datetime | None


class BesideOut(BaseModel):
    """A colleague's signed review."""

    evaluator: str
    signed_at: datetime | None
    marks: dict[str, int]
    notes: dict[str, str]
    total_hundredths: int

    @classmethod
    def of(cls, review: Assignment, evaluator: str) -> "BesideOut":
        return cls(
            evaluator=evaluator,
            signed_at=review.signed_at,
            marks=review.marks,
            notes=review.notes,
            total_hundredths=review.total_hundredths,
        )


class BesideList(BaseModel):
    items: list[BesideOut]


class AssignmentPage(BaseModel):
    items: list[AssignmentOut]
    next: str | None


class ShortfallOut(Out):
    """A dossier that lacks reviews: `too_few_free` may read it, or all who may are full."""

    application_id: UUID
    number: str
    missing: int
    why: str
    free: int


class SharingOut(BaseModel):
    """What sharing out did, and what could not be satisfied."""

    created: list[AssignmentOut]
    shortfalls: list[ShortfallOut]
    doubtful: list[UUID]
    """Of those created, the ones given in spite of a tie still to confirm: nobody else was free."""
    without_expert: list[UUID]
    """The dossiers newly given to people of whom none knows their value chain."""


class DossierOut(BaseModel):
    """What an evaluator judges: the dossier as filed, and the grid.

    Where the panel is `blind`, `organisation` is null and `content` is without address and file names.
    """

    assignment: AssignmentOut
    number: str
    title: str
    blind: bool
    organisation: dict[str, str] | None
    commune: dict[str, str] | None
    requested_centimes: int
    total_centimes: int
    content: dict[str, Any]
    grid: dict[str, Any]


class RankedRow(TypedDict):
    """One dossier of the ranking."""

    rank: int
    application_id: UUID
    number: str
    title: str
    organisation: dict[str, str]
    commune: dict[str, str] | None
    requested_centimes: int
    score_hundredths: int
    """The mean of the signed reviews, whatever the call ranks by."""
    ranked_hundredths: int
    corrected_hundredths: int | None
    corrected_error_hundredths: int | None
    rank_raw: int | None
    rank_expected_hundredths: int | None
    rank_low: int | None
    rank_high: int | None
    spread_hundredths: int
    reviews: int
    ties: list[int]
    floors: list[str]


class RankingOut(TypedDict):
    """A page of the ranking, best first."""

    items: list[RankedRow]
    next: str | None


class AlphaOut(Out):
    """Krippendorff's α with its 95 % interval, over dossiers read twice at least."""

    value: float | None
    low: float | None
    high: float | None
    files: int
    bands: list[str]


class CoefficientOut(AlphaOut):
    """An intraclass correlation; `form` is that of McGraw and Wong."""

    form: str


class CoefficientsOut(Out):
    """Of one reading, and of the mean of the readings."""

    one: CoefficientOut
    mean: CoefficientOut


class AgreementOut(Out):
    """Of totals."""

    interval: AlphaOut
    ordinal: AlphaOut


class CriterionAgreementOut(Out):
    """Levels: their mean, their standard deviation within dossiers, and α."""

    code: str
    mean: float
    within: float | None
    ordinal: AlphaOut
    interval: AlphaOut


class SeverityOut(Out):
    """An evaluator: `effect` is what she gives above (severe: below nil) the panel, in points, of 90 %.

    `mean` and `sd` are of her distance to the means of the dossiers that she shares with others.
    """

    id: UUID
    files: int
    shared: int | None = None
    mean: float | None
    sd: float | None = None
    effect: float | None
    low: float | None = None
    high: float | None = None


class DiscordantOut(Out):
    """A dossier on which the readers disagree, in hundredths of a point, and what helps."""

    file: UUID
    totals: list[int]
    spread: int
    send_to: str
    reasons: list[str]


class WarningOut(Out):
    code: str
    evaluators: list[UUID]
    files: int


class PanelOut(Out):
    """What the marks of a call's evaluators are worth, of the dossiers that you may see."""

    reviews: int
    files: int
    agreement: AgreementOut
    icc: CoefficientsOut | None
    criteria: list[CriterionAgreementOut]
    evaluators: list[SeverityOut]
    discordant: list[DiscordantOut]
    asked: str
    method: str
    refused: str | None
    unable: str | None
    warnings: list[WarningOut]
    moved: int


class PanelAnswer(BaseModel):
    """The last report; `since` counts signed reviews that it does not know."""

    report: PanelOut | None
    reported_at: datetime | None
    since: int


class StandingOut(Out):
    """The kept score of one dossier: means of its signed reviews."""

    application_id: UUID
    call_id: UUID
    reviews: int
    score_hundredths: int
    spread_hundredths: int
    ties: list[int]
    criteria: dict[str, int]
