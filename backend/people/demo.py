"""The demonstration's clock: moved by its administrator, and only where INDH_DEMO=1 (the router is not mounted elsewhere)."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, ConfigDict
from sqlalchemy import func, select

from ..core.clock import DemoClock, arrival
from ..core.events import SCHEDULE, Job, JobState, declare
from ..core.policy import rule
from ..core.tx import Tx, transaction
from ..web.deps import CurrentActor
from ..web.queue import tick
from .models import Person, Role
from .policy import has_role

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


class ClockOut(BaseModel):
    """The demonstration's present, and the jobs that are due in it and not done."""

    now: datetime
    jobs_due: int


@router.get("/clock")
def read_clock(actor: CurrentActor) -> ClockOut:
    """What time it is in the demonstration, and what is still to be done by then."""
    with transaction(actor) as tx:
        tx.get(DemoClock, 1, "demo_clock.read")
        return ClockOut(now=tx.now, jobs_due=_jobs_due(tx))


@router.post("/clock")
def move_clock(body: ClockIn, actor: CurrentActor) -> ClockOut:
    """Make it another time, and have the clock's work done at once."""
    with transaction(actor) as tx:
        clock = tx.get(DemoClock, 1, "demo_clock.move")
        clock.ahead = body.now - arrival().at
        person = tx.get(Person, actor.id, "person.read")
        tx.emit("demo.clock_moved", person, now=body.now.isoformat())
        tx.after_commit.append(lambda: tick(list(SCHEDULE)))
        return ClockOut(now=body.now, jobs_due=_jobs_due(tx))


@router.post("/tick")
def do_the_clock_s_work(actor: CurrentActor) -> ClockOut:
    """Ask the workers for every recurring piece of work now."""
    with transaction(actor) as tx:
        tx.get(DemoClock, 1, "demo_clock.read")
        tx.after_commit.append(lambda: tick(list(SCHEDULE)))
        return ClockOut(now=tx.now, jobs_due=_jobs_due(tx))


def _jobs_due(tx: Tx) -> int:
    due = select(func.count()).select_from(Job).where(Job.state == JobState.READY, Job.run_at <= tx.now)
    return tx.session.scalar(due) or 0
