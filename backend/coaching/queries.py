"""Reading plans: where to go today, one milestone with its ladder, one plan, reminders and their counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from ..applications.models import Application
from ..core.calendar import local
from ..core.events import Event
from ..core.paging import Key, Page, paginate
from ..core.tx import Tx
from ..funding.models import Convention, ConventionState
from ..people.models import Organisation, Person, Role, RoleGrant
from ..territory.models import Commune
from .lifecycle import MILESTONE
from .models import Audience, Milestone, MilestoneState, Plan, Reminder, ReminderState

SOON = timedelta(days=7)


@dataclass(frozen=True)
class Filter:
    """What a list of milestones is narrowed to; None is no narrowing."""

    state: MilestoneState | None = None
    due_by: date | None = None
    plan_id: UUID | None = None
    coach_id: UUID | None = None

    def on(self, statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
        for column, value in ((Milestone.state, self.state), (Milestone.plan_id, self.plan_id)):
            if value:
                statement = statement.where(column == value)
        if self.due_by:
            statement = statement.where(Milestone.due_on <= self.due_by)
        if self.coach_id:
            statement = statement.where(
                Milestone.plan_id.in_(select(Plan.id).where(Plan.coach_id == self.coach_id))
            )
        return statement


@dataclass(frozen=True)
class Situation:
    """How many milestones are late, due within a week, and reported but not validated."""

    late: int
    soon: int
    to_validate: int


PLACE = (
    Organisation.name.label("organisation"),
    Organisation.phone,
    Commune.name.label("commune"),
    Application.title.label("project"),
    Person.name.label("coach"),
)


def _placed(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """With the project that the milestone is of: who, where, which telephone."""
    return (
        statement.join(Plan, Plan.id == Milestone.plan_id)
        .join(Convention, Convention.id == Plan.convention_id)
        .join(Organisation, Organisation.id == Convention.organisation_id)
        .join(Commune, Commune.code == Organisation.commune_code)
        .join(Application, Application.id == Convention.application_id)
        .join(Person, Person.id == Plan.coach_id)
    )


KEYS = (
    Key(Milestone.due_on.expression, lambda row: (row[0] if isinstance(row, Sequence) else row).due_on),
    Key(Milestone.id.expression, lambda row: (row[0] if isinstance(row, Sequence) else row).id),
)


def milestones(tx: Tx, narrowed: Filter, cursor: str | None = None, limit: int = 50) -> Page[Any]:
    """Milestones, the first due first: late ones lead."""
    return paginate(tx, tx.visible(narrowed.on(select(Milestone)), "milestone.read"), KEYS, cursor, limit)


def agenda(tx: Tx, narrowed: Filter, cursor: str | None = None, limit: int = 30) -> Page[Any]:
    """The same with each one's project: (milestone, organisation, phone, commune, project, coach)."""
    found = _placed(narrowed.on(select(Milestone, *PLACE)))
    return paginate(tx, tx.visible(found, "milestone.read"), KEYS, cursor, limit)


def situation(tx: Tx, coach_id: UUID | None = None) -> Situation:
    """What waits for the reader, in three numbers."""
    today = local(tx.now).date()
    is_open = Milestone.state == MilestoneState.OPEN
    late: ColumnElement[bool] = is_open & (Milestone.due_on < today)
    soon: ColumnElement[bool] = is_open & Milestone.due_on.between(today, today + SOON)
    counted = select(
        func.count().filter(late),
        func.count().filter(soon),
        func.count().filter(Milestone.state == MilestoneState.REPORTED),
    ).select_from(Milestone)
    row = tx.session.execute(tx.visible(Filter(coach_id=coach_id).on(counted), "milestone.read")).one()
    return Situation(late=row[0], soon=row[1], to_validate=row[2])


@dataclass(frozen=True)
class Rung:
    """One step of a ladder: the audiences that share an offset and a fate."""

    offset_days: int
    state: ReminderState
    due_at: Any
    settled_at: Any
    audiences: tuple[Audience, ...]


@dataclass(frozen=True)
class Story:
    """A milestone, its project, its ladder, and what the reader may do."""

    milestone: Milestone
    place: Any
    rungs: list[Rung]
    next_rung: Rung | None
    verbs: list[str]
    may_reschedule: bool
    sent_back_because: str | None


def story(tx: Tx, milestone_id: UUID) -> Story:
    """All that the milestone's page says."""
    milestone = tx.get(Milestone, milestone_id, "milestone.read", options=(joinedload(Milestone.plan),))
    place = tx.session.execute(
        _placed(select(*PLACE).select_from(Milestone)).where(Milestone.id == milestone_id)
    ).one()
    rungs = ladder(
        tx.session.scalars(
            select(Reminder)
            .where(Reminder.milestone_id == milestone_id)
            .order_by(Reminder.due_at, Reminder.offset_days, Reminder.audience.desc())
        ).all()
    )
    is_open = milestone.state is MilestoneState.OPEN
    return Story(
        milestone=milestone,
        place=place,
        rungs=rungs,
        next_rung=next((rung for rung in rungs if rung.state is ReminderState.PLANNED), None),
        verbs=MILESTONE.available(tx, milestone),
        may_reschedule=is_open and tx.may(["milestone.reschedule"], milestone)["milestone.reschedule"],
        sent_back_because=_returned(tx, milestone) if is_open and milestone.report else None,
    )


def _returned(tx: Tx, milestone: Milestone) -> str | None:
    """Why the report came back, the last time."""
    said = select(Event.data["reason"].astext).where(
        Event.subject_id == milestone.id, Event.name == "milestone.sent_back"
    )
    return tx.session.scalar(said.order_by(Event.seq.desc()).limit(1))


def ladder(reminders: Sequence[Reminder]) -> list[Rung]:
    """Reminders of one offset and one state are one step."""
    steps: dict[tuple[int, ReminderState], list[Reminder]] = {}
    for reminder in reminders:
        steps.setdefault((reminder.offset_days, reminder.state), []).append(reminder)
    return [
        Rung(offset, state, same[0].due_at, same[0].settled_at, tuple(r.audience for r in same))
        for (offset, state), same in steps.items()
    ]


def plan(tx: Tx, plan_id: UUID) -> Plan:
    """A plan with its milestones."""
    return tx.get(
        Plan,
        plan_id,
        "plan.read",
        options=(
            selectinload(Plan.milestones),
            joinedload(Plan.convention).options(
                joinedload(Convention.organisation), joinedload(Convention.application)
            ),
        ),
    )


def plan_of(tx: Tx, convention_id: UUID) -> UUID | None:
    """The plan of a convention, if there is one that the reader may see."""
    return tx.session.scalar(
        tx.visible(select(Plan.id).where(Plan.convention_id == convention_id), "plan.read")
    )


def plans(
    tx: Tx,
    convention_id: UUID | None = None,
    coach_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Plan]:
    """Plans, in the order in which they were made."""
    found = select(Plan)
    if convention_id:
        found = found.where(Plan.convention_id == convention_id)
    if coach_id:
        found = found.where(Plan.coach_id == coach_id)
    return paginate(
        tx, tx.visible(found, "plan.read"), [Key(Plan.id.expression, lambda p: p.id)], cursor, limit
    )


def person_name(tx: Tx, person_id: UUID) -> str:
    """The coach's name: everybody who sees a plan is told it."""
    return tx.session.scalars(select(Person.name).where(Person.id == person_id)).one()


def coaches(tx: Tx, province: str) -> list[Any]:
    """Who coaches in the province, with the plans that each has running: (id, name, plans)."""
    running = (
        select(func.count())
        .select_from(Plan)
        .where(Plan.coach_id == Person.id, Plan.ends_on >= local(tx.now).date())
        .correlate(Person)
        .scalar_subquery()
        .label("plans")
    )
    held = select(RoleGrant.person_id).where(
        RoleGrant.role == Role.COACH,
        RoleGrant.revoked_at.is_(None),
        (RoleGrant.province_code == province) | RoleGrant.province_code.is_(None),
    )
    named = select(Person.id, Person.name, running).where(Person.active, Person.id.in_(held))
    return list(tx.session.execute(named.order_by(running, Person.name, Person.id)))


def to_plan(tx: Tx) -> list[Any]:
    """Calls with signed conventions that wait for their plan: (call_id, province, count)."""
    waiting = (
        select(Convention.call_id, Convention.province_code, func.count().label("count"))
        .where(Convention.state == ConventionState.SIGNED, ~Convention.id.in_(select(Plan.convention_id)))
        .group_by(Convention.call_id, Convention.province_code)
        .order_by(Convention.call_id)
    )
    return list(tx.session.execute(tx.visible(waiting, "convention.sign")))


def reminders(
    tx: Tx,
    state: ReminderState | None = None,
    milestone_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Reminder]:
    """Reminders by their instant."""
    found = _reminders(select(Reminder), milestone_id)
    if state:
        found = found.where(Reminder.state == state)
    keys = (
        Key(Reminder.due_at.expression, lambda r: r.due_at),
        Key(Reminder.id.expression, lambda r: r.id),
    )
    return paginate(tx, tx.visible(found, "reminder.read"), keys, cursor, limit)


def reminder_counts(tx: Tx, milestone_id: UUID | None = None) -> tuple[dict[ReminderState, int], int]:
    """How many in each state, and how many whose instant has passed."""
    counted = _reminders(
        select(Reminder.state, func.count(), func.count().filter(Reminder.due_at <= tx.now)).group_by(
            Reminder.state
        ),
        milestone_id,
    )
    rows = tx.session.execute(tx.visible(counted, "reminder.read")).all()
    counts = dict.fromkeys(ReminderState, 0) | {state: n for state, n, _due in rows}
    return counts, sum(due for _state, _n, due in rows)


def _reminders(statement: Select[*tuple[Any, ...]], milestone_id: UUID | None) -> Select[*tuple[Any, ...]]:
    return statement.where(Reminder.milestone_id == milestone_id) if milestone_id else statement
