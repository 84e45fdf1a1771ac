"""The scan of milestones' reminders (`core/ladders.py` says how), and who is told."""

from ..core.events import Job, every, job
from ..core.ladders import BATCH, settle
from ..core.tx import Tx
from . import ties  # noqa: F401 (declares what reviews ask of coaching)
from .ladder import LADDER, recipients

__all__ = ["recipients"]


@every(60, "reminders")
def scan(tx: Tx) -> None:
    """Settle a batch of due reminders; more than a batch goes on in a commit of its own."""
    if settle(tx, LADDER, BATCH) == BATCH:
        tx.enqueue(Job(handler="coaching.reminders", run_at=tx.now))


@job("coaching.reminders")
def continued(tx: Tx, _job: Job) -> None:
    """The next batch."""
    scan(tx)
