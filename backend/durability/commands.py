"""Planning the waves of a convention, and recording what was found."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select

from ..calls.models import Call
from ..calls.queries import definition
from ..core.calendar import add_months
from ..core.tx import Tx
from ..funding.models import Convention, ConventionState
from .lifecycle import LIFECYCLE
from .models import ProjectStatus, Wave, WaveState
from .schemas import AnswerIn

ALIVE = (ProjectStatus.ACTIVE, ProjectStatus.SEASONAL)


def plan(tx: Tx, convention: Convention, months: Iterable[int]) -> list[Wave]:
    """The waves of a signed convention that are not planned yet, counted from its signature."""
    known = set(tx.session.scalars(select(Wave.months).where(Wave.convention_id == convention.id)))
    assert convention.signed_on
    waves = [
        Wave(
            convention_id=convention.id,
            province_code=convention.province_code,
            months=age,
            due_on=add_months(convention.signed_on, age),
        )
        for age in sorted(set(months) - known)
    ]
    tx.session.add_all(waves)
    tx.session.flush()
    for wave in waves:
        tx.allow("wave.plan", wave)
        tx.emit("wave.planned", wave, months=wave.months, due_on=wave.due_on.isoformat())
    return waves


def plan_call(tx: Tx, call_id: UUID) -> int:
    """Plan the waves of every signed convention of the call; returns how many were added."""
    call = tx.get(Call, call_id, "call.read")
    months = definition(call).follow_up.months
    signed = tx.visible(select(Convention), "convention.read").where(
        Convention.call_id == call_id, Convention.state == ConventionState.SIGNED
    )
    return sum(len(plan(tx, convention, months)) for convention in tx.session.scalars(signed))


def answer(tx: Tx, wave_id: UUID, given: AnswerIn, version: int | None = None) -> Wave:
    """Record what became of the project; a second answer corrects the first and says so."""
    wave = tx.get(Wave, wave_id, "wave.answer", version=version)
    first = wave.state is WaveState.PLANNED
    before = wave.status
    if first:
        LIFECYCLE.fire(tx, wave, "answer", status=given.status, months=wave.months)
    wave.status = given.status
    wave.turnover_centimes = given.turnover_centimes
    wave.jobs_women, wave.jobs_men = given.jobs_women, given.jobs_men
    wave.members = given.members
    wave.causes = list(_words(given.causes))
    wave.note = given.note or None
    wave.surveyed_at, wave.surveyed_by = tx.now, tx.actor.id
    if not first:
        tx.emit("wave.corrected", wave, before=before, after=given.status)
    return wave


def _words(causes: Sequence[str]) -> list[str]:
    return sorted({str(cause) for cause in causes})
