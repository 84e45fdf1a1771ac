"""Who may: the holder answers, from the letter on; an officer of the province, without a tie, confirms.

A row is made when the letter is released (`following.begin`): whoever represents the holder has been told.
"""

from sqlalchemy import ColumnElement, and_, or_, select

from ...applications.models import Application
from ...core.actor import Actor
from ...core.policy import rule
from ...people.models import Role
from ...people.policy import OVERSEERS, in_province, represents
from ...reviews.policy import untied
from ..models import ConditionFile, Decision, DecisionCondition


def _hers(a: Actor) -> ColumnElement[bool]:
    mine = select(Application.id).where(represents(a, Application.organisation_id))
    return DecisionCondition.application_id.in_(mine)


def _reads(a: Actor) -> ColumnElement[bool]:
    placed = in_province(a, (Role.OFFICER, Role.CHAIR, *OVERSEERS), DecisionCondition.province_code)
    return and_(placed, untied(a, DecisionCondition.application_id))


rule("condition.read", DecisionCondition, lambda a: or_(_hers(a), _reads(a)))
rule("condition.answer", DecisionCondition, _hers)
rule(
    "condition.settle",
    DecisionCondition,
    lambda a: and_(
        in_province(a, Role.OFFICER, DecisionCondition.province_code),
        untied(a, DecisionCondition.application_id),
    ),
)
rule(
    "condition_file.create",
    ConditionFile,
    lambda a: ConditionFile.condition_id.in_(select(DecisionCondition.id).where(_hers(a))),
)
rule(
    "decision.extend",
    Decision,
    lambda a: and_(in_province(a, Role.OFFICER, Decision.province_code), untied(a, Decision.application_id)),
)
