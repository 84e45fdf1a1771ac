"""Who may see a convention and move its money."""

from typing import Any

from sqlalchemy import ColumnElement, or_, select

from ..core.actor import Actor
from ..core.policy import rule
from ..decisions.models import Decision
from ..people.models import Role
from ..people.policy import OVERSEERS, in_province, represents
from .models import Convention, Tranche

READERS = (Role.OFFICER, Role.COACH, Role.CHAIR, *OVERSEERS)


def _officer_of(column: Any) -> Any:
    return lambda a: in_province(a, Role.OFFICER, column)


def _reads_convention(a: Actor) -> ColumnElement[bool]:
    """The holder sees her own; the province's people and the overseers see all of it."""
    return or_(represents(a, Convention.organisation_id), in_province(a, READERS, Convention.province_code))


rule("award.read", Decision, _officer_of(Decision.province_code))
rule("award.prepare", Decision, _officer_of(Decision.province_code))

rule("convention.read", Convention, _reads_convention)
rule("convention.prepare", Convention, _officer_of(Convention.province_code))
rule("convention.prove", Convention, _officer_of(Convention.province_code))
rule("convention.sign", Convention, _officer_of(Convention.province_code))
rule("convention.cancel", Convention, _officer_of(Convention.province_code))

rule(
    "tranche.read",
    Tranche,
    lambda a: Tranche.convention_id.in_(select(Convention.id).where(_reads_convention(a))),
)
rule("tranche.release", Tranche, _officer_of(Tranche.province_code))
