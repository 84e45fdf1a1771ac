"""What follows by itself: a substitute for who steps aside, recusals after a tie, the look for ties."""

from sqlalchemy import select

from ..applications.models import Application, ApplicationState
from ..calls.models import Call, CallState
from ..core.events import Event, every, on
from ..core.tx import Tx
from ..people.models import Interest
from . import commands
from .models import Assignment
from .queries.knowledge import evaluators_of


@on("assignment.recused", "assignment.abstained")
def replace_recused(tx: Tx, event: Event) -> None:
    """In its own transaction: finding somebody else is not the business of who steps aside."""
    commands.substitute(tx, tx.session.get_one(Assignment, event.subject_id))


@on("interest.declared")
def recuse_from_interest(tx: Tx, event: Event) -> None:
    """Its dossiers leave her stack, and what was only suspected is settled."""
    tie = tx.session.get(Interest, event.subject_id)
    if tie:
        commands.recuse_tied(tx, tie.person_id, tie.organisation_id, tie.reason)
        commands.settle(tx, tie, event.actor_id)


@every(86_400, "suspected_ties")
def look_for_ties(tx: Tx) -> None:
    """Every call that is being judged, a province's evaluators against its holders."""
    judged = (
        select(Call.id, Call.province_code)
        .where(Call.state.not_in((CallState.DRAFT, CallState.DECIDED, CallState.ARCHIVED)))
        .order_by(Call.id)
    )
    for call_id, province in tx.session.execute(judged).all():
        dossiers = tx.session.scalars(
            select(Application).where(
                Application.call_id == call_id, Application.state == ApplicationState.ELIGIBLE
            )
        ).all()
        if dossiers:
            commands.look(tx, evaluators_of(tx, province), dossiers)
