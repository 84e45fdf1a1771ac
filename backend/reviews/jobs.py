"""What follows by itself: a substitute after a recusal, a recusal after a tie declared elsewhere."""

from ..core.events import Event, on
from ..core.tx import Tx
from ..people.models import Interest
from . import commands
from .models import Assignment


@on("assignment.recused")
def replace_recused(tx: Tx, event: Event) -> None:
    """In its own transaction: finding somebody else is not the business of who steps aside."""
    commands.substitute(tx, tx.session.get_one(Assignment, event.subject_id))


@on("interest.declared")
def recuse_from_interest(tx: Tx, event: Event) -> None:
    tie = tx.session.get(Interest, event.subject_id)
    if tie:
        commands.recuse_tied(tx, tie.person_id, tie.organisation_id, tie.reason)
