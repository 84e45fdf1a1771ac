"""Who may: officers publish the results of their province's calls; everybody reads what is published."""

from ...calls.models import Call
from ...core.policy import rule
from ...people.models import Role
from ...people.policy import anyone, in_province
from ..models import Decision, Publication
from ..told import published

rule("publication.read", Publication, anyone)
rule("result.read", Decision, lambda _a: published())
rule("call.publish_results", Call, lambda a: in_province(a, Role.OFFICER, Call.province_code))
rule("publication.make", Publication, lambda a: in_province(a, Role.OFFICER, Publication.province_code))
