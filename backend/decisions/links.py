"""What the pages of a call and of a dossier link to in decisions; the decisions that a holder has to read."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from ..applications.models import Application
from ..applications.standings import Standing, stands
from ..calls.models import Call
from ..calls.standing import results as known
from ..committees.models import CommitteeSession
from ..core.i18n import codes
from ..core.tx import Tx
from ..people.policy import represents
from ..web.links import Related, related
from ..web.next_steps import AT_MOST, Step, awaits
from . import doubles  # noqa: F401 (declares the link to another grant)
from .models import Decision, DecisionOutcome, DecisionState, Letter, LetterKind, LetterState, Publication
from .results import publishing
from .standing import FINAL
from .told import in_force_as_told

KINDS = {
    DecisionOutcome.FUNDED: "ok",
    DecisionOutcome.CONDITIONAL: "waiting",
    DecisionOutcome.WAITING: "waiting",
    DecisionOutcome.REFUSED: "no",
}
NEW = timedelta(days=30)
"""How long a decision is shown as one to read: nobody records who read what."""
STEPS = {outcome: f"step.decision.{outcome}" for outcome in DecisionOutcome}


@related("call", "link.call.session", order=40)
def session(tx: Tx, call: Call) -> Related | None:
    """The latest session that had the call's dossiers before it."""
    held = select(Decision.session_id).where(Decision.call_id == call.id)
    asked = select(CommitteeSession).where(CommitteeSession.id.in_(held))
    latest = asked.order_by(CommitteeSession.scheduled_at.desc()).limit(1)
    found = tx.session.scalars(tx.visible(latest, "session.read")).one_or_none()
    return Related(f"/sessions/{found.id}", f"state.committee_session.{found.state}") if found else None


@related("call", "link.call.letters", order=45)
def letters(tx: Tx, call: Call) -> Related | None:
    """The queue of letters, for who runs it."""
    held = select(Letter.id).where(Letter.call_id == call.id).limit(1)
    if not tx.may(["call.release_letters"], call)["call.release_letters"]:
        return None
    found = tx.session.scalar(tx.visible(held, "letter.read"))
    return Related(f"/das/calls/{call.id}/letters") if found else None


@related("call", "link.call.results", order=47)
def results(tx: Tx, call: Call) -> Related | None:
    """Publishing the results, for who may, once something was decided."""
    if not tx.may(["call.publish_results"], call)["call.publish_results"]:
        return None
    held = select(Decision.id).where(Decision.call_id == call.id, Decision.state.in_(FINAL)).limit(1)
    if tx.session.scalar(held) is None:
        return None
    made = publishing.of_call(tx, call.id)
    return Related(f"/das/calls/{call.id}/results", "publication.made" if made else "publication.waits")


@known
def published(tx: Tx, keys: Collection[UUID]) -> Collection[UUID]:
    """Those of these calls whose results are public."""
    asked = select(Publication.call_id).where(Publication.call_id.in_(keys))
    return tx.session.scalars(tx.visible(asked, "publication.read")).all()


@codes
def result_codes() -> Iterable[str]:
    """Words of results."""
    yield from ("publication.made", "publication.waits", "event.results.published")
    yield from (f"enum.result_change.{kind}" for kind in ("promotion", "appeal", "lapsed"))


@related("application", "link.application.decision", order=10, steps=tuple(STEPS.values()))
def decision(tx: Tx, application: Application) -> Related | None:
    """The decision in force, once the reader may see it; a holder only reads an adopted one."""
    asked = select(Decision).where(Decision.application_id == application.id).order_by(Decision.id.desc())
    found = tx.session.scalars(tx.visible(asked, "decision.known").limit(1)).one_or_none()
    if found is None:
        return None
    adopted = found.state is not DecisionState.PROPOSED
    return Related(
        f"/applications/{application.id}/decision",
        f"enum.decision_outcome.{found.outcome}" if adopted else f"state.decision.{found.state}",
        STEPS[found.outcome] if adopted else "",
        KINDS[found.outcome],
    )


@stands
def decided(tx: Tx, keys: Collection[UUID]) -> dict[UUID, Standing]:
    """What the committee decided of these dossiers, where the reader may see it."""
    asked = (
        select(Decision.application_id, Decision.outcome)
        .where(Decision.application_id.in_(keys), Decision.state.in_(FINAL))
        .order_by(Decision.decided_at, Decision.id)
    )
    return {
        key: Standing(f"enum.decision_outcome.{outcome}", KINDS.get(outcome, "waiting"))
        for key, outcome in tx.session.execute(tx.visible(asked, "decision.known"))
    }


@awaits("next.decision")
def decisions_to_read(tx: Tx) -> Iterable[Step]:
    """The decisions adopted lately on a holder's dossiers, the latest first."""
    asked = (
        select(Application.id, Application.title)
        .join(Decision, Decision.application_id == Application.id)
        .join(Letter, Letter.decision_id == Decision.id)
        .where(in_force_as_told(), Letter.state == LetterState.RELEASED, Letter.kind != LetterKind.LAPSED)
        .where(Letter.released_at > tx.now - NEW)
        .where(represents(tx.actor, Application.organisation_id))
        .order_by(Decision.decided_at.desc(), Decision.id)
        .limit(AT_MOST)
    )
    for key, project in tx.session.execute(asked):
        yield Step(f"/applications/{key}/decision", project)
