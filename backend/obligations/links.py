"""What the page of a dossier says of the clock that runs on it."""

from ..applications.models import Application
from ..core.calendar import local
from ..core.tx import Tx
from ..web.links import Related, related
from .clocks import answer_due


@related("application", "link.application.clock", order=5)
def clock(tx: Tx, application: Application) -> Related | None:
    """By when the administration must decide, for whoever reads the dossier; nothing once it has answered."""
    answer = answer_due(tx, application)
    if answer is None:
        return None
    late = answer.day < local(tx.now).date()
    return Related(
        f"/applications/{application.id}/answer-due",
        "clock.note.late" if late else "clock.note.running",
        kind="no" if late else "waiting",
    )
