"""Sessions as pages: the list, the runner, what is before the members now, the convocation."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ..committees import commands as committees
from ..committees import queries as sittings
from ..committees.calendar_file import calendar_file
from ..committees.convocation import convocation
from ..committees.models import Committee, CommitteeSession
from ..core.errors import Problem
from ..core.i18n import translate
from ..core.tx import Tx, transaction
from ..files.serving import PROTECTED, disposition
from ..people.models import Role
from ..people.policy import OVERSEERS
from ..web import nav
from ..web.deps import Cursor, EntryActor, PageActor
from ..web.forms import Typed, attempt, hour_typed, refused, uuid_typed
from ..web.render import language_of, render
from . import session_acts, session_view

router = APIRouter()
nav.entry("/sessions", "nav.sessions", {Role.OFFICER, Role.CHAIR, Role.EVALUATOR}, 50, others=OVERSEERS)
ON_MINUTES = ("sign", "correct")
"""Verbs whose form stands on the page of the minutes."""


@router.get("/sessions")
def sessions_page(request: Request, actor: EntryActor, cursor: Cursor = None) -> Response:
    """The sessions of one's committees, the latest first, and the form to plan one."""
    with transaction(actor) as tx:
        return _list(request, tx, cursor)


@router.post("/sessions")
def convene_form(request: Request, actor: PageActor, typed: Typed) -> Response:
    """Plan a session."""
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
    """The runner: agenda, who is there, what is proposed, what is voted."""
    with transaction(actor) as tx:
        return runner(request, tx, session_id)


@router.get("/sessions/{session_id}/live")
def live_page(request: Request, actor: PageActor, session_id: UUID) -> Response:
    """What is before the members now; read again every few seconds while the page is open."""
    with transaction(actor) as tx:
        session = tx.get(CommitteeSession, session_id, "session.read")
        everyone = sittings.everyone(tx, session)
        return render(
            request,
            actor,
            "decisions/live.html",
            block="now",
            session=session,
            committee=tx.session.get_one(Committee, session.committee_id),
            motions=[one for one in sittings.motions(tx, session_id) if one.motion.state == "open"],
            hands=session_view.hands(tx, session, everyone),
            quorum=sittings.quorum(tx, session),
            **session_view.agenda(tx, session),
        )


@router.get("/sessions/{session_id}/convocation.pdf")
def convocation_pdf(request: Request, actor: PageActor, session_id: UUID) -> Response:
    """The convocation as it would be sent now."""
    with transaction(actor) as tx:
        session = tx.get(CommitteeSession, session_id, "session.read")
        lang = language_of(request, actor)
        made = convocation(tx, session_id, lang)
    name = translate(lang, "convocation-{number}", number=session.number) + ".pdf"
    headers = PROTECTED | {
        "Content-Disposition": disposition("inline", name, f"convocation-{session.number}.pdf")
    }
    return Response(made, media_type="application/pdf", headers=headers)


@router.get("/sessions/{session_id}/session.ics")
def session_ics(request: Request, actor: PageActor, session_id: UUID) -> Response:
    """The same for a calendar."""
    with transaction(actor) as tx:
        session = tx.get(CommitteeSession, session_id, "session.read")
        committee = tx.session.get_one(Committee, session.committee_id)
        made = calendar_file(session, committee, language_of(request, actor), tx.now)
    headers = PROTECTED | {"Content-Disposition": disposition("attachment", f"seance-{session.number}.ics")}
    return Response(made, media_type="text/calendar; charset=utf-8", headers=headers)


@router.post("/sessions/{session_id}/{verb}")
def session_form(request: Request, actor: PageActor, session_id: UUID, verb: str, typed: Typed) -> Response:
    """One step of the session; a refusal shows the same page with what was typed."""
    from .minutes_pages import minutes_view

    there = f"/sessions/{session_id}"
    on_minutes = verb in ON_MINUTES
    live = typed.get("from") == "live"
    return attempt(
        actor,
        lambda tx: session_acts.act(tx, session_id, verb, typed),
        f"{there}/minutes" if on_minutes else f"{there}/live" if live else there,
        lambda tx, refusal: (
            minutes_view(request, tx, session_id, typed, refusal)
            if on_minutes
            else runner(request, tx, session_id, typed, refusal)
        ),
    )


def runner(
    request: Request,
    tx: Tx,
    session_id: UUID,
    typed: dict[str, str] | None = None,
    refusal: Problem | None = None,
) -> Response:
    """The whole page of a session."""
    answer = refused(refusal, request, tx.actor)
    found = session_view.context(request, tx, session_id)
    more = session_view.running(request, tx, found)
    return render(request, tx.actor, "decisions/session.html", **answer, **found, **more, typed=typed or {})


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
    return render(
        request,
        tx.actor,
        "decisions/sessions.html",
        **answer,
        sessions=page.items,
        names={one.id: one.name for one in found},
        convened=[one for one in found if _runs(tx, one)],
        next=f"/sessions?cursor={page.next}" if page.next else None,
        typed=typed or {},
    )


def _runs(tx: Tx, committee: Committee) -> Any:
    places = tx.actor.provinces(Role.OFFICER, Role.CHAIR)
    return None in places or committee.province_code in places
