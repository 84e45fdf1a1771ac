"""What the clock does for committees: reminders of actions, consultations closed, ends of mandates told."""

from ..core.events import Job, every, job
from ..core.ladders import BATCH, settle
from ..core.tx import Tx
from .dialogue.consulting import close_those_over
from .dialogue.ladder import LADDER
from .ending import warn_of_ends


@every(60, "action-reminders")
def remind(tx: Tx) -> None:
    """Settle a batch of due reminders; more than a batch goes on in a commit of its own."""
    if settle(tx, LADDER, BATCH) == BATCH:
        tx.enqueue(Job(handler="committees.action_reminders", run_at=tx.now))


@job("committees.action_reminders")
def continued(tx: Tx, _job: Job) -> None:
    """The next batch."""
    remind(tx)


@every(60, "consultations")
def close_consultations(tx: Tx) -> None:
    """Close the questions whose hours are over."""
    close_those_over(tx)


@every(3600, "mandates")
def mandates(tx: Tx) -> None:
    """Tell the officers of mandates that end soon."""
    warn_of_ends(tx)
