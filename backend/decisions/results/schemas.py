"""The results of a call as JSON. Amounts in centimes; no person is named, no refused project either."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from ...core.shapes import Out
from ...people.models import LegalForm
from ..models import DecisionOrigin, DecisionOutcome
from .reading import Line, Results


class ResultOut(Out):
    """A funded project, or one that waits; its proof is at `/proofs/decisions/{decision_id}`."""

    decision_id: UUID
    outcome: DecisionOutcome
    origin: DecisionOrigin
    place: int | None = Field(description="Its place on the waiting list, from 1.")
    title: str
    organisation: dict[str, str] | None = Field(description="Not given for a sole trader.")
    legal_form: LegalForm
    commune: dict[str, str] | None
    chain: dict[str, str] | None
    amount_centimes: int
    conditions_due_on: date | None
    conditions_met: bool
    deviates: bool = Field(description="The committee departed from what was proposed, by a motion.")
    deviation: str = Field(description="The reason of that motion.")
    decided_on: date
    told_at: datetime


class ChangeOut(BaseModel):
    """What happened after the publication: `promotion`, `appeal` or `lapsed`."""

    kind: str
    at: datetime
    project: ResultOut


class ResultsOut(BaseModel):
    """The results of a call as they stand."""

    call_id: UUID
    code: str
    title: dict[str, str]
    published_at: datetime
    deposited: int
    eligible: int
    envelope_centimes: int
    funded_centimes: int
    funded: list[ResultOut]
    waiting: list[ResultOut]
    refused: int
    refused_by_deviation: int
    ended: int = Field(description="Grants or places given up, or lost by a date.")
    changes: list[ChangeOut]


class PublicationOut(Out):
    """That the results of a call were made public."""

    id: UUID
    call_id: UUID
    published_at: datetime


def results_out(found: Results) -> ResultsOut:
    """The same as JSON; `found` is published."""
    assert found.published_at is not None
    return ResultsOut(
        call_id=found.call.id,
        code=found.call.code,
        title=found.call.title,
        published_at=found.published_at,
        deposited=found.deposited,
        eligible=found.eligible,
        envelope_centimes=found.call.envelope_centimes,
        funded_centimes=found.total_centimes,
        funded=_lines(found.funded),
        waiting=_lines(found.waiting),
        refused=found.refused,
        refused_by_deviation=found.refused_by_deviation,
        ended=found.ended,
        changes=[
            ChangeOut(kind=one.kind, at=one.at, project=ResultOut.model_validate(one.line))
            for one in found.changes
        ],
    )


def _lines(lines: Sequence[Line]) -> list[ResultOut]:
    return [ResultOut.model_validate(line) for line in lines]
