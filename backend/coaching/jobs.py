"""The scan of reminders: what is due is sent once, whenever the clock comes round.

A rung is due when its instant has passed, not on a given day: a missed run loses nothing. After an outage,
each audience of a milestone gets one message, that of its latest rung; those before it are superseded.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, or_, select, update

from ..core.events import Job, every, job
from ..core.tx import Tx
from ..funding.models import Convention
from ..people.models import Representative, Role, RoleGrant
from . import ties  # noqa: F401 (declares what reviews ask of coaching)
from .models import Audience, Milestone, MilestoneState, Plan, Reminder, ReminderState

BATCH = 500


@every(60, "reminders")
def scan(tx: Tx) -> None:
    """Settle a batch of due reminders; more than a batch goes on in a commit of its own."""
    if settle(tx, BATCH) == BATCH:
        tx.enqueue(Job(handler="coaching.reminders", run_at=tx.now))


@job("coaching.reminders")
def continued(tx: Tx, _job: Job) -> None:
    """The next batch."""
    scan(tx)


def settle(tx: Tx, limit: int) -> int:
    """Settle up to `limit` due reminders and those due beside them; returns how many the index gave.

    The milestones are locked, not only the reminders: two scans never share one milestone's ladder, and a
    report that is being saved is passed over (SKIP LOCKED) and met by the next scan, not raced. The number of
    statements does not depend on the number of reminders.
    """
    due = (
        select(Reminder.milestone_id)
        .where(Reminder.state == ReminderState.PLANNED, Reminder.due_at <= tx.now)
        .order_by(Reminder.due_at, Reminder.id)
        .limit(limit)
    )
    named = tx.session.scalars(due).all()
    held = (
        select(Milestone)
        .where(Milestone.id.in_(set(named)))
        .order_by(Milestone.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    milestones = {milestone.id: milestone for milestone in tx.session.scalars(held)}
    if not milestones:
        return 0
    ladders = _ladders(tx, milestones)
    sent = [
        ladder[0]
        for ladder in ladders.values()
        if milestones[ladder[0].milestone_id].state is MilestoneState.OPEN
    ]
    chosen = {rung.id for rung in sent}
    rest = [rung for ladder in ladders.values() for rung in ladder if rung.id not in chosen]
    still = [rung.id for rung in rest if milestones[rung.milestone_id].state is MilestoneState.OPEN]
    _mark(tx, ReminderState.SENT, chosen)
    _mark(tx, ReminderState.SUPERSEDED, still)
    _mark(tx, ReminderState.NOT_NEEDED, {rung.id for rung in rest} - set(still))
    _announce(tx, [(milestones[rung.milestone_id], rung) for rung in sent])
    return len(named)


def _ladders(tx: Tx, milestones: Iterable[UUID]) -> dict[tuple[UUID, Audience], list[Row[*tuple[Any, ...]]]]:
    """The due rungs of each milestone and audience, the latest first."""
    columns = (Reminder.id, Reminder.milestone_id, Reminder.audience, Reminder.offset_days)
    rungs = (
        select(*columns)
        .where(
            Reminder.milestone_id.in_(list(milestones)),
            Reminder.state == ReminderState.PLANNED,
            Reminder.due_at <= tx.now,
        )
        .order_by(Reminder.due_at.desc(), Reminder.offset_days.desc())
    )
    found: dict[tuple[UUID, Audience], list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    for rung in tx.session.execute(rungs):
        found[rung.milestone_id, rung.audience].append(rung)
    return found


def _mark(tx: Tx, state: ReminderState, ids: Iterable[UUID]) -> None:
    wanted = list(ids)
    if wanted:
        tx.session.execute(
            update(Reminder).where(Reminder.id.in_(wanted)).values(state=state, settled_at=tx.now),
            execution_options={"synchronize_session": False},
        )


def _announce(tx: Tx, sent: Sequence[tuple[Milestone, Row[*tuple[Any, ...]]]]) -> None:
    told = recipients(tx, {milestone.id for milestone, _rung in sent}) if sent else {}
    for milestone, rung in sent:
        tx.emit(
            "milestone.reminder",
            milestone,
            milestone=milestone.code,
            title=milestone.title,
            offset=rung.offset_days,
            audience=rung.audience.value,
            due_on=milestone.due_on.isoformat(),
            recipients=[str(person) for person in told[milestone.id][rung.audience]],
        )


def recipients(tx: Tx, milestones: set[UUID]) -> dict[UUID, dict[Audience, list[UUID]]]:
    """Who is behind each audience: representatives, the coach, the province's officers."""
    named = tx.session.execute(
        select(Milestone.id, Milestone.province_code, Plan.coach_id, Convention.organisation_id)
        .join(Plan, Plan.id == Milestone.plan_id)
        .join(Convention, Convention.id == Plan.convention_id)
        .where(Milestone.id.in_(milestones))
    ).all()
    holders = _grouped(
        tx,
        select(Representative.organisation_id, Representative.person_id)
        .where(
            Representative.organisation_id.in_({row.organisation_id for row in named}),
            Representative.until.is_(None),
        )
        .order_by(Representative.since, Representative.person_id),
    )
    officers = _grouped(
        tx,
        select(RoleGrant.province_code, RoleGrant.person_id)
        .where(
            RoleGrant.role == Role.OFFICER,
            RoleGrant.revoked_at.is_(None),
            or_(
                RoleGrant.province_code.in_({row.province_code for row in named}),
                RoleGrant.province_code.is_(None),
            ),
        )
        .order_by(RoleGrant.granted_at, RoleGrant.person_id),
    )
    return {
        row.id: {
            Audience.HOLDER: holders[row.organisation_id],
            Audience.COACH: [row.coach_id],
            Audience.OFFICER: [*officers[row.province_code], *officers[None]],
        }
        for row in named
    }


def _grouped(tx: Tx, pairs: Any) -> dict[Any, list[UUID]]:
    found: dict[Any, list[UUID]] = defaultdict(list)
    for key, person in tx.session.execute(pairs):
        found[key].append(person)
    return found
