"""Planning the coaching of signed conventions, and moving its milestones."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload
from uuid_utils.compat import uuid7

from ..calls.callfile import CallFile
from ..calls.queries import definition
from ..core import ladders
from ..core.calendar import add_months, local
from ..core.errors import FORBIDDEN, INVALID, NOT_FOUND, WRONG_STATE, FieldError
from ..core.ladders import due_at
from ..core.shapes import written
from ..core.tx import Tx
from ..funding.models import Convention, ConventionState
from ..people.models import Person, Role, RoleGrant
from .ladder import LADDER
from .lifecycle import MILESTONE, NOT_SIGNED, PLAN_EXISTS
from .models import Audience, Milestone, MilestoneState, Plan, Reminder

__all__ = ["due_at", "plan", "plan_call", "report", "reschedule", "send_back", "validate"]

AUDIENCES = {"holder": Audience.HOLDER, "coach": Audience.COACH, "das": Audience.OFFICER}
"""The call file's words for who is told."""


def plan(tx: Tx, convention_id: UUID, coach_id: UUID) -> Plan:
    """The coaching of a signed convention: its milestones, and a reminder for each rung and audience."""
    convention = tx.get(Convention, convention_id, "convention.read", options=(joinedload(Convention.call),))
    if convention.state is not ConventionState.SIGNED:
        raise NOT_SIGNED(number=convention.number, state=f"state.convention.{convention.state}")
    if tx.session.execute(select(Plan.id).where(Plan.convention_id == convention_id)).first():
        raise PLAN_EXISTS(number=convention.number)
    _coaches(tx, convention.province_code, [coach_id], "coach_id")
    (made,) = _create(tx, [(convention, coach_id)])
    return made


def plan_call(tx: Tx, call_id: UUID, coach_ids: Sequence[UUID]) -> list[Plan]:
    """Plans for a call's signed conventions without one; each goes to the coach with the fewest running."""
    visible = tx.visible(select(Convention).where(Convention.call_id == call_id), "convention.read")
    one = tx.session.scalars(visible.limit(1)).one_or_none()
    if one is None:
        raise NOT_FOUND(thing="call")
    coaches = list(dict.fromkeys(coach_ids))
    _coaches(tx, one.province_code, coaches, "coach_ids")
    waiting = tx.session.scalars(
        visible.where(
            Convention.state == ConventionState.SIGNED, ~Convention.id.in_(select(Plan.convention_id))
        )
        .options(joinedload(Convention.call))
        .order_by(Convention.number, Convention.id)
    ).all()
    if not waiting:  # asked again: nothing is written
        tx.allowed = tx.recorded = True
        return []
    load = dict.fromkeys(coaches, 0) | _running(tx, coaches)
    shared = []
    for convention in waiting:
        chosen = min(coaches, key=lambda coach: load[coach])  # the first named, among equals
        load[chosen] += 1
        shared.append((convention, chosen))
    return _create(tx, shared)


def _running(tx: Tx, coaches: Sequence[UUID]) -> dict[UUID, int]:
    """How many plans each coach has that are not over yet."""
    counted = (
        select(Plan.coach_id, func.count())
        .where(Plan.coach_id.in_(coaches), Plan.ends_on >= local(tx.now).date())
        .group_by(Plan.coach_id)
    )
    return dict(tx.session.execute(counted).all())


def _coaches(tx: Tx, province: str, ids: Sequence[UUID], field: str) -> None:
    """Each of them coaches in the province today."""
    held = select(RoleGrant.person_id).where(
        RoleGrant.person_id.in_(ids),
        RoleGrant.role == Role.COACH,
        RoleGrant.revoked_at.is_(None),
        (RoleGrant.province_code == province) | RoleGrant.province_code.is_(None),
        RoleGrant.person_id.in_(select(Person.id).where(Person.active)),
    )
    known = set(tx.session.scalars(held))
    if not ids or set(ids) - known:
        raise INVALID([FieldError(field, "not_a_coach")])


def _create(tx: Tx, shared: Sequence[tuple[Convention, UUID]]) -> list[Plan]:
    terms = {c.call_id: definition(c.call) for c in {c.call_id: c for c, _coach in shared}.values()}
    made = [_plan(convention, coach, terms[convention.call_id]) for convention, coach in shared]
    tx.session.add_all(made)
    tx.session.flush()
    hers = tx.visible(
        select(func.count()).select_from(Plan).where(Plan.id.in_([p.id for p in made])), "plan.create"
    )
    if tx.session.scalar(hers) != len(made):
        raise FORBIDDEN(rule="plan.create")
    tx.allowed = True
    for one, (convention, coach) in zip(made, shared, strict=True):
        tx.session.add_all(_reminders(one, terms[convention.call_id], convention.province_code))
        tx.emit(
            "plan.created",
            one,
            convention_id=str(convention.id),
            coach_id=str(coach),
            milestones=len(one.milestones),
            starts_on=one.starts_on.isoformat(),
            ends_on=one.ends_on.isoformat(),
        )
    return made


def _plan(convention: Convention, coach: UUID, terms: CallFile) -> Plan:
    """Dated from the signature by the call's months."""
    assert convention.signed_on is not None  # it is signed
    start, province = convention.signed_on, convention.province_code
    return Plan(
        id=uuid7(),
        convention_id=convention.id,
        province_code=province,
        coach_id=coach,
        starts_on=start,
        ends_on=add_months(start, terms.coaching.months),
        milestones=[
            Milestone(
                id=uuid7(),
                province_code=province,
                code=milestone.code,
                title=dict(milestone.title),
                due_on=add_months(start, milestone.after_months),
            )
            for milestone in terms.coaching.milestones
        ],
    )


def _reminders(made: Plan, terms: CallFile, province: str) -> Iterable[Reminder]:
    rungs = {(rung.days, AUDIENCES[told]) for rung in terms.coaching.reminders for told in rung.to}
    for milestone in made.milestones:
        for days, audience in sorted(rungs):
            yield Reminder(
                milestone_id=milestone.id,
                province_code=province,
                offset_days=days,
                audience=audience,
                due_at=due_at(milestone.due_on, days),
            )


def report(tx: Tx, milestone_id: UUID, words: str, version: int | None = None) -> Milestone:
    """The holder says what was done; reminders that were still to come are no longer needed."""
    milestone = tx.get(Milestone, milestone_id, "milestone.report", version=version)
    words = written(words, "report", 4000)
    MILESTONE.fire(tx, milestone, "report", due_on=milestone.due_on.isoformat())
    milestone.report, milestone.reported_at = words, tx.now
    ladders.done_with(tx, LADDER, milestone_id)
    return milestone


def validate(tx: Tx, milestone_id: UUID, version: int | None = None) -> Milestone:
    """The coach, or the DAS in her place, has seen that it is so."""
    milestone = tx.get(Milestone, milestone_id, "milestone.validate", version=version)
    MILESTONE.fire(tx, milestone, "validate")
    milestone.validated_at = tx.now
    return milestone


def send_back(tx: Tx, milestone_id: UUID, reason: str, version: int | None = None) -> Milestone:
    """The report does not do: the milestone is open again, and its reminders to come with it."""
    milestone = tx.get(Milestone, milestone_id, "milestone.validate", version=version)
    MILESTONE.fire(tx, milestone, "send_back", reason=written(reason, "reason", 1000))
    milestone.reported_at = None
    ladders.needed_again(tx, LADDER, milestone_id)
    return milestone


def reschedule(tx: Tx, milestone_id: UUID, due_on: date, version: int | None = None) -> Milestone:
    """Another due date: the rungs not sent move with it, those passed over are due again if to come."""
    milestone = tx.get(
        Milestone,
        milestone_id,
        "milestone.reschedule",
        version=version,
        options=(joinedload(Milestone.plan),),
    )
    if milestone.state is not MilestoneState.OPEN:
        raise WRONG_STATE(
            state=f"state.milestone.{milestone.state}", allowed_verbs=MILESTONE.available(tx, milestone)
        )
    first, last = milestone.plan.starts_on, add_months(milestone.plan.ends_on, 24)
    if not first <= due_on <= last:
        raise INVALID(
            [FieldError("due_on", "out_of_plan", {"first": first.isoformat(), "last": last.isoformat()})]
        )
    before, milestone.due_on = milestone.due_on, due_on
    ladders.moved(tx, LADDER, milestone_id, due_on)
    tx.emit("milestone.rescheduled", milestone, before=before.isoformat(), after=due_on.isoformat())
    return milestone
