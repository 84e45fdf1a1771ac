"""Who may see a plan and move its milestones: the holder reports, her coach validates, or the DAS for her."""

from sqlalchemy import ColumnElement, or_, select

from ..core.actor import Actor
from ..core.policy import rule
from ..funding.models import Convention
from ..people.models import Role
from ..people.policy import OVERSEERS, in_province, is_self, represents
from .models import Milestone, Plan, Reminder

WATCHERS = (Role.OFFICER, *OVERSEERS)


def _hers(a: Actor) -> ColumnElement[bool]:
    """The plan of an organisation that she represents."""
    return Plan.convention_id.in_(select(Convention.id).where(represents(a, Convention.organisation_id)))


def _held(a: Actor) -> ColumnElement[bool]:
    return Milestone.plan_id.in_(select(Plan.id).where(_hers(a)))


def _coached(a: Actor) -> ColumnElement[bool]:
    return Milestone.plan_id.in_(select(Plan.id).where(is_self(a, Plan.coach_id)))


def _answers_for(a: Actor) -> ColumnElement[bool]:
    """The plan's own coach, or an officer of the province when she cannot: never another coach."""
    return or_(_coached(a), in_province(a, Role.OFFICER, Milestone.province_code))


def _reads(a: Actor) -> ColumnElement[bool]:
    return or_(_held(a), _coached(a), in_province(a, WATCHERS, Milestone.province_code))


rule(
    "plan.read",
    Plan,
    lambda a: or_(_hers(a), is_self(a, Plan.coach_id), in_province(a, WATCHERS, Plan.province_code)),
)
rule("plan.create", Plan, lambda a: in_province(a, Role.OFFICER, Plan.province_code))

rule("milestone.read", Milestone, _reads)
rule("milestone.report", Milestone, _held)
rule("milestone.validate", Milestone, _answers_for)
rule("milestone.reschedule", Milestone, _answers_for)

rule("reminder.read", Reminder, lambda a: Reminder.milestone_id.in_(select(Milestone.id).where(_reads(a))))
