"""Plans, milestones and reminders over HTTP."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response

from ..core.tx import Tx, transaction
from ..web.deps import CurrentActor, Cursor, IfMatch, Limit, OncePerKey, etag
from . import commands, queries
from .models import Milestone, MilestoneState, ReminderState
from .schemas import (
    MilestoneOut,
    MilestonePage,
    PlanCallIn,
    PlanIn,
    PlanLine,
    PlanOut,
    PlanPage,
    PlansMadeOut,
    ReminderOut,
    ReminderPage,
    ReportIn,
    RescheduleIn,
    SendBackIn,
)

router = APIRouter(tags=["coaching"])


@router.get("/plans")
def list_plans(
    actor: CurrentActor,
    convention_id: UUID | None = None,
    coach_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PlanPage:
    """The plans that you may see."""
    with transaction(actor) as tx:
        page = queries.plans(tx, convention_id, coach_id, cursor, limit)
        return PlanPage(items=[PlanLine.model_validate(plan) for plan in page.items], next=page.next)


@router.post("/plans", status_code=201)
def create_plan(body: PlanIn, actor: CurrentActor, once: OncePerKey) -> PlanOut:
    """Plan the coaching of a signed convention: milestones by the call's months, reminders by its ladder."""
    with transaction(actor) as tx:
        return once(  # type: ignore[no-any-return]
            tx, body, lambda: PlanOut.model_validate(commands.plan(tx, body.convention_id, body.coach_id))
        )


@router.post("/plans/call", status_code=201)
def create_plans(body: PlanCallIn, actor: CurrentActor, once: OncePerKey) -> PlansMadeOut:
    """Plan every signed convention of a call that has no plan, shared evenly between the coaches."""
    with transaction(actor) as tx:
        return once(  # type: ignore[no-any-return]
            tx,
            body,
            lambda: PlansMadeOut(items=[p.id for p in commands.plan_call(tx, body.call_id, body.coach_ids)]),
        )


@router.get("/plans/{plan_id}")
def read_plan(plan_id: UUID, actor: CurrentActor) -> PlanOut:
    """One plan with its milestones."""
    with transaction(actor) as tx:
        return PlanOut.model_validate(queries.plan(tx, plan_id))


@router.get("/milestones")
def list_milestones(
    actor: CurrentActor,
    *,
    state: MilestoneState | None = None,
    due_by: date | None = None,
    plan_id: UUID | None = None,
    coach_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> MilestonePage:
    """The milestones that you may see, the first due first, and how many are late, due soon, to validate."""
    with transaction(actor) as tx:
        page = queries.milestones(tx, queries.Filter(state, due_by, plan_id, coach_id), cursor, limit)
        now = queries.situation(tx, coach_id)
        return MilestonePage(
            items=[MilestoneOut.model_validate(m) for m in page.items],
            next=page.next,
            late=now.late,
            soon=now.soon,
            to_validate=now.to_validate,
        )


@router.get("/milestones/{milestone_id}")
def read_milestone(milestone_id: UUID, actor: CurrentActor, response: Response) -> MilestoneOut:
    """One milestone; its ETag is asked for by every edit."""
    with transaction(actor) as tx:
        found = tx.get(Milestone, milestone_id, "milestone.read")
        etag(response, found)
        return MilestoneOut.model_validate(found)


def _out(tx: Tx, milestone: Milestone, response: Response) -> MilestoneOut:
    tx.session.flush()
    etag(response, milestone)
    return MilestoneOut.model_validate(milestone)


@router.post("/milestones/{milestone_id}/report")
def report_milestone(
    milestone_id: UUID, body: ReportIn, actor: CurrentActor, version: IfMatch, response: Response
) -> MilestoneOut:
    """Say what was done (the holder); the reminders still to come are no longer needed."""
    with transaction(actor) as tx:
        return _out(tx, commands.report(tx, milestone_id, body.report, version), response)


@router.post("/milestones/{milestone_id}/validate")
def validate_milestone(
    milestone_id: UUID, actor: CurrentActor, version: IfMatch, response: Response
) -> MilestoneOut:
    """Validate the report (its plan's coach, or an officer of the province)."""
    with transaction(actor) as tx:
        return _out(tx, commands.validate(tx, milestone_id, version), response)


@router.post("/milestones/{milestone_id}/send-back")
def send_back_milestone(
    milestone_id: UUID, body: SendBackIn, actor: CurrentActor, version: IfMatch, response: Response
) -> MilestoneOut:
    """Send the report back with a reason (coach or officer); reminders still to come are planned again."""
    with transaction(actor) as tx:
        return _out(tx, commands.send_back(tx, milestone_id, body.reason, version), response)


@router.post("/milestones/{milestone_id}/reschedule")
def reschedule_milestone(
    milestone_id: UUID, body: RescheduleIn, actor: CurrentActor, version: IfMatch, response: Response
) -> MilestoneOut:
    """Another due date (coach or officer); the reminders not sent yet move with it."""
    with transaction(actor) as tx:
        return _out(tx, commands.reschedule(tx, milestone_id, body.due_on, version), response)


@router.get("/reminders")
def list_reminders(
    actor: CurrentActor,
    state: ReminderState | None = None,
    milestone_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ReminderPage:
    """The reminders that you may see, by their instant, and how many there are in each state."""
    with transaction(actor) as tx:
        page = queries.reminders(tx, state, milestone_id, cursor, limit)
        counts, due = queries.reminder_counts(tx, milestone_id)
        items = [ReminderOut.model_validate(reminder) for reminder in page.items]
        return ReminderPage(items=items, next=page.next, counts=counts, due=due)
