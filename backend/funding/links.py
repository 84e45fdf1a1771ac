"""What the pages of a call and of a dossier link to in funding."""

from sqlalchemy import select

from ..applications.models import Application
from ..calls.models import Call
from ..core.tx import Tx
from ..web.links import Related, related
from .models import Convention, ConventionState

KINDS = {ConventionState.PREPARED: "waiting", ConventionState.SIGNED: "ok", ConventionState.CANCELLED: "no"}
STEPS = {state: f"step.convention.{state}" for state in ConventionState}


@related("call", "link.call.conventions", order=50)
def conventions(tx: Tx, call: Call) -> Related | None:
    """The conventions of the projects that the call funded."""
    asked = select(Convention.id).where(Convention.call_id == call.id).limit(1)
    found = tx.session.execute(tx.visible(asked, "convention.read")).first()
    return Related(f"/conventions?call={call.id}") if found else None


@related("application", "link.application.convention", order=20, steps=tuple(STEPS.values()))
def convention(tx: Tx, application: Application) -> Related | None:
    """The convention of a funded dossier."""
    asked = select(Convention).where(Convention.application_id == application.id)
    found = tx.session.scalars(tx.visible(asked, "convention.read")).one_or_none()
    if found is None:
        return None
    return Related(
        f"/conventions/{found.id}", f"state.convention.{found.state}", STEPS[found.state], KINDS[found.state]
    )
