"""What the clock and the events do for conditions: begun with the letter, reminded of, missed."""

from ...core.events import Event, Job, every, job, on
from ...core.ladders import BATCH, settle
from ...core.tx import Tx
from . import following
from .ladder import LADDER


@on("letter.released")
def begin(tx: Tx, event: Event) -> None:
    """From now on the holder knows, and answers."""
    following.begin(tx, event.subject_id)


@every(60, "conditions")
def watch(tx: Tx) -> None:
    """End the grants whose conditions were missed, then settle a batch of due reminders."""
    following.lapse_missed(tx)
    if settle(tx, LADDER, BATCH) == BATCH:
        tx.enqueue(Job(handler="decisions.condition_reminders", run_at=tx.now))


@job("decisions.condition_reminders")
def continued(tx: Tx, _job: Job) -> None:
    """The next batch."""
    watch(tx)
