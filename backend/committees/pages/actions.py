"""Actions agreed with an owner and a day: the list with the overdue first, one action, its end."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...core.actor import Actor
from ...core.calendar import local
from ...core.errors import FORBIDDEN, Problem
from ...core.i18n import label, localized, translate
from ...core.tx import Tx, transaction
from ...people.models import Role
from ...people.policy import OVERSEERS
from ...web import nav
from ...web.deps import Cursor, EntryActor, PageActor
from ...web.forms import Typed, attempt, day_typed, read, refused, uuid_of, version_of
from ...web.next_steps import Step, awaits
from ...web.render import language_of, render
from ...web.tables import csv_file
from ..dialogue import actions, queries
from ..dialogue.lifecycle import ACTION
from ..dialogue.policy import RUNNERS
from ..dialogue.queries import Filter
from ..dialogue.schemas import ActionIn, SettleIn
from ..models import ActionState, Committee
from ..queries import sessions
from .parts import nested, staff

router = APIRouter()
STAFF = {Role.EVALUATOR, Role.CHAIR, Role.OFFICER, *OVERSEERS}
nav.entry("/actions", "nav.actions", STAFF, 76, others=set(Role))
VIEWS = {"open": ActionState.OPEN, "done": ActionState.DONE, "dropped": ActionState.DROPPED}
DONE = ("settle", "reschedule", "agree", "reopen")


@awaits("next.action", dated=True)
def awaited(tx: Tx) -> list[Step]:
    """On her own page: what she agreed to do, the most urgent first."""
    found = queries.actions(tx, Filter(state=ActionState.OPEN, owner_id=tx.actor.id), limit=8)
    return [
        Step(
            f"/actions/{one.action.id}",
            localized(tx.actor.language, one.committee),
            one.action.due_on,
            one.action.text,
        )
        for one in found.items
    ]


def _filter(request: Request, tx: Tx) -> tuple[Filter, dict[str, str]]:
    """What the address asks for, and the same to keep in links."""
    asked = request.query_params
    view = asked.get("view", "open")
    view = view if view in (*VIEWS, "late", "all") else "open"
    kept = {"view": view}
    committee = uuid_of(asked.get("committee", ""))
    if committee:
        kept["committee"] = str(committee)
    mine = asked.get("mine") == "1"
    if mine:
        kept["mine"] = "1"
    late = local(tx.now).date() if view == "late" else None
    return Filter(committee, VIEWS.get(view), tx.actor.id if mine else None, late), kept


@router.get("/actions")
def actions_page(request: Request, actor: EntryActor, cursor: Cursor = None) -> Response:
    """What was agreed: open ones by their day, so the overdue first."""
    with transaction(actor) as tx:
        asked, kept = _filter(request, tx)
        page = queries.actions(tx, asked, cursor)
        pending, late = queries.situation(tx, Filter(asked.committee_id, owner_id=asked.owner_id))
        return render(
            request,
            actor,
            "committees/actions.html",
            rows=page.items,
            following=f"/actions?{urlencode(kept | {'cursor': page.next})}" if page.next else None,
            kept=kept,
            others=urlencode({key: value for key, value in kept.items() if key != "view"}),
            pending=pending,
            late=late,
            today=local(tx.now).date(),
        )


@router.get("/actions/export.csv")
def actions_export(request: Request, actor: EntryActor) -> Response:
    """The same list for a spreadsheet."""
    with transaction(actor) as tx:
        lang = language_of(request, actor)
        found = queries.every_action(tx, _filter(request, tx)[0])
        heads = ("Action", "Comité", "Qui", "Pour le", "État", "Ce qui a été fait")
        return csv_file(
            "actions",
            [translate(lang, head) for head in heads],
            (
                (
                    localized(lang, one.action.text),
                    localized(lang, one.committee),
                    one.owner,
                    one.action.due_on.isoformat(),
                    label(lang, f"state.agreed_action.{one.action.state}"),
                    one.action.outcome,
                )
                for one in found
            ),
        )


@router.get("/actions/new")
def new_action_page(request: Request, actor: PageActor, committee: str = "", source: str = "") -> Response:
    """The form that notes what was agreed; `source` names the session or the consultation."""
    with transaction(actor) as tx:
        return _new(request, tx, uuid_of(committee), {"source": source})


@router.post("/actions/new")
def agree_action_form(request: Request, actor: PageActor, typed: Typed) -> Response:
    """Note it."""

    def act(tx: Tx) -> Any:
        said = nested({key: value for key, value in typed.items() if key != "source"})
        kind, _, id_ = typed.get("source", "").partition(".")
        if kind in ("session", "consultation"):
            said[f"{kind}_id"] = id_
        return actions.agree_action(tx, read(ActionIn, said))

    return attempt(
        actor,
        act,
        lambda made: f"/actions/{made.id}?done=agree",
        lambda tx, refusal: _new(request, tx, uuid_of(typed.get("committee_id", "")), typed, refusal),
    )


@router.get("/actions/{action_id}")
def action_page(request: Request, actor: PageActor, action_id: UUID) -> Response:
    """What was agreed, by whom, until when, and what became of it."""
    with transaction(actor) as tx:
        return _page(request, tx, action_id)


@router.post("/actions/{action_id}/settle")
def settle_action_form(request: Request, actor: PageActor, action_id: UUID, typed: Typed) -> Response:
    """Done, or dropped."""

    def act(tx: Tx) -> None:
        asked = read(SettleIn, {"outcome": typed.get("outcome", "")})
        version = version_of(typed.get("version", ""))
        dropped = typed.get("act") == "drop"
        actions.settle_action(tx, action_id, asked.outcome, dropped=dropped, version=version)

    return attempt(
        actor,
        act,
        f"/actions/{action_id}?done=settle",
        lambda tx, refusal: _page(request, tx, action_id, ("settle", typed, refusal)),
    )


@router.post("/actions/{action_id}/reschedule")
def reschedule_action_form(request: Request, actor: PageActor, action_id: UUID, typed: Typed) -> Response:
    """Another day."""

    def act(tx: Tx) -> None:
        day = day_typed(typed.get("due_on", ""), "due_on")
        actions.reschedule_action(tx, action_id, day, version_of(typed.get("version", "")))

    return attempt(
        actor,
        act,
        f"/actions/{action_id}?done=reschedule",
        lambda tx, refusal: _page(request, tx, action_id, ("reschedule", typed, refusal)),
    )


@router.post("/actions/{action_id}/reopen")
def reopen_action_form(request: Request, actor: PageActor, action_id: UUID, typed: Typed) -> Response:
    """Open again."""

    def act(tx: Tx) -> None:
        day = day_typed(typed.get("due_on", ""), "due_on")
        version = version_of(typed.get("version", ""))
        actions.reopen_action(tx, action_id, typed.get("reason", ""), day, version)

    return attempt(
        actor,
        act,
        f"/actions/{action_id}?done=reopen",
        lambda tx, refusal: _page(request, tx, action_id, ("reopen", typed, refusal)),
    )


def _page(
    request: Request, tx: Tx, action_id: UUID, again: tuple[str, dict[str, str], Problem] | None = None
) -> Response:
    form, typed, refusal = again or ("", {}, None)
    answer = refused(refusal, request, tx.actor)
    found = queries.action(tx, action_id)
    done = request.query_params.get("done", "")
    return render(
        request,
        tx.actor,
        "committees/action.html",
        **answer,
        one=found.action,
        owner=found.owner,
        committee=found.committee,
        verbs=ACTION.available(tx, found.action),
        moves=found.action.state is ActionState.OPEN and _runs(tx.actor, found.action.province_code),
        today=local(tx.now).date(),
        told=queries.settlements(tx, action_id),
        form=form,
        typed=typed,
        done=done if done in DONE else "",
    )


def _runs(actor: Actor, province: str) -> bool:
    return bool(set(actor.provinces(*RUNNERS)) & {province, None})


def _new(
    request: Request,
    tx: Tx,
    committee_id: UUID | None,
    typed: dict[str, str] | None = None,
    refusal: Problem | None = None,
) -> Response:
    answer = refused(refusal, request, tx.actor)
    committee = tx.get(Committee, committee_id, "committee.read")
    if not _runs(tx.actor, committee.province_code):
        raise FORBIDDEN(rule="action.run")
    lang = language_of(request, tx.actor)
    held = [
        (f"session.{one.id}", translate(lang, "Séance {number}", number=one.number))
        for one in sessions(tx, committee.id, limit=50).items
    ]
    asked = [
        (f"consultation.{one.id}", localized(lang, one.question))
        for one in queries.consultations(tx, committee.id).items
    ]
    return render(
        request,
        tx.actor,
        "committees/action_new.html",
        **answer,
        committee=committee,
        sources=[*held, *asked],
        people=staff(tx, committee.province_code),
        typed=typed or {},
    )
