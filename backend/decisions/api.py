"""JSON edge of decisions: propose, put to the vote, vote, adopt; read what was decided and why."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import select

from ..core.actor import Actor
from ..core.i18n import LANGUAGES
from ..core.tx import Tx, transaction
from ..web.deps import CurrentActor, Cursor, Limit, OncePerKey
from . import (
    appeals_api,
    commands,
    conditions_api,
    letters_api,
    minutes_api,
    portfolio_api,
    queries,
    results_api,
)
from .models import Decision, DecisionOutcome, DecisionState
from .schemas import (
    BallotOut,
    ConclusionIn,
    DecisionList,
    DecisionOut,
    DecisionPage,
    LeftOutOut,
    MotionList,
    MotionOut,
    PostponementIn,
    ProposalIn,
    ProposalOut,
    PutIn,
    ReasonOut,
    VoteIn,
)
from .unsaid import open_to, partly_hidden, unsaid

router = APIRouter(tags=["decisions"])
router.include_router(appeals_api.router)
router.include_router(conditions_api.router)
router.include_router(minutes_api.router)
router.include_router(portfolio_api.router)
router.include_router(letters_api.router)
router.include_router(results_api.router)


@router.get("/decisions")
def list_decisions(
    actor: CurrentActor,
    *,
    call_id: UUID | None = None,
    session_id: UUID | None = None,
    application_id: UUID | None = None,
    state: DecisionState | None = None,
    outcome: DecisionOutcome | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> DecisionPage:
    """Decisions that you may see, by rank: a holder her own once adopted, a member those of her sessions."""
    with transaction(actor) as tx:
        page = queries.listed(
            tx,
            call_id=call_id,
            session_id=session_id,
            application_id=application_id,
            state=state,
            outcome=outcome,
            cursor=cursor,
            limit=limit,
        )
        return DecisionPage(items=_told(tx, page.items), next=page.next)


@router.get("/decisions/{decision_id}")
def read_decision(decision_id: UUID, actor: CurrentActor) -> DecisionOut:
    """One decision with its reasons in both languages."""
    with transaction(actor) as tx:
        return _told(tx, [tx.get(Decision, decision_id, "decision.read")])[0]


@router.post("/decisions/propose", status_code=201)
def propose_decisions(body: ProposalIn, actor: CurrentActor, once: OncePerKey) -> ProposalOut:
    """Propose a decision on each ranked dossier of a call to an open session, strictly by rank."""
    with transaction(actor) as tx:
        return once(tx, body, lambda: _proposed(tx, body))  # type: ignore[no-any-return]


@router.post("/decisions/put-to-vote", status_code=201)
def put_decisions_to_vote(body: PutIn, actor: CurrentActor, once: OncePerKey) -> MotionList:
    """Open the motions on what is proposed: one for each group of dossiers with the same recused members."""
    with transaction(actor) as tx:

        def make() -> MotionList:
            found = commands.put_to_vote(tx, body.session_id, body.call_id, secret=body.secret)
            return MotionList(items=[MotionOut.model_validate(motion) for motion in found])

        return once(tx, body, make)  # type: ignore[no-any-return]


@router.post("/decisions/postpone", status_code=201)
def postpone_decisions(body: PostponementIn, actor: CurrentActor, once: OncePerKey) -> MotionList:
    """Put to the vote that these proposals wait for another session."""
    with transaction(actor) as tx:

        def make() -> MotionList:
            found = commands.postpone(tx, body.session_id, body.decision_ids, body.reason)
            return MotionList(items=[MotionOut.model_validate(motion) for motion in found])

        return once(tx, body, make)  # type: ignore[no-any-return]


@router.post("/decisions/vote")
def vote_on_decisions(body: VoteIn, actor: CurrentActor) -> BallotOut:
    """A seat's vote; refused (409 `seat_recused`) when its member is tied to a holder concerned."""
    with transaction(actor) as tx:
        return BallotOut.model_validate(
            commands.vote(tx, body.motion_id, body.seat_id, body.choice, body.dissent)
        )


@router.post("/decisions/close-vote")
def close_vote_on_decisions(body: ConclusionIn, actor: CurrentActor) -> DecisionList:
    """Count the votes without the recused seats, and adopt the decisions or set them aside."""
    with transaction(actor) as tx:
        done = commands.close_vote(tx, body.motion_id)
        return DecisionList(items=_visible(tx, done))


@router.post("/decisions/adopt")
def adopt_decisions(body: ConclusionIn, actor: CurrentActor) -> DecisionList:
    """Draw the consequence of a motion that was closed through /motions; harmless to repeat."""
    with transaction(actor) as tx:
        done = commands.adopt(tx, body.motion_id)
        return DecisionList(items=_visible(tx, done))


def _proposed(tx: Tx, body: ProposalIn) -> ProposalOut:
    found = commands.propose(tx, body.session_id, body.call_id)
    told = _visible(tx, found.decisions)
    hers = open_to(tx, [o.application_id for o in found.left_out])
    return ProposalOut(
        decisions=told,
        left_out=[
            LeftOutOut(application_id=o.application_id, number=o.number, reason=_reason(o.reason))
            for o in found.left_out
            if o.application_id in hers
        ],
        left_centimes=None if partly_hidden(tx, [body.call_id]) else found.left_centimes,
    )


def _visible(tx: Tx, decisions: list[Decision]) -> list[DecisionOut]:
    """Those that the actor may see: a chair who runs a session may be tied to one holder."""
    tx.session.flush()
    asked = select(Decision.id).where(Decision.id.in_([d.id for d in decisions]))
    seen = set(tx.session.scalars(tx.visible(asked, "decision.read")))
    return _told(tx, [d for d in decisions if d.id in seen])


def _told(tx: Tx, decisions: list[Decision]) -> list[DecisionOut]:
    """As the actor may read them, who may see each."""
    partial = partly_hidden(tx, {d.call_id for d in decisions})
    states = queries.states_as_told(tx, decisions)
    return [_out(d, tx.actor, d.call_id in partial, states[d.id]) for d in decisions]


def _out(decision: Decision, actor: Actor, partial: bool, state: DecisionState) -> DecisionOut:
    """Which seats were recused is the committee's affair: a holder does not read it."""
    inside = bool(actor.roles - {"holder"})
    return DecisionOut(
        id=decision.id,
        application_id=decision.application_id,
        call_id=decision.call_id,
        session_id=decision.session_id,
        motion_id=decision.motion_id,
        state=state,
        outcome=decision.outcome,
        rank=decision.rank,
        score_hundredths=decision.score_hundredths,
        amount_centimes=decision.amount_centimes,
        reasons=[_reason(one) for one in (unsaid(decision.reasons) if partial else decision.reasons)],
        recused_seats=[UUID(seat) for seat in decision.recused_seats] if inside else [],
        decided_at=decision.decided_at,
        conditions=decision.conditions or [],
        conditions_due_on=decision.conditions_due_on,
        conditions_until=decision.conditions_until,
        conditions_met_at=decision.conditions_met_at,
    )


def _reason(reason: dict[str, Any]) -> ReasonOut:
    return ReasonOut(
        code=reason["code"],
        params=reason["params"],
        words={lang: queries.in_words(reason, lang) for lang in LANGUAGES},
    )
