"""What the edges of appeals accept and return; amounts in centimes."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, StringConstraints

from ...core.shapes import Centimes, In, Out
from ..conditions.schemas import TermsIn
from ..models import AppealState, DecisionOutcome

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000)]


class AppealIn(In):
    """A decision to contest, and why."""

    decision_id: UUID
    reasons: Words


class HandlerIn(In):
    """Somebody who did not decide."""

    person_id: UUID


class ReportIn(In):
    report: Words


class AgendaIn(In):
    """A later session of the committee."""

    session_id: UUID


class AppealVoteIn(TermsIn):
    """What the session is asked to decide instead: `funded` for an amount, or `waiting`."""

    outcome: DecisionOutcome
    amount_centimes: Centimes = 0


class BothLanguages(In):
    fr: Words
    ar: Words


class SettlementIn(In):
    """Why, in both languages."""

    answer: BothLanguages


class AppealOut(Out):
    """An appeal, as its holder and the administration read it; the report is the administration's."""

    id: UUID
    decision_id: UUID
    application_id: UUID
    number: str
    state: AppealState
    reasons: str
    filed_at: datetime
    session_id: UUID | None
    outcome_id: UUID | None
    answer: dict[str, str] | None
    settled_at: datetime | None
    version: int


class AppealPage(BaseModel):
    items: list[AppealOut]
    next: str | None
