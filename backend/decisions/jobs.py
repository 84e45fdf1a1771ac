"""What follows by itself: votes closed anywhere take effect; a session's end frees what it did not vote."""

from ..core.events import Event, on
from ..core.tx import Tx
from . import commands, letters, minutes, recusals  # noqa: F401 (hooks declare themselves)
from .appeals import hooks, settling  # noqa: F401 (so do those of appeals)
from .conditions import clock  # noqa: F401 (declares what the clock does for conditions)


@on("motion.adopted", "motion.rejected")
def conclude_motion(tx: Tx, event: Event) -> None:
    """Nothing is left to do when the vote was closed through `commands.close_vote`."""
    commands.adopt(tx, event.subject_id)


@on("decision.lapsed")
def move_up(tx: Tx, event: Event) -> None:
    """The waiting list takes what is free again."""
    commands.promote(tx, event.subject_id)


@on("decision.adopted", "decision.lapsed")
def write_letter(tx: Tx, event: Event) -> None:
    """It waits until a person releases it."""
    if not letters.queue(tx, [event.subject_id]):
        tx.allowed = tx.recorded = True


@on("session.closed")
def free_unvoted(tx: Tx, event: Event) -> None:
    commands.set_aside_unvoted(tx, event.subject_id)


@on("session.closed", "session.lapsed", "session.cancelled")
def put_off_appeals(tx: Tx, event: Event) -> None:
    """An appeal that the session did not vote on waits for another one."""
    settling.put_off(tx, event.subject_id)
