"""What a dossier's page links to in the observatory."""

from sqlalchemy import select

from ..applications.models import Application
from ..core.tx import Tx
from ..funding.models import Convention
from ..web.links import Related, related


@related("application", "link.application.project", order=40)
def project(tx: Tx, application: Application) -> Related | None:
    """The story of a funded project."""
    asked = select(Convention.id).where(Convention.application_id == application.id)
    found = tx.session.scalars(tx.visible(asked, "convention.read")).one_or_none()
    return Related(f"/projects/{found}") if found else None
