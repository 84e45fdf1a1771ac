"""What follows by itself: votes closed anywhere take effect; a session's end frees what it did not vote."""

from ..core.events import Event, on
from ..core.tx import Tx
from . import commands, minutes, recusals  # noqa: F401 (hooks declare themselves)


@on("motion.adopted", "motion.rejected")
def conclude_motion(tx: Tx, event: Event) -> None:
    """Nothing is left to do when the vote was closed through `commands.close_vote`."""
    commands.adopt(tx, event.subject_id)


@on("session.closed")
def free_unvoted(tx: Tx, event: Event) -> None:
    commands.set_aside_unvoted(tx, event.subject_id)
