"""The page of a project's story."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...coaching.models import MilestoneState
from ...core.calendar import add_months, local
from ...core.tx import transaction
from ...durability.models import WaveState
from ...web.deps import PageActor
from ...web.render import render
from ..queries import story

router = APIRouter()
AHEAD = timedelta(days=150)


@router.get("/projects/{convention_id}")
def project_page(request: Request, actor: PageActor, convention_id: UUID) -> Response:
    """Figures, a line of time, tranches, milestones and waves of one project."""
    with transaction(actor) as tx:
        found = story.project(tx, convention_id)
        start, end = span(found)
        return render(
            request,
            actor,
            "observatory/project.html",
            project=found,
            start=start,
            end=end,
            marks=marks(found),
        )


def span(project: story.Project) -> tuple[date, date]:
    """What the line of time covers: from the decision to a few months ahead, or to the plan's end."""
    today = project.today
    start = project.decided_on or local(project.convention.prepared_at).date()
    ends = [today + AHEAD, add_months(start, 12)]
    if project.plan:
        ends.append(project.plan.ends_on + timedelta(days=30))
    return start - timedelta(days=20), max(ends)


def marks(project: story.Project) -> dict[str, list[tuple[date, str]]]:
    """(day, state) of each mark of the milestones' and waves' lanes: done, late, next or planned."""
    today = project.today
    return {
        "milestones": [(m.due_on, _milestone(m.state, m.due_on, today)) for m in project.milestones],
        "waves": [(w.due_on, _wave(w.state, w.due_on, today)) for w in project.waves],
    }


def _milestone(state: MilestoneState, due_on: date, today: date) -> str:
    if state is MilestoneState.VALIDATED:
        return "done"
    if state is MilestoneState.REPORTED:
        return "next"
    return "late" if due_on < today else "planned"


def _wave(state: WaveState, due_on: date, today: date) -> Any:
    if state is WaveState.ANSWERED:
        return "done"
    return "late" if due_on < today else "planned"
