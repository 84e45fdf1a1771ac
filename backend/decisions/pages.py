"""Sessions as pages: the list, the runner (roll, proposals, votes), the minutes; and a holder's decision."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ..calls.models import Call
from ..committees import commands as committees
from ..committees import queries as sittings
from ..committees.lifecycle import SESSION
from ..committees.models import (
    BallotChoice,
    Committee,
    CommitteeSession,
    MotionState,
    Presence,
    Procedure,
    SessionState,
)
from ..core.calendar import local
from ..core.errors import INVALID, FieldError, Problem
from ..core.tx import Tx, transaction
from ..people.models import Role
from ..people.policy import OVERSEERS
from ..web import nav
from ..web.deps import Cursor, EntryActor, PageActor
from ..web.forms import Typed, attempt, hour_typed, refused, uuid_typed, version_of
from ..web.render import language_of, render
from . import commands, links, minutes, queries, recusals  # noqa: F401 (links and hooks declare themselves)
from .models import Decision, DecisionOutcome, DecisionState
from .noted import noted

router = APIRouter()
nav.entry("/sessions", "nav.sessions", {Role.OFFICER, Role.CHAIR, Role.EVALUATOR}, 50, others=OVERSEERS)

TAKEN = (Presence.PRESENT, Presence.REMOTE)


@router.get("/sessions")
def sessions_page(request: Request, actor: EntryActor, cursor: Cursor = None) -> Response:
    """The sessions of one's committees, the latest first, and the form to convene one."""
    with transaction(actor) as tx:
        return _list(request, tx, cursor)


@router.post("/sessions")
def convene_form(request: Request, actor: PageActor, typed: Typed) -> Response:
    """Convene a committee."""
    return attempt(
        actor,
        lambda tx: committees.plan_session(
            tx,
            uuid_typed(typed.get("committee", ""), "committee"),
            hour_typed(typed.get("scheduled_at", ""), "scheduled_at"),
            typed.get("place", "").strip()[:200],
        ),
        lambda made: f"/sessions/{made.id}",
        lambda tx, refusal: _list(request, tx, None, typed, refusal),
    )


@router.get("/sessions/{session_id}")
def session_page(request: Request, actor: PageActor, session_id: UUID) -> Response:
    """The runner: who is there, what is proposed, what is voted."""
    with transaction(actor) as tx:
        return _runner(request, tx, session_id)


@router.post("/sessions/{session_id}/{verb}")
def session_form(request: Request, actor: PageActor, session_id: UUID, verb: str, typed: Typed) -> Response:
    """One step of the session; a refusal shows the same page with what was chosen."""
    return attempt(
        actor,
        lambda tx: _act(tx, session_id, verb, typed),
        f"/sessions/{session_id}",
        lambda tx, refusal: _runner(request, tx, session_id, typed, refusal),
    )


@router.get("/sessions/{session_id}/minutes")
def minutes_page(request: Request, actor: PageActor, session_id: UUID) -> Response:
    """The minutes, written by the records themselves."""
    with transaction(actor) as tx:
        return render(request, actor, "decisions/minutes.html", **_context(request, tx, session_id))


@router.get("/applications/{application_id}/decision")
def decision_page(request: Request, actor: PageActor, application_id: UUID) -> Response:
    """What was decided on a dossier, why, with its scores by criterion."""
    with transaction(actor) as tx:
        heard = queries.of_application(tx, application_id)
    decided_at = heard.decision.decided_at
    return render(
        request,
        actor,
        "decisions/decision.html",
        heard=heard,
        decision=heard.decision,
        application=heard.application,
        reasons=queries.reasons_in_words(heard.decision, language_of(request, actor)),
        appeal_until=local(decided_at + timedelta(days=heard.appeal_days)).date() if decided_at else None,
    )


def _act(tx: Tx, session_id: UUID, verb: str, typed: dict[str, str]) -> None:
    """What the buttons of the runner do."""
    if verb == "attendance":
        roll = {
            uuid_typed(key[5:], key): _presence(value)
            for key, value in typed.items()
            if key.startswith("seat.")
        }
        committees.take_attendance(tx, session_id, roll, version_of(typed.get("version", "")))
    elif verb == "open":
        committees.open_session(tx, session_id)
    elif verb == "close":
        committees.close_session(tx, session_id)
    elif verb == "propose":
        commands.propose(tx, session_id, uuid_typed(typed.get("call", ""), "call"))
    elif verb == "put":
        commands.put_to_vote(tx, session_id, uuid_typed(typed.get("call", ""), "call"))
    elif verb == "vote":
        motion_id = uuid_typed(typed.get("motion", ""), "motion")
        for key, value in typed.items():
            if key.startswith("seat."):
                commands.vote(tx, motion_id, uuid_typed(key[5:], key), _choice(value))
        if typed.get("act") == "close":
            commands.close_vote(tx, motion_id)
    else:
        raise INVALID([FieldError("verb", "invalid")])


def _list(
    request: Request,
    tx: Tx,
    cursor: str | None,
    typed: dict[str, str] | None = None,
    refusal: Problem | None = None,
) -> Response:
    answer = refused(refusal, request, tx.actor)
    page = sittings.sessions(tx, None, cursor, 30)
    found = sittings.committees(tx, None, None, 200).items
    names = {one.id: one.name for one in found}
    convened = [one for one in found if _runs(tx, one)]
    return render(
        request,
        tx.actor,
        "decisions/sessions.html",
        **answer,
        sessions=page.items,
        names=names,
        convened=convened,
        next=f"/sessions?cursor={page.next}" if page.next else None,
        typed=typed or {},
    )


def _runs(tx: Tx, committee: Committee) -> bool:
    places = tx.actor.provinces(Role.OFFICER, Role.CHAIR)
    return None in places or committee.province_code in places


def _runner(
    request: Request,
    tx: Tx,
    session_id: UUID,
    typed: dict[str, str] | None = None,
    refusal: Problem | None = None,
) -> Response:
    answer = refused(refusal, request, tx.actor)
    context = _context(request, tx, session_id)
    session = context["session"]
    runs = context["may"]["session.run"]
    open_ = runs and session.state is SessionState.OPEN
    return render(
        request,
        tx.actor,
        "decisions/session.html",
        **answer,
        runs=runs,
        verbs=SESSION.available(tx, session),
        ready=queries.ready_calls(tx, session.province_code, session.committee_id) if open_ else [],
        typed=typed or {},
        **context,
    )


def _context(request: Request, tx: Tx, session_id: UUID) -> dict[str, Any]:
    """What the runner and the minutes show, without the rows that the reader may not see."""
    lang = language_of(request, tx.actor)
    session = tx.get(CommitteeSession, session_id, "session.read")
    decisions = queries.of_session(tx, session_id)
    calls = {
        call.id: call
        for call in (tx.session.get_one(Call, id) for id in dict.fromkeys(d.call_id for d in decisions))
    }
    roll = sittings.roll(tx, session)
    motions = sittings.motions(tx, session_id)
    hidden = queries.hidden_motions(tx, session_id)
    return {
        "session": session,
        "committee": tx.session.get_one(Committee, session.committee_id),
        "procedure": tx.session.get_one(Procedure, session.procedure_id),
        "may": tx.may(["session.run"], session),
        "roll": roll,
        "taken": [one for one in roll if one.presence in TAKEN],
        "people": {one.seat.id: one for one in roll},
        "quorum": sittings.quorum(tx, session),
        "remote": sum(one.presence is Presence.REMOTE and one.seat.votes for one in roll),
        "motions": [one for one in motions if one.motion.id not in hidden],
        "lists": [_list_of(call, [d for d in decisions if d.call_id == call.id]) for call in calls.values()],
        "recused_on": _recused_by_motion(decisions),
        "reasons": {d.id: queries.reasons_in_words(d, lang) for d in decisions},
        "notes": noted(tx, decisions),
        "choices": list(BallotChoice),
        "presences": list(Presence),
        "open_motion": MotionState.OPEN,
    }


def _list_of(call: Call, decisions: Sequence[Decision]) -> dict[str, Any]:
    """A call's proposals in figures: outcomes, money, what still has to be put to the vote."""
    standing = [d for d in decisions if d.state is not DecisionState.SET_ASIDE]
    return {
        "call": call,
        "decisions": decisions,
        "counts": Counter(d.outcome for d in standing),
        "funded": sum(d.amount_centimes for d in standing if d.outcome is DecisionOutcome.FUNDED),
        "unvoted": sum(d.state is DecisionState.PROPOSED and d.motion_id is None for d in decisions),
    }


def _recused_by_motion(decisions: Sequence[Decision]) -> dict[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = {}
    for decision in decisions:
        if decision.motion_id:
            found.setdefault(decision.motion_id, set()).update(UUID(seat) for seat in decision.recused_seats)
    return found


def _presence(text: str) -> Presence:
    if text not in set(Presence):
        raise INVALID([FieldError("presence", "enum")])
    return Presence(text)


def _choice(text: str) -> BallotChoice:
    if text not in set(BallotChoice):
        raise INVALID([FieldError("choice", "enum")])
    return BallotChoice(text)
