"""A wave is planned, then answered; an answer may be corrected, and every correction is a record."""

from ..core.calendar import add_months, local
from ..core.errors import Problem, problem
from ..core.events import declare
from ..core.machine import Machine, T
from ..core.tx import Tx
from .models import Wave, WaveState

TOO_EARLY = problem("wave_too_early", 409)
UNREACHABLE_BY_STAFF = problem("unreachable_by_staff", 403)

declare("wave.planned", "wave.due", "wave.corrected")


def due(tx: Tx, wave: Wave) -> Problem | None:
    """An answer describes the project at that age: it cannot be given a month before it."""
    opens_on = add_months(wave.due_on, -1)
    if local(tx.now).date() < opens_on:
        return TOO_EARLY(opens_on=opens_on.isoformat(), due_on=wave.due_on.isoformat())
    return None


LIFECYCLE = Machine(
    Wave.state,
    T("answer", {WaveState.PLANNED}, WaveState.ANSWERED, "wave.answered", "wave.answer", (due,)),
)
