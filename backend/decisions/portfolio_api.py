"""JSON edge of the portfolio: the best set of a call's dossiers, and deciding otherwise than proposed."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from ..core.shapes import Centimes, In
from ..core.tx import transaction
from ..web.deps import CurrentActor, OncePerKey
from . import commands, whatif
from .commands import Change
from .conditions.schemas import TermsIn
from .models import DecisionOutcome
from .schemas import MotionList, MotionOut

router = APIRouter(prefix="/decisions", tags=["decisions"])


class PriceOut(BaseModel):
    """What a floor or a ceiling costs: what would be gained without it (scores in hundredths)."""

    constraint: str
    side: str
    benefit: int
    score_hundredths: int
    enters: list[UUID]
    leaves: list[UUID]


class ConflictOut(BaseModel):
    """Constraints that cannot all hold; `limits`: with which each would (None: with none alone)."""

    limits: dict[str, int | None]
    envelope_centimes: int | None


class PortfolioOut(BaseModel):
    """The best portfolio of what you may see. `inputs` is the fingerprint of all that it rests on."""

    objective: str
    envelope_centimes: int
    hidden: int
    inputs: str | None
    granted: dict[UUID, int]
    prices: list[PriceOut]
    unpriced: list[str]
    conflict: ConflictOut | None
    lowered: dict[str, int | None]
    proven: bool


class ChangeIn(TermsIn):
    """What is wanted for a proposed decision instead; an amount for a grant, conditions where it has any."""

    decision_id: UUID
    outcome: DecisionOutcome
    amount_centimes: Centimes = 0


class DeviationIn(In):
    """A motion to decide otherwise than proposed, with its reason in the language of who writes it."""

    session_id: UUID
    call_id: UUID
    changes: list[ChangeIn] = Field(min_length=1, max_length=1000)
    because: str = Field(max_length=4000)


@router.get("/calls/{call_id}/portfolio")
def read_portfolio(call_id: UUID, actor: CurrentActor) -> PortfolioOut:
    """The best portfolio of a call under its own constraints, and what each of them costs. Saves nothing."""
    with transaction(actor) as tx:
        look = whatif.gathered(tx, call_id, {})
    study = whatif.solved(look).study
    found: dict[str, Any] = {
        "objective": look.setting.objective,
        "envelope_centimes": look.setting.envelope,
        "hidden": look.hidden,
        "inputs": study.inputs if study else None,
        "granted": dict(study.solution.granted) if study and study.solution else {},
        "prices": [],
        "unpriced": list(study.unpriced) if study else [],
        "conflict": None,
        "lowered": dict(study.lowered) if study else {},
        "proven": bool(study and not study.hard),
    }
    for price in study.prices if study else ():
        code, _, side = price.key.rpartition(".")
        found["prices"].append(
            PriceOut(
                constraint=code,
                side=side,
                benefit=price.benefit,
                score_hundredths=price.score,
                enters=[UUID(one) for one in price.enters],
                leaves=[UUID(one) for one in price.leaves],
            )
        )
    if study and study.conflict:
        limits = {one.key: one.limit for one in study.conflict.bounds}
        found["conflict"] = ConflictOut(limits=limits, envelope_centimes=study.conflict.envelope)
    return PortfolioOut.model_validate(found)


@router.post("/deviate", status_code=201)
def deviate_from_proposals(body: DeviationIn, actor: CurrentActor, once: OncePerKey) -> MotionList:
    """Open the motions to decide otherwise than proposed; refused above the envelope or what is asked."""
    changes = {one.decision_id: Change(one.outcome, one.amount_centimes, one.terms()) for one in body.changes}
    with transaction(actor) as tx:
        return once(  # type: ignore[no-any-return]
            tx,
            body,
            lambda: MotionList(
                items=[
                    MotionOut.model_validate(one)
                    for one in commands.deviate(tx, body.session_id, body.call_id, changes, body.because)
                ]
            ),
        )
