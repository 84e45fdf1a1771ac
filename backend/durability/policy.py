"""Follow-up: coaches and officers of the province ask, the holder answers for her own, overseers read."""

from sqlalchemy import ColumnElement, or_, select

from ..core.actor import Actor
from ..core.policy import rule
from ..funding.models import Convention
from ..people.models import Role
from ..people.policy import OVERSEERS, in_province, represents
from .models import Wave


def _hers(a: Actor) -> ColumnElement[bool]:
    return Wave.convention_id.in_(select(Convention.id).where(represents(a, Convention.organisation_id)))


STAFF = (Role.OFFICER, Role.COACH)
rule(
    "wave.read",
    Wave,
    lambda a: or_(in_province(a, (*STAFF, *OVERSEERS), Wave.province_code), _hers(a)),
)
rule("wave.answer", Wave, lambda a: or_(in_province(a, STAFF, Wave.province_code), _hers(a)))
rule("wave.plan", Wave, lambda a: in_province(a, Role.OFFICER, Wave.province_code))
rule("wave.unreachable", Wave, lambda a: in_province(a, STAFF, Wave.province_code))
