"""A call that shares out its envelope by portfolio, with dossiers whose organisations differ."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from backend.applications.models import Application
from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from backend.people.models import Member, Organisation, Sex
from tests.decisions import given as decisions
from tests.reviews import given as reviews

YOUNG: dict[str, Any] = {
    "code": "young",
    "label": {"fr": "Coopératives de jeunes", "ar": "تعاونيات الشباب"},
    "among": {"fact": "members.youth_share", "at_least": "50 %"},
    "at_least": 1,
}


def a_call(world: Any, *constraints: dict[str, Any], envelope: int = 60_000_000, **more: Any) -> None:
    """Of `world.call`: the best portfolio under these constraints."""
    selection = {"method": "portfolio", "constraints": list(constraints)} | more
    reviews.a_call(world, envelope=envelope, selection=selection)


def ranked(world: Any, amounts: list[int], young: int) -> list[UUID]:
    """Scored dossiers, best first; the holder of the one at `young` (from 0) has young members only."""
    ids = reviews.scored(world, len(amounts), amounts)
    found = ids or _by_number()
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        organisation = select(Application.organisation_id).where(Application.id == found[young])
        tx.session.execute(
            update(Member)
            .where(Member.organisation_id.in_(organisation))
            .values(birth_year=2003, sex=Sex.WOMAN)
        )
        tx.session.execute(update(Organisation).values(version=Organisation.version))
    return found


def _by_number() -> list[UUID]:
    with transaction(SYSTEM) as tx:
        return list(tx.session.scalars(select(Application.id).order_by(Application.number)))


__all__ = ["YOUNG", "a_call", "decisions", "ranked"]
