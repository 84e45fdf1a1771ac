"""The demonstration's clock, moved by its administrator.

The router is mounted only where INDH_DEMO=1.
"""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, ConfigDict
from sqlalchemy import func, select

from ..coaching.models import Reminder, ReminderState
from ..core.calendar import local
from ..core.clock import DemoClock, arrival
from ..core.events import SCHEDULE, Event, Job, JobState, declare
from ..core.policy import rule
from ..core.tx import Tx, transaction
from ..durability.models import Wave, WaveState
from ..people.models import Person, Role
from ..people.policy import has_role
from ..web.deps import CurrentActor
from ..web.queue import tick

rule("demo_clock.read", DemoClock, lambda a: has_role(a, Role.ADMINISTRATOR))
rule("demo_clock.move", DemoClock, lambda a: has_role(a, Role.ADMINISTRATOR))
declare("demo.clock_moved")

router = APIRouter(prefix="/demo", include_in_schema=False)


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("an instant needs its offset")
    return value


class ClockIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    now: Annotated[datetime, AfterValidator(_aware)]
    work: bool = True  # also have the clock's work done at once


class ClockOut(BaseModel):
    """The demonstration's present, and how much the workers still owe by then."""

    now: datetime
    owed: int


@router.get("/clock")
def read_clock(actor: CurrentActor) -> ClockOut:
    """What time it is in the demonstration, and what is still to be done by then."""
    with transaction(actor) as tx:
        tx.get(DemoClock, 1, "demo_clock.read")
        return ClockOut(now=tx.now, owed=_owed(tx))


@router.post("/clock")
def move_clock(body: ClockIn, actor: CurrentActor) -> ClockOut:
    """Make it another time, and have the clock's work done at once."""
    with transaction(actor) as tx:
        clock = tx.get(DemoClock, 1, "demo_clock.move")
        clock.ahead = body.now - arrival().at
        person = tx.get(Person, actor.id, "person.read")
        tx.emit("demo.clock_moved", person, now=body.now.isoformat())
        if body.work:
            tx.after_commit.append(lambda: tick(list(SCHEDULE)))
        return ClockOut(now=body.now, owed=_owed(tx))


@router.post("/tick")
def do_the_clock_s_work(actor: CurrentActor) -> ClockOut:
    """Ask the workers for every recurring piece of work now."""
    with transaction(actor) as tx:
        tx.get(DemoClock, 1, "demo_clock.read")
        tx.after_commit.append(lambda: tick(list(SCHEDULE)))
        return ClockOut(now=tx.now, owed=_owed(tx))


def _owed(tx: Tx) -> int:
    """Jobs due and not done, rungs due and not settled, waves due and not announced."""
    jobs = select(func.count()).select_from(Job).where(Job.state == JobState.READY, Job.run_at <= tx.now)
    rungs = (
        select(func.count())
        .select_from(Reminder)
        .where(Reminder.state == ReminderState.PLANNED, Reminder.due_at <= tx.now)
    )
    announced = select(Event.id).where(Event.subject_id == Wave.id, Event.name == "wave.due")
    waves = (
        select(func.count())
        .select_from(Wave)
        .where(Wave.state == WaveState.PLANNED, Wave.due_on <= local(tx.now).date(), ~announced.exists())
    )
    return sum(tx.session.scalar(counted) or 0 for counted in (jobs, rungs, waves))
