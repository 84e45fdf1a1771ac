"""Planning the waves of a convention, and recording what was found."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select

from ..calls.models import Call
from ..calls.queries import definition
from ..core.calendar import add_months
from ..core.errors import INVALID, FieldError
from ..core.tx import Tx
from ..funding.models import Convention, ConventionState
from .lifecycle import LIFECYCLE, UNREACHABLE_BY_STAFF
from .models import ProjectStatus, Wave, WaveState
from .schemas import FIGURES, AnswerIn

ALIVE = (ProjectStatus.ACTIVE, ProjectStatus.SEASONAL)


def plan(tx: Tx, conventions: Sequence[Convention], months: Iterable[int]) -> list[Wave]:
    """The waves of these signed conventions that are not planned yet, counted from each signature."""
    asked = sorted(set(months))
    known: dict[UUID, set[int]] = defaultdict(set)
    planned = select(Wave.convention_id, Wave.months).where(
        Wave.convention_id.in_([one.id for one in conventions])
    )
    for convention_id, age in tx.session.execute(planned):
        known[convention_id].add(age)
    waves: list[Wave] = []
    for one in conventions:
        waves += _plan_one(tx, one, [age for age in asked if age not in known[one.id]])
    return waves


def _plan_one(tx: Tx, convention: Convention, months: Sequence[int]) -> list[Wave]:
    assert convention.signed_on
    waves = [
        Wave(
            convention_id=convention.id,
            province_code=convention.province_code,
            months=age,
            due_on=add_months(convention.signed_on, age),
        )
        for age in months
    ]
    tx.session.add_all(waves)
    tx.session.flush()
    if waves:
        tx.allow("wave.plan", waves[0])  # all of one convention, so of one province
    for wave in waves:
        tx.emit("wave.planned", wave, months=wave.months, due_on=wave.due_on.isoformat())
    return waves


def plan_call(tx: Tx, call_id: UUID) -> int:
    """Plan the waves of every signed convention of the call; returns how many were added."""
    call = tx.get(Call, call_id, "call.read")
    signed = tx.visible(select(Convention), "convention.read").where(
        Convention.call_id == call_id, Convention.state == ConventionState.SIGNED
    )
    conventions = tx.session.scalars(signed.order_by(Convention.number)).all()
    return len(plan(tx, conventions, definition(call).follow_up.months))


def answer(tx: Tx, wave_id: UUID, given: AnswerIn, version: int | None = None) -> Wave:
    """Record what became of the project; a second answer corrects the first and says so."""
    wave = tx.get(Wave, wave_id, "wave.answer", version=version)
    _unreachable_for_others_only(tx, wave, given)
    _no_figures_of_the_unreachable(given)
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


def _unreachable_for_others_only(tx: Tx, wave: Wave, given: AnswerIn) -> None:
    """Whoever answers for herself was reached: only who looked for her can say that she was not."""
    if given.status is not ProjectStatus.UNREACHABLE:
        return
    if not tx.may(["wave.unreachable"], wave)["wave.unreachable"]:
        raise UNREACHABLE_BY_STAFF()


def _no_figures_of_the_unreachable(given: AnswerIn) -> None:
    """Whoever could not be reached told nobody her turnover: figures beside that status are a slip."""
    if given.status is ProjectStatus.UNREACHABLE:
        told = [name for name in FIGURES if getattr(given, name) is not None]
        if told:
            raise INVALID([FieldError(name, "unreachable_with_figures") for name in told])


def _words(causes: Sequence[str]) -> list[str]:
    return sorted({str(cause) for cause in causes})
