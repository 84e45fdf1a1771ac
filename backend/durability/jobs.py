"""When a wave's date comes, somebody is asked: once."""

from sqlalchemy import select

from ..core.calendar import local
from ..core.events import Event, every
from ..core.tx import Tx
from .models import Wave, WaveState

BATCH = 500


@every(300, "waves")
def ask(tx: Tx) -> None:
    """Announce each planned wave whose date has come and that was not announced: a missed run loses nothing."""
    announced = select(Event.id).where(Event.subject_id == Wave.id, Event.name == "wave.due")
    waiting = (
        select(Wave)
        .where(Wave.state == WaveState.PLANNED, Wave.due_on <= local(tx.now).date(), ~announced.exists())
        .order_by(Wave.due_on, Wave.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    for wave in tx.session.scalars(waiting):
        tx.emit("wave.due", wave, months=wave.months, due_on=wave.due_on.isoformat())
