"""The committee decides otherwise than proposed: the form of a motion with its reason."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.responses import Response

from ..calls.models import Call
from ..committees.models import CommitteeSession
from ..core.errors import FORBIDDEN, INVALID, NOT_FOUND, FieldError, Problem
from ..core.money import MoneyError, parse_money
from ..core.tx import Tx, transaction
from ..web.deps import PageActor
from ..web.forms import Typed, attempt, refused
from ..web.render import language_of, render
from . import commands, queries
from .conditions.terms import MOST, terms_typed
from .lifecycle import committed_centimes
from .models import Decision, DecisionOutcome, DecisionState

router = APIRouter()
OUTCOMES = (DecisionOutcome.FUNDED, DecisionOutcome.WAITING, DecisionOutcome.REFUSED)


@router.get("/sessions/{session_id}/calls/{call_id}/deviation")
def deviation_page(request: Request, actor: PageActor, session_id: UUID, call_id: UUID) -> Response:
    """The proposals that no motion is about, each with what may be decided instead."""
    with transaction(actor) as tx:
        return _page(request, tx, session_id, call_id)


@router.post("/sessions/{session_id}/calls/{call_id}/deviation")
def deviation_form(
    request: Request, actor: PageActor, session_id: UUID, call_id: UUID, typed: Typed
) -> Response:
    """Open the motions; a refusal shows the form as it was filled in."""
    return attempt(
        actor,
        lambda tx: _deviate(tx, session_id, call_id, typed),
        f"/sessions/{session_id}",
        lambda tx, refusal: _page(request, tx, session_id, call_id, typed, refusal),
    )


@router.get("/sessions/{session_id}/calls/{call_id}/deviation/{decision_id}")
def conditional_page(
    request: Request, actor: PageActor, session_id: UUID, call_id: UUID, decision_id: UUID
) -> Response:
    """One proposal, to be granted under conditions."""
    with transaction(actor) as tx:
        return _one(request, tx, session_id, call_id, decision_id)


@router.post("/sessions/{session_id}/calls/{call_id}/deviation/{decision_id}")
def conditional_form(
    request: Request, actor: PageActor, session_id: UUID, call_id: UUID, decision_id: UUID, typed: Typed
) -> Response:
    """Open the motion; a refusal shows the form as it was filled in."""

    def act(tx: Tx) -> None:
        change = commands.Change(DecisionOutcome.CONDITIONAL, _centimes(typed, "amount"), terms_typed(typed))
        commands.deviate(tx, session_id, call_id, {decision_id: change}, typed.get("because", ""))

    return attempt(
        actor,
        act,
        f"/sessions/{session_id}",
        lambda tx, refusal: _one(request, tx, session_id, call_id, decision_id, (typed, refusal)),
    )


def _one(
    request: Request,
    tx: Tx,
    session_id: UUID,
    call_id: UUID,
    decision_id: UUID,
    failed: tuple[dict[str, str], Problem] | None = None,
) -> Response:
    typed, refusal = failed or ({}, None)
    answer = refused(refusal, request, tx.actor)
    answer["errors"] = [(name.removesuffix(f".{decision_id}"), said) for name, said in answer["errors"]]
    session = tx.get(CommitteeSession, session_id, "session.read")
    if not tx.may(["session.propose"], session)["session.propose"]:
        raise FORBIDDEN(rule="session.propose")
    found = [one for one in _waiting(tx, session_id, call_id) if one.id == decision_id]
    if not found:
        raise NOT_FOUND(thing="decision")
    return render(
        request,
        tx.actor,
        "decisions/conditional.html",
        **answer,
        session=session,
        call=tx.get(Call, call_id, "ranking.read"),
        decision=found[0],
        wrong=dict(answer["errors"]),
        least=commands.LEAST,
        most=MOST,
        typed=typed,
    )


def _centimes(typed: dict[str, str], name: str) -> int:
    amount = typed.get(name, "").strip()
    try:
        return parse_money(amount) if amount else 0
    except MoneyError as error:
        raise INVALID([FieldError(name, error.code)]) from None


def _deviate(tx: Tx, session_id: UUID, call_id: UUID, typed: dict[str, str]) -> None:
    changes = {}
    for one in _waiting(tx, session_id, call_id):
        outcome = typed.get(f"outcome.{one.id}")
        if outcome not in {each.value for each in OUTCOMES}:
            raise INVALID([FieldError(f"outcome.{one.id}", "enum")])
        change = commands.Change(DecisionOutcome(outcome), _centimes(typed, f"amount.{one.id}"))
        if (change.outcome, change.amount) != (one.outcome, one.amount_centimes):
            changes[one.id] = change
    commands.deviate(tx, session_id, call_id, changes, typed.get("because", ""))


def _waiting(tx: Tx, session_id: UUID, call_id: UUID) -> list[Decision]:
    """The proposals that the actor may see and that no motion is about, by rank."""
    return [
        one
        for one in queries.of_session(tx, session_id)
        if one.call_id == call_id and one.state is DecisionState.PROPOSED and one.motion_id is None
    ]


def _page(
    request: Request,
    tx: Tx,
    session_id: UUID,
    call_id: UUID,
    typed: dict[str, str] | None = None,
    refusal: Problem | None = None,
) -> Response:
    answer = refused(refusal, request, tx.actor)
    session = tx.get(CommitteeSession, session_id, "session.read")
    if not tx.may(["session.propose"], session)["session.propose"]:
        raise FORBIDDEN(rule="session.propose")
    call = tx.get(Call, call_id, "ranking.read")
    found = _waiting(tx, session_id, call_id)
    lang = language_of(request, tx.actor)
    context: dict[str, Any] = {
        "session": session,
        "call": call,
        "decisions": found,
        "reasons": {one.id: queries.reasons_in_words(one, lang) for one in found},
        "outcomes": OUTCOMES,
        "wrong": dict(answer["errors"]),
        "least": commands.LEAST,
        "typed": typed or {},
    }
    hidden = tx.session.scalars(
        select(Decision.id).where(
            Decision.session_id == session_id,
            Decision.call_id == call_id,
            Decision.state == DecisionState.PROPOSED,
            Decision.motion_id.is_(None),
            Decision.id.not_in([one.id for one in found]),
        )
    ).all()
    context["hidden"] = len(hidden)
    if not hidden:
        taken = committed_centimes(tx, call, DecisionState.PROPOSED, DecisionState.ADOPTED)
        context["left"] = call.envelope_centimes - taken
    return render(request, tx.actor, "decisions/deviation.html", **answer, **context)
