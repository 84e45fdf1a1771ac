"""What the pages of a dossier and of a convention link to in coaching."""

from sqlalchemy import select

from ..applications.models import Application
from ..core.tx import Tx
from ..funding.models import Convention, ConventionState
from ..web.links import Related, related
from .models import Plan


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
