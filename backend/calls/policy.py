"""Published calls are everybody's; a draft is its province's officers' and the overseers'.

A question is its asker's and the officers' until it is answered; then question and answer are everybody's.
"""

from sqlalchemy import ColumnElement, and_, or_, select

from backend.core.actor import Actor
from backend.core.policy import rule
from backend.people.models import Role
from backend.people.policy import OVERSEERS, has_role, in_province, is_self

from .models import Call, CallQuestion, CallVersion, QuestionState


def _readable(a: Actor) -> ColumnElement[bool]:
    return or_(
        Call.published_at.is_not(None),
        in_province(a, Role.OFFICER, Call.province_code),
        has_role(a, *OVERSEERS),
    )


rule("call.read", Call, _readable)
# Versions exist from publication on: what was published once stays everybody's to read.
rule("version.read", CallVersion, lambda a: CallVersion.call_id.in_(select(Call.id).where(_readable(a))))
rule("call.load", Call, lambda a: in_province(a, Role.OFFICER, Call.province_code))
rule("call.publish", Call, lambda a: in_province(a, Role.OFFICER, Call.province_code))
rule("call.amend", Call, lambda a: in_province(a, Role.OFFICER, Call.province_code))
rule("call.review", Call, lambda a: in_province(a, Role.OFFICER, Call.province_code))
rule("call.archive", Call, lambda a: in_province(a, Role.OFFICER, Call.province_code))
rule("call.decide", Call, lambda a: in_province(a, (Role.OFFICER, Role.CHAIR), Call.province_code))

rule(
    "question.read",
    CallQuestion,
    lambda a: or_(
        CallQuestion.state == QuestionState.ANSWERED,
        is_self(a, CallQuestion.asked_by),
        in_province(a, Role.OFFICER, CallQuestion.province_code),
    ),
)
rule(
    "question.ask",
    CallQuestion,
    lambda a: and_(has_role(a, Role.HOLDER), is_self(a, CallQuestion.asked_by)),
)
rule("question.settle", CallQuestion, lambda a: in_province(a, Role.OFFICER, CallQuestion.province_code))
