"""What a call's page links to in reviews, and what it tells of them."""

from uuid import UUID

from sqlalchemy import select

from ..applications.models import Application, ApplicationState
from ..calls.models import Call, CallState
from ..calls.standing import Draw, draws
from ..core.tx import Tx
from ..web.links import Related, related
from .models import CallReview
from .seated import sits_any


@draws
def draw(tx: Tx, call_id: UUID) -> Draw | None:
    """The seed of its ranking, public since the first dossier was given out."""
    row = tx.session.execute(
        select(CallReview.seed, CallReview.seeded_at).where(CallReview.call_id == call_id)
    ).one_or_none()
    return Draw(row.seed, row.seeded_at) if row else None


def _ranked(tx: Tx, call: Call, page: str) -> Related | None:
    shown = call.state is not CallState.DRAFT and tx.may(["ranking.read"], call)["ranking.read"]
    return Related(f"/das/calls/{call.id}/{page}") if shown else None


@related("call", "link.call.assignments", order=20)
def assignments(tx: Tx, call: Call) -> Related | None:
    """Who reads what."""
    return _ranked(tx, call, "assignments")


@related("call", "link.call.ranking", order=30)
def ranking(tx: Tx, call: Call) -> Related | None:
    """The dossiers by score."""
    return _ranked(tx, call, "ranking")


@related("call", "link.call.panel", order=35)
def panel(tx: Tx, call: Call) -> Related | None:
    """What the evaluators' marks are worth."""
    return _ranked(tx, call, "panel")


@related("application", "link.application.field_notes", order=15)
def field_notes(tx: Tx, application: Application) -> Related | None:
    """What was seen on visits and heard at presentations."""
    shown = (
        application.state is ApplicationState.ELIGIBLE
        and tx.may(["application.note_seen"], application)["application.note_seen"]
    )
    return Related(f"/field-notes/{application.id}") if shown else None


@related("application", "link.application.seats", order=16)
def seats(tx: Tx, application: Application) -> Related | None:
    """Ties of committee members who have no account to declare them."""
    shown = (
        application.submitted_at is not None
        and tx.may(["application.tie_seat"], application)["application.tie_seat"]
        and sits_any(tx, application)
    )
    return Related(f"/das/applications/{application.id}/seats") if shown else None
