"""Provinces that answer: those in which an officer works."""

from collections.abc import Sequence

from sqlalchemy import select

from ..core.tx import Tx
from ..people.models import Person, Role, RoleGrant
from ..territory.models import Province


def provinces_served(tx: Tx) -> Sequence[Province]:
    """By code. A question to a province without an officer would wait for nobody."""
    working = (
        select(RoleGrant.province_code)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.role == Role.OFFICER, RoleGrant.revoked_at.is_(None), Person.active)
    )
    return tx.session.scalars(
        select(Province).where(Province.code.in_(working)).order_by(Province.code)
    ).all()
