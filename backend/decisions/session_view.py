"""What the pages of a session show, without what the reader may not see."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy import select

from ..applications.models import Application, ApplicationState
from ..calls.lifecycle import UNDECIDED
from ..calls.models import Call
from ..committees import hooks
from ..committees import queries as sittings
from ..committees.attendance import REPRESENTED, VOICED, has_voice, places, quorums
from ..committees.dialogue import queries as dialogue
from ..committees.lifecycle import SESSION
from ..committees.models import (
    BallotChoice,
    Committee,
    CommitteeSession,
    ItemKind,
    MotionState,
    Presence,
    Procedure,
    Secrecy,
    SessionState,
)
from ..core.i18n import localized
from ..core.tx import Tx
from ..web.render import language_of
from . import minutes, queries
from .models import Decision, DecisionState
from .noted import noted
from .standing import STANDING
from .unsaid import partly_hidden

MOST_SUBJECTS = 300


def context(request: Request, tx: Tx, session_id: UUID) -> dict[str, Any]:
    """The session, its roll, agenda, motions and proposals."""
    lang = language_of(request, tx.actor)
    session = tx.get(CommitteeSession, session_id, "session.read")
    decisions = queries.of_session(tx, session_id)
    calls = {
        call.id: call
        for call in (tx.session.get_one(Call, id) for id in dict.fromkeys(d.call_id for d in decisions))
    }
    partial = partly_hidden(tx, calls)
    everyone = sittings.everyone(tx, session)
    roll = [one for one in everyone if one.seat.alternate_of_id is None]
    motions = sittings.motions(tx, session_id)
    return {
        "session": session,
        "committee": tx.session.get_one(Committee, session.committee_id),
        "procedure": tx.session.get_one(Procedure, session.procedure_id),
        "may": tx.may(["session.run"], session),
        "roll": roll,
        "people": {one.seat.id: one for one in everyone},
        "quorum": sittings.quorum(tx, session),
        "remote": sum(one.presence is Presence.REMOTE and one.seat.votes for one in roll),
        "motions": motions,
        "hands": hands(tx, session, everyone),
        "lists": [_list_of(call, [d for d in decisions if d.call_id == call.id]) for call in calls.values()],
        "recused_on": _recused_by_motion(decisions),
        "reasons": {d.id: queries.reasons_in_words(d, lang, partial) for d in decisions},
        "notes": noted(tx, decisions),
        "choices": list(BallotChoice),
        "presences": list(Presence),
        "voiced": VOICED,
        "represented": REPRESENTED,
        "open_motion": MotionState.OPEN,
    } | agenda(tx, session)


def hands(tx: Tx, session: CommitteeSession, everyone: Sequence[sittings.Sitting]) -> list[dict[str, Any]]:
    """The voices at the table: each seat that has one, and the person who casts it."""
    table = places(tx, session)
    people = {one.seat.id: one for one in everyone}
    found = []
    for one in everyone:
        place = table.get(one.seat.id)
        if place is None or not has_voice(place, table):
            continue
        by = people.get(place.by_seat or one.seat.id, one)
        found.append({"seat": one, "by": by, "place": place})
    return found


def agenda(tx: Tx, session: CommitteeSession) -> dict[str, Any]:
    """The points, those hidden from the reader as such; the one before the members, with its own quorum."""
    points = sittings.agenda(tx, session.id)
    hidden = hooks.hidden_subjects(tx, {one.subject_id for one in points if one.subject_id})
    now = next((one for one in points if one.id == session.current_item_id), None)
    tied: set[UUID] = set()
    if now is not None and now.subject_id:
        tied = hooks.tied_seats(tx, session, [now.subject_id])[now.subject_id]
    return {
        "agenda": points,
        "hidden_items": {one.id for one in points if one.subject_id in hidden},
        "now_item": now,
        "now_quorum": quorums(tx, session, [tied])[0] if now is not None else None,
        "now_tied": len(tied),
    }


def running(request: Request, tx: Tx, found: dict[str, Any]) -> dict[str, Any]:
    """What whoever runs the session is offered beside."""
    session: CommitteeSession = found["session"]
    runs = found["may"]["session.run"]
    open_ = runs and session.state is SessionState.OPEN
    lang = language_of(request, tx.actor)
    procedure: Procedure = found["procedure"]
    everyone = list(found["people"].values())
    return {
        "runs": runs,
        "sits": any(
            tx.actor.id in (one["seat"].seat.person_id, one["by"].seat.person_id) for one in found["hands"]
        ),
        "verbs": SESSION.available(tx, session),
        "agreed": dialogue.of_session(tx, session.id),
        "ready": queries.ready_calls(tx, session.province_code, session.committee_id) if open_ else [],
        "subjects": subjects(tx, session, lang) if runs and session.state in EDITED else [],
        "item_kinds": list(ItemKind),
        "may_be_secret": procedure.secrecy is Secrecy.ON_REQUEST,
        "alternates": {
            one.seat.id: [other for other in everyone if other.seat.alternate_of_id == one.seat.id]
            for one in found["roll"]
        },
        "minutes": minutes.current(tx, session.id) if session.state in ENDED else None,
        "second": _second(tx, session),
    }


EDITED = (SessionState.PLANNED, SessionState.OPEN)
ENDED = (SessionState.CLOSED, SessionState.LAPSED)


def subjects(tx: Tx, session: CommitteeSession, lang: str) -> list[tuple[str, str]]:
    """What a point may be about: the province's calls to be decided, and their dossiers, for her eyes."""
    calls = tx.session.execute(
        tx.visible(
            select(Call.id, Call.title).where(
                Call.province_code == session.province_code, Call.state.in_(UNDECIDED)
            ),
            "call.propose",
        ).order_by(Call.code)
    ).all()
    files = tx.session.execute(
        tx.visible(
            select(Application.id, Application.number, Application.title).where(
                Application.call_id.in_([one.id for one in calls]),
                Application.state == ApplicationState.ELIGIBLE,
            ),
            "application.read",
        )
        .order_by(Application.number)
        .limit(MOST_SUBJECTS)
    ).all()
    hidden = hooks.hidden_subjects(tx, {one.id for one in files})
    return [
        *((str(one.id), localized(lang, one.title)) for one in calls),
        *((str(one.id), f"{one.number} · {one.title}") for one in files if one.id not in hidden),
    ]


def named(tx: Tx, subject_id: UUID) -> dict[str, str] | None:
    """The title of a point about this call or this dossier."""
    call = tx.session.get(Call, subject_id)
    if call is not None:
        return dict(call.title)
    application = tx.session.get(Application, subject_id)
    return {"fr": application.title, "ar": application.title} if application else None


def _second(tx: Tx, session: CommitteeSession) -> CommitteeSession | None:
    if session.state is not SessionState.LAPSED:
        return None
    asked = select(CommitteeSession).where(
        CommitteeSession.second_of_id == session.id, CommitteeSession.state != SessionState.CANCELLED
    )
    return tx.session.scalars(asked.limit(1)).one_or_none()


def _list_of(call: Call, decisions: Sequence[Decision]) -> dict[str, Any]:
    """A call's proposals in figures: outcomes, money, what still has to be put to the vote."""
    standing = [d for d in decisions if d.state in STANDING]
    unvoted = [d for d in decisions if d.state is DecisionState.PROPOSED and d.motion_id is None]
    return {
        "call": call,
        "decisions": decisions,
        "counts": Counter(d.outcome for d in standing),
        "funded": sum(d.amount_centimes for d in standing),
        "unvoted": len(unvoted),
        "waiting_files": [(str(d.id), f"{d.application.number} · {d.application.title}") for d in unvoted],
    }


def _recused_by_motion(decisions: Sequence[Decision]) -> dict[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = {}
    for decision in decisions:
        if decision.motion_id:
            found.setdefault(decision.motion_id, set()).update(UUID(seat) for seat in decision.recused_seats)
    return found
