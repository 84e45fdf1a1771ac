"""Pairs of organisations that may be one, with what the reader may know of each."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, or_, select

from ...core.paging import Page, paginate
from ...core.policy import RULES
from ...core.tx import Tx
from ..lifecycle import LOOKALIKE
from ..models import Lookalike, LookalikeState, Organisation
from ..schemas import LookalikeOut, LookalikeSide
from .parts import by_id, how_many


def lookalikes(
    tx: Tx, state: LookalikeState | None = None, cursor: str | None = None, limit: int = 50
) -> Page[Lookalike]:
    """The pairs that concern the actor's provinces, the latest found first."""
    return paginate(tx, _lookalikes(tx, state), (by_id(Lookalike, newest=True),), cursor, limit)


def count_lookalikes(tx: Tx, state: LookalikeState | None = None) -> int:
    return how_many(tx, _lookalikes(tx, state))


def lookalike(tx: Tx, lookalike_id: UUID) -> Lookalike:
    return tx.get(Lookalike, lookalike_id, "lookalike.read")


def _lookalikes(tx: Tx, state: LookalikeState | None) -> Select[Lookalike]:
    statement = tx.visible(select(Lookalike), "lookalike.read")
    return statement.where(Lookalike.state == state) if state else statement


def told(tx: Tx, pairs: Sequence[Lookalike]) -> list[LookalikeOut]:
    """The pairs with both sides; of an organisation that she may not read, only what comparing needs."""
    keys = {key for pair in pairs for key in (pair.first_id, pair.second_id)}
    readable = RULES["organisation.read"].where(tx.actor)
    asked = select(Organisation, readable).where(Organisation.id.in_(keys))
    sides = {
        row.id: LookalikeSide(
            id=row.id,
            name=row.name,
            legal_form=row.legal_form,
            province_code=row.province_code,
            commune_code=row.commune_code,
            readable=bool(may),
        )
        for row, may in tx.session.execute(asked)
    }
    return [_told(pair, sides) for pair in pairs]


def _told(pair: Lookalike, sides: dict[UUID, LookalikeSide]) -> LookalikeOut:
    names = ("id", "grounds", "closeness", "state", "found_at", "settled_at", "reason", "version")
    values = {name: getattr(pair, name) for name in names}
    return LookalikeOut(first=sides[pair.first_id], second=sides[pair.second_id], **values)


def told_one(tx: Tx, pair: Lookalike) -> LookalikeOut:
    """One pair, with what the actor may do about it."""
    (found,) = told(tx, [pair])
    found.verbs = LOOKALIKE.available(tx, pair)
    return found


def alike(tx: Tx, organisation_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """For each organisation, the others that are it or may be: flagged or merged, not told apart.

    For later stages that look for a grant given twice. Says nothing but ids; the caller keeps it to officers.
    """
    asked = select(Lookalike.first_id, Lookalike.second_id).where(
        Lookalike.state != LookalikeState.DISTINCT,
        or_(Lookalike.first_id.in_(organisation_ids), Lookalike.second_id.in_(organisation_ids)),
    )
    found: dict[UUID, set[UUID]] = {key: set() for key in organisation_ids}
    for first, second in tx.session.execute(asked):
        for one, other in ((first, second), (second, first)):
            if one in found:
                found[one].add(other)
    return found
