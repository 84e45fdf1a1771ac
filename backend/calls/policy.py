"""Published calls are everybody's; a draft is its province's officers' and the overseers'."""

from sqlalchemy import or_

from backend.core.policy import rule
from backend.people.models import Role
from backend.people.policy import OVERSEERS, has_role, in_province

from .models import Call

rule(
    "call.read",
    Call,
    lambda a: or_(
        Call.published_at.is_not(None),
        in_province(a, Role.OFFICER, Call.province_code),
        has_role(a, *OVERSEERS),
    ),
)
rule("call.load", Call, lambda a: in_province(a, Role.OFFICER, Call.province_code))
rule("call.publish", Call, lambda a: in_province(a, Role.OFFICER, Call.province_code))
rule("call.archive", Call, lambda a: in_province(a, Role.OFFICER, Call.province_code))
rule("call.decide", Call, lambda a: in_province(a, (Role.OFFICER, Role.CHAIR), Call.province_code))
