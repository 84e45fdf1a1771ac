"""The ranking of a call: pages of constant cost, and its sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select

from ...applications.models import Application
from ...calls.models import Call
from ...core.errors import INVALID, NOT_FOUND, FieldError
from ...core.paging import Key, Page, paginate
from ...core.tx import Tx
from ...people.models import Organisation
from ...territory.models import Commune
from ..lifecycle import grid_of
from ..models import Assignment, AssignmentState, Standing

DISCORDANT_HUNDREDTHS = 2000
"""Reviews of one dossier further apart than twenty points are flagged for a second reading."""

_RANKED = (
    select(
        Standing.application_id,
        Standing.score_hundredths,
        Standing.spread_hundredths,
        Standing.reviews,
        Standing.ties,
        Application.number,
        Application.title,
        Organisation.name.label("organisation"),
        Commune.name.label("commune"),
        Application.requested_centimes,
    )
    .join(Application, Application.id == Standing.application_id)
    .join(Organisation, Organisation.id == Application.organisation_id)
    .join(Commune, Commune.code == Application.commune_code, isouter=True)
)

_ORDER = (
    Key(Standing.score_hundredths, lambda row: row.score_hundredths, descending=True),
    Key(Standing.ties, lambda row: row.ties, descending=True),
    Key(Standing.application_id, lambda row: row.application_id),
)


@dataclass(frozen=True)
class Ranking:
    """Some rows of a call's ranking from rank `first` on, and the cursor of the next ones."""

    first: int
    rows: list[Row[Any]]
    next: str | None


def ranked_call(tx: Tx, call_id: UUID) -> Call:
    """The call, for those who may read its ranking; 404 for others."""
    return tx.get(Call, call_id, "ranking.read")


def ranking(tx: Tx, call_id: UUID, cursor: str | None = None, limit: int = 50) -> Ranking:
    """The dossiers that the actor may see, best first: score, then criteria that break ties, then id.

    The cursor carries the rank reached (`51.…`), so that the last page counts nothing again; she who forges
    it only misnumbers her own page.
    """
    first, inner = _place(cursor)
    places = select(Standing.application_id, Standing.score_hundredths, Standing.ties)
    statement = tx.visible(places.where(Standing.call_id == call_id), "standing.read")
    page: Page[Row[Any]] = paginate(tx, statement, _ORDER, inner, limit)
    following = f"{first + len(page.items)}.{page.next}" if page.next else None
    return Ranking(first, _details(tx, [row.application_id for row in page.items]), following)


def _details(tx: Tx, application_ids: Sequence[UUID]) -> list[Row[Any]]:
    """The rows of a page already chosen, in its order: only they are joined."""
    found = tx.session.execute(_RANKED.where(Standing.application_id.in_(application_ids)))
    rows: dict[UUID, Any] = {row.application_id: row for row in found}
    return [rows[application_id] for application_id in application_ids]


def may_rank(tx: Tx, call_id: UUID) -> None:
    """404 unless the actor may read the ranking of this call."""
    asked = tx.visible(select(Call.id).where(Call.id == call_id), "ranking.read")
    if not tx.session.execute(asked).first():
        raise NOT_FOUND(thing="call")


def whole_ranking(tx: Tx, call_id: UUID) -> list[Row[Any]]:
    """Every row, for the session that decides (the platform's own eyes: call it after its rule)."""
    ranked = _RANKED.add_columns(Standing.criteria, Application.organisation_id)
    ordered = [key.column.desc() if key.descending else key.column for key in _ORDER]
    return list(tx.session.execute(ranked.where(Standing.call_id == call_id).order_by(*ordered)).all())


def _place(cursor: str | None) -> tuple[int, str | None]:
    if cursor is None:
        return 1, None
    rank, _, inner = cursor.partition(".")
    if not (rank.isascii() and rank.isdigit() and len(rank) <= 9 and inner):
        raise INVALID([FieldError("cursor", "cursor_unreadable")])
    return int(rank), inner


def ranges(tx: Tx, application_ids: Sequence[UUID]) -> dict[UUID, list[int]]:
    """The signed totals of these dossiers (already seen through their standing), lowest first."""
    rows = tx.session.execute(
        select(Assignment.application_id, func.array_agg(Assignment.total_hundredths))
        .where(Assignment.application_id.in_(application_ids), Assignment.state == AssignmentState.SIGNED)
        .group_by(Assignment.application_id)
    )
    return {application_id: sorted(totals) for application_id, totals in rows}


@dataclass(frozen=True)
class Totals:
    """A call's ranking in figures."""

    ranked: int
    reviews: int
    discordant: int
    asked_centimes: int
    waiting: int


def totals(tx: Tx, call_id: UUID) -> Totals:
    """Sums over what the actor may see; `waiting` dossiers have fewer signed reviews than the grid asks."""
    needed = grid_of(tx, call_id).evaluators_per_file
    row = tx.session.execute(
        tx.visible(
            select(
                func.count(),
                func.coalesce(func.sum(Standing.reviews), 0),
                func.count().filter(Standing.spread_hundredths > DISCORDANT_HUNDREDTHS),
                func.coalesce(func.sum(Application.requested_centimes), 0),
                func.count().filter(Standing.reviews < needed),
            )
            .join(Application, Application.id == Standing.application_id)
            .where(Standing.call_id == call_id),
            "standing.read",
        )
    ).one()
    return Totals(row[0], int(row[1]), row[2], int(row[3]), row[4])
