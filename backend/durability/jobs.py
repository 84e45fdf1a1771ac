"""A signature plans the waves that its call foresees; when a wave's date comes, somebody is asked: once."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ..calls.queries import definition
from ..core.calendar import local
from ..core.events import Event, every, on
from ..core.tx import Tx
from ..funding.models import Convention, ConventionState
from . import commands
from .models import Wave, WaveState

BATCH = 500


@on("convention.signed")
def plan_waves(tx: Tx, event: Event) -> None:
    """Plan the waves of the convention, if it still stands."""
    signed = (
        select(Convention)
        .where(Convention.id == event.subject_id, Convention.state == ConventionState.SIGNED)
        .options(joinedload(Convention.call))
    )
    for convention in tx.session.scalars(signed):
        commands.plan(tx, [convention], definition(convention.call).follow_up.months)


@every(300, "waves")
def ask(tx: Tx) -> None:
    """Announce each wave whose date has come, if it was not announced yet: a missed run loses nothing."""
    stands = select(Convention.id).where(Convention.state == ConventionState.SIGNED)
    announced = select(Event.id).where(Event.subject_id == Wave.id, Event.name == "wave.due")
    waiting = (
        select(Wave)
        .where(Wave.state == WaveState.PLANNED, Wave.due_on <= local(tx.now).date(), ~announced.exists())
        .where(Wave.convention_id.in_(stands))
        .order_by(Wave.due_on, Wave.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    for wave in tx.session.scalars(waiting):
        tx.emit("wave.due", wave, months=wave.months, due_on=wave.due_on.isoformat())
