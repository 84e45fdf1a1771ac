"""The story of a project, for whoever may read its convention: money, milestones, what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from ...applications.models import Application
from ...coaching.models import Milestone, MilestoneState, Plan
from ...core.calendar import local
from ...core.tx import Tx
from ...decisions.models import Decision
from ...durability import queries as durability
from ...durability.models import Wave, WaveState
from ...funding import queries as funding
from ...funding.models import Convention
from ...people.models import Member, Organisation, Person, Sex


@dataclass(frozen=True)
class Project:
    """All that the page says. What the reader may not see (milestones, waves) is empty, not told of."""

    money: funding.Story
    decided_on: date | None
    total_centimes: int
    planned_jobs: int | None
    members: int
    women: int
    last_agm_on: date | None
    coach: str | None
    plan: Plan | None
    milestones: Sequence[Milestone]
    waves: Sequence[Wave]
    today: date

    @property
    def convention(self) -> Convention:
        return self.money.convention

    @property
    def late(self) -> list[Milestone]:
        """Milestones past their date and not reported, the oldest first."""
        return [m for m in self.milestones if m.state is MilestoneState.OPEN and m.due_on < self.today]

    @property
    def last_wave(self) -> Wave | None:
        """The oldest age that was answered."""
        return next((wave for wave in reversed(self.waves) if wave.state is WaveState.ANSWERED), None)

    @property
    def days_late(self) -> int:
        return (self.today - self.late[0].due_on).days if self.late else 0


def project(tx: Tx, convention_id: UUID) -> Project:
    """One project's story; 404 when the reader may not see its convention."""
    money = funding.story(tx, convention_id)
    plan, coach, milestones = _coaching(tx, convention_id)
    decided_at, total, results, agm, members, women = tx.session.execute(_particulars(money.convention)).one()
    planned = [results.get(name) for name in ("jobs_women", "jobs_men")] if results else []
    return Project(
        money=money,
        decided_on=local(decided_at).date() if decided_at else None,
        total_centimes=total,
        planned_jobs=sum(n for n in planned if n) if any(n is not None for n in planned) else None,
        members=members,
        women=women,
        last_agm_on=agm,
        coach=coach,
        plan=plan,
        milestones=milestones,
        waves=durability.of_project(tx, convention_id),
        today=local(tx.now).date(),
    )


def _particulars(convention: Convention) -> Any:
    """Facts of the dossier and of its holder that go with the convention; no member is named."""
    count = select(func.count()).where(Member.organisation_id == Organisation.id).scalar_subquery()
    women = (
        select(func.count())
        .where(Member.organisation_id == Organisation.id, Member.sex == Sex.WOMAN)
        .scalar_subquery()
    )
    return (
        select(
            Decision.decided_at,
            Application.total_centimes,
            Application.content["results"],
            Organisation.last_agm_on,
            count,
            women,
        )
        .select_from(Application)
        .join(Decision, Decision.id == convention.decision_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Application.id == convention.application_id)
    )


def _coaching(tx: Tx, convention_id: UUID) -> tuple[Plan | None, str | None, Sequence[Milestone]]:
    """The plan, the coach's name and the milestones, as far as the reader may see each."""
    asked: Any = select(Plan, Person.name).join(Person, Person.id == Plan.coach_id)
    found = tx.session.execute(
        tx.visible(asked.where(Plan.convention_id == convention_id), "plan.read")
    ).one_or_none()
    steps = (
        select(Milestone)
        .join(Milestone.plan)
        .options(contains_eager(Milestone.plan))
        .where(Plan.convention_id == convention_id)
        .order_by(Milestone.due_on, Milestone.id)
    )
    milestones = tx.session.scalars(tx.visible(steps, "milestone.read")).all()
    return (found[0], found[1], milestones) if found else (None, None, milestones)
