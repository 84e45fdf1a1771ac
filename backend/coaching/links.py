"""What the pages of a dossier and of a convention link to in coaching; what a holder has to report."""

from collections.abc import Iterable

from sqlalchemy import select

from ..applications.models import Application
from ..core.tx import Tx
from ..funding.models import Convention, ConventionState
from ..people.policy import represents
from ..web.links import Related, related
from ..web.next_steps import AT_MOST, Step, awaits
from .models import Milestone, MilestoneState, Plan


@related("application", "link.application.plan", order=30)
def plan(tx: Tx, application: Application) -> Related | None:
    """The coaching plan of a funded dossier."""
    signed = select(Convention.id).where(Convention.application_id == application.id)
    asked = select(Plan.id).where(Plan.convention_id.in_(signed))
    found = tx.session.scalars(tx.visible(asked, "plan.read")).one_or_none()
    return Related(f"/plans/{found}") if found else None


@related("convention", "link.application.plan", order=10)
def plan_of_convention(tx: Tx, convention: Convention) -> Related | None:
    """The plan of a signed convention; before there is one, the form that makes it."""
    if convention.state is not ConventionState.SIGNED:
        return None
    asked = select(Plan.id).where(Plan.convention_id == convention.id)
    found = tx.session.scalars(tx.visible(asked, "plan.read")).one_or_none()
    if found:
        return Related(f"/plans/{found}")
    may = tx.may(["convention.sign"], convention)["convention.sign"]
    return Related(f"/conventions/{convention.id}/plan") if may else None


@awaits("next.milestone", dated=True)
def reports(tx: Tx) -> Iterable[Step]:
    """The milestones that a holder has to report, the first due first."""
    asked = (
        select(Milestone.id, Milestone.title, Milestone.due_on, Application.title)
        .join(Plan, Plan.id == Milestone.plan_id)
        .join(Convention, Convention.id == Plan.convention_id)
        .join(Application, Application.id == Convention.application_id)
        .where(Milestone.state == MilestoneState.OPEN, Convention.state == ConventionState.SIGNED)
        .where(represents(tx.actor, Convention.organisation_id))
        .order_by(Milestone.due_on, Milestone.id)
        .limit(AT_MOST)
    )
    for key, title, due_on, project in tx.session.execute(asked):
        yield Step(f"/milestones/{key}", project, due_on, title)
