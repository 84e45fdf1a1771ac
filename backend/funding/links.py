"""What the pages of a call and of a dossier link to in funding; what a convention awaits from its holder."""

from collections.abc import Iterable

from sqlalchemy import or_, select

from ..applications.models import Application
from ..calls.models import Call
from ..core.tx import Tx
from ..people.policy import represents
from ..web.links import Related, related
from ..web.next_steps import AT_MOST, Step, awaits
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


@awaits("next.contribution", "next.convention")
def conventions_to_settle(tx: Tx) -> Iterable[Step]:
    """The conventions whose own contribution she has to prove, and those that she has to sign."""
    unproven = (Convention.own_centimes > 0) & Convention.own_proven_at.is_(None)
    asked = (
        select(Convention.id, unproven, Application.title)
        .join(Application, Application.id == Convention.application_id)
        .where(
            Convention.state != ConventionState.CANCELLED, represents(tx.actor, Convention.organisation_id)
        )
        .where(or_(unproven, Convention.state == ConventionState.PREPARED))
        .order_by(Convention.prepared_at, Convention.id)
        .limit(AT_MOST)
    )
    for key, owes, project in tx.session.execute(asked):
        yield Step(f"/conventions/{key}", project, code="next.contribution" if owes else "next.convention")
