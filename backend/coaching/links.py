"""What a dossier's page links to in coaching."""

from sqlalchemy import select

from ..applications.models import Application
from ..core.tx import Tx
from ..funding.models import Convention
from ..web.links import Related, related
from .models import Plan


@related("application", "link.application.plan", order=30)
def plan(tx: Tx, application: Application) -> Related | None:
    """The coaching plan of a funded dossier."""
    signed = select(Convention.id).where(Convention.application_id == application.id)
    asked = select(Plan.id).where(Plan.convention_id.in_(signed))
    found = tx.session.scalars(tx.visible(asked, "plan.read")).one_or_none()
    return Related(f"/plans/{found}") if found else None
