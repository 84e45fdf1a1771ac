"""What follows by itself: a substitute for who steps aside, recusals after a tie, the look for ties."""

from uuid import UUID

from sqlalchemy import select

from ..applications.models import Application, ApplicationState
from ..calls.models import Call, CallState
from ..core.events import Event, Job, every, job, on
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


@every(60, "panel_reports")
def owe_reports(tx: Tx) -> None:
    """The panel of a call is studied again within a minute of what changes it: once, for all signatures."""
    for call_id in commands.behind(tx):
        commands.owe_report(tx, call_id)


@job(commands.REPORT)
def report(tx: Tx, owed: Job) -> None:
    """Agreement, severity and corrected scores of one call."""
    commands.report(tx, UUID(owed.args["call_id"]))
