"""Coaching as pages: where to go today, one milestone and its ladder, one plan."""

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import Response

from ..core.calendar import local
from ..core.errors import INVALID, NOT_FOUND, FieldError, Problem
from ..core.ladders import due_at
from ..core.tx import Tx, transaction
from ..funding.models import Convention
from ..people.models import Role
from ..people.policy import OVERSEERS
from ..web import nav
from ..web.deps import EntryActor, PageActor
from ..web.forms import attempt, day_typed, refused, see_other, uuid_of, version_of
from ..web.render import render
from . import commands, links, queries  # noqa: F401 (links declare themselves)
from .models import MilestoneState

router = APIRouter()
nav.entry(
    "/milestones",
    "nav.milestones",
    {Role.COACH, Role.OFFICER, Role.HOLDER},
    55,
    also=("/plans",),
    others=OVERSEERS,
)

Text = Annotated[str, Form(max_length=10_000)]
VIEWS = ("todo", "to_validate", "done", "all")
STATES = {
    "to_validate": MilestoneState.REPORTED,
    "done": MilestoneState.VALIDATED,
    "todo": MilestoneState.OPEN,
}
DONE = {
    "report": "event.milestone.reported",
    "validate": "event.milestone.validated",
    "send_back": "event.milestone.sent_back",
    "reschedule": "event.milestone.rescheduled",
    "plan": "event.plan.created",
}


@router.get("/milestones")
def milestones_page(
    request: Request,
    actor: EntryActor,
    view: Annotated[str, Query(max_length=20)] = "todo",
    mine: Annotated[str, Query(max_length=1)] = "",
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
) -> Response:
    """What is due, late first: the coach's day, the officer's watch, the holder's next step."""
    shown = view if view in VIEWS else "todo"
    with transaction(actor) as tx:
        coach = actor.id if mine else None
        page = queries.agenda(tx, queries.Filter(STATES.get(shown), coach_id=coach), cursor)
        kept = {"view": shown, "mine": mine}
        return render(
            request,
            actor,
            "coaching/milestones.html",
            view=shown,
            mine=mine,
            rows=page.items,
            following=f"/milestones?{urlencode(kept | {'cursor': page.next})}" if page.next else None,
            situation=queries.situation(tx, coach),
            to_plan=queries.to_plan(tx),
            today=local(tx.now).date(),
            soon=local(tx.now).date() + queries.SOON,
            done=DONE.get(request.query_params.get("done", "")),
        )


@router.get("/conventions/{convention_id}/plan")
def convention_plan_page(request: Request, actor: PageActor, convention_id: UUID) -> Response:
    """The convention's plan; before there is one, the form that makes it."""
    with transaction(actor) as tx:
        found = queries.plan_of(tx, convention_id)
        if found:
            return see_other(f"/plans/{found}")
        return _new_plan(request, tx, convention_id)


@router.post("/conventions/{convention_id}/plan")
def plan_form(request: Request, actor: PageActor, convention_id: UUID, coach_id: Text = "") -> Response:
    """Plan the coaching."""
    return attempt(
        actor,
        lambda tx: commands.plan(tx, convention_id, _coach(coach_id)),
        lambda made: f"/plans/{made.id}?done=plan",
        lambda tx, refusal: _new_plan(request, tx, convention_id, refusal),
    )


def _new_plan(request: Request, tx: Tx, convention_id: UUID, refusal: Problem | None = None) -> Response:
    answer = refused(refusal, request, tx.actor)
    convention = tx.get(Convention, convention_id, "convention.read")
    if not tx.may(["convention.sign"], convention)["convention.sign"]:
        raise NOT_FOUND(thing="plan")
    return render(
        request,
        tx.actor,
        "coaching/new_plan.html",
        **answer,
        c=convention,
        coaches=queries.coaches(tx, convention.province_code),
    )


@router.get("/plans/{plan_id}")
def plan_page(request: Request, actor: PageActor, plan_id: UUID) -> Response:
    """Two years of coaching on a line."""
    with transaction(actor) as tx:
        plan = queries.plan(tx, plan_id)
        today = local(tx.now).date()
        late = [m for m in plan.milestones if m.state is MilestoneState.OPEN and m.due_on < today]
        return render(
            request,
            actor,
            "coaching/plan.html",
            plan=plan,
            c=plan.convention,
            coach=queries.person_name(tx, plan.coach_id),
            today=today,
            shown_today=min(max(today, plan.starts_on), plan.ends_on + timedelta(days=30)),
            ends=plan.ends_on + timedelta(days=45),
            late=late,
            validated=[m for m in plan.milestones if m.state is MilestoneState.VALIDATED],
            following=next((m for m in plan.milestones if m.state is MilestoneState.OPEN), None),
            done=DONE.get(request.query_params.get("done", "")),
        )


@router.get("/milestones/{milestone_id}")
def milestone_page(request: Request, actor: PageActor, milestone_id: UUID) -> Response:
    """One milestone: where it stands, its ladder, what the reader may do."""
    with transaction(actor) as tx:
        return _page(request, tx, milestone_id)


@router.post("/milestones/{milestone_id}/report")
def report_form(
    request: Request, actor: PageActor, milestone_id: UUID, report: Text = "", version: Text = ""
) -> Response:
    """The holder's report."""
    return _do(
        request, actor, milestone_id, "report",
        lambda tx: commands.report(tx, milestone_id, report, version_of(version)), {"report": report},
    )  # fmt: skip


@router.post("/milestones/{milestone_id}/validate")
def validate_form(request: Request, actor: PageActor, milestone_id: UUID, version: Text = "") -> Response:
    """The coach agrees, or the DAS in her place."""
    return _do(
        request, actor, milestone_id, "validate",
        lambda tx: commands.validate(tx, milestone_id, version_of(version)), {},
    )  # fmt: skip


@router.post("/milestones/{milestone_id}/send-back")
def send_back_form(
    request: Request, actor: PageActor, milestone_id: UUID, reason: Text = "", version: Text = ""
) -> Response:
    """The coach, or the DAS, asks for more."""
    return _do(
        request, actor, milestone_id, "send_back",
        lambda tx: commands.send_back(tx, milestone_id, reason, version_of(version)), {"reason": reason},
    )  # fmt: skip


@router.post("/milestones/{milestone_id}/reschedule")
def reschedule_form(
    request: Request, actor: PageActor, milestone_id: UUID, due_on: Text = "", version: Text = ""
) -> Response:
    """Another date."""
    return _do(
        request, actor, milestone_id, "reschedule",
        lambda tx: commands.reschedule(
            tx, milestone_id, day_typed(due_on, "due_on"), version_of(version)
        ), {"due_on": due_on},
    )  # fmt: skip


def _do(
    request: Request,
    actor: Any,
    milestone_id: UUID,
    verb: str,
    act: Callable[[Tx], Any],
    typed: dict[str, str],
) -> Response:
    """Do it and show the milestone; when it is refused, the same page with what was typed and why."""
    return attempt(
        actor,
        act,
        f"/milestones/{milestone_id}?done={verb}",
        lambda tx, refusal: _page(request, tx, milestone_id, verb, typed, refusal),
    )


def _page(
    request: Request,
    tx: Tx,
    milestone_id: UUID,
    verb: str = "",
    typed: dict[str, str] | None = None,
    refusal: Problem | None = None,
) -> Response:
    told = queries.story(tx, milestone_id)
    return render(
        request,
        tx.actor,
        "coaching/milestone.html",
        **refused(refusal, request, tx.actor),
        told=told,
        m=told.milestone,
        place=told.place,
        typed={"report": "", "reason": "", "due_on": ""} | (typed or {}),
        refused=verb,
        today=local(tx.now).date(),
        due=due_at(told.milestone.due_on, 0).replace(hour=22, minute=59),
        done=DONE.get(request.query_params.get("done", "")) if not refusal else None,
    )


def _coach(text: str) -> UUID:
    found = uuid_of(text)
    if found is None:
        raise INVALID([FieldError("coach_id", "not_a_coach" if text else "missing")])
    return found
