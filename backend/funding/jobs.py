"""What the clock does for grants: those whose convention is not signed in time lapse."""

from ..core.events import Job, every, job
from ..core.tx import Tx
from . import hooks  # noqa: F401 (they declare themselves)
from .ending import BATCH, lapse_late


@every(3600, "convention-dates")
def convention_dates(tx: Tx) -> None:
    """A batch; more goes on in a commit of its own."""
    if lapse_late(tx) == BATCH:
        tx.enqueue(Job(handler="funding.convention_dates", run_at=tx.now))


@job("funding.convention_dates")
def more_convention_dates(tx: Tx, _job: Job) -> None:
    """The next batch."""
    convention_dates(tx)
