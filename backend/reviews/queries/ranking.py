"""The ranking of a call: pages of constant cost, and its sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BindParameter,
    Integer,
    Row,
    Select,
    Uuid,
    any_,
    bindparam,
    case,
    false,
    func,
    select,
    true,
)
from sqlalchemy.orm import aliased

from ...applications.models import Application, ApplicationState
from ...calls.models import Call
from ...calls.queries import definition
from ...core.actor import Actor
from ...core.errors import INVALID, NOT_FOUND, FieldError
from ...core.paging import Key, Page, beyond, in_order, page_of, place
from ...core.policy import RULES
from ...core.tx import Tx
from ...people.models import Organisation
from ...territory.models import Commune
from ..models import DERIVED, Assignment, AssignmentState, CallReview, Standing
from ..panel import UNSURE
from ..policy import hidden_dossiers

_PLAIN = (
    Standing.application_id,
    Standing.score_hundredths,
    Standing.ranked_hundredths,
    Standing.by_corrected,
    Standing.spread_hundredths,
    Standing.floors,
    Standing.discordant,
    Standing.reviews,
    Standing.ties,
    Application.number,
    Application.title,
    Organisation.name.label("organisation"),
    Commune.name.label("commune"),
    Application.requested_centimes,
)


def _ranked(*columns: Any) -> Select[Any]:
    """Dossiers of a ranking with what is said of each."""
    return (
        select(*columns)
        .join(Application, Application.id == Standing.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Commune, Commune.code == Application.commune_code, isouter=True)
    )


_Shown = aliased(Standing)
"""Apart from the statement that asks: nothing is correlated."""
_ORDER = (
    Key(Standing.ranked_hundredths, lambda row: row.ranked_hundredths, descending=True),
    Key(Standing.ties, lambda row: row.ties, descending=True),
    Key(Standing.draw, lambda row: row.draw),
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
    """The dossiers that the actor may see, best first: score, criteria that break ties, the draw.

    The score is the corrected one where the call is ranked by it. The order is that of `scoring.worth`.

    The cursor carries the rank reached (`51.…`), so that the last page counts nothing again; she who forges
    it only misnumbers her own page.
    """
    first, inner = _place(cursor)
    after = place(inner, _ORDER)
    found = tx.rows(
        ("ranking", bool(after)), partial(_page, bool(after)), call=call_id, most=limit + 1, **after
    )
    page: Page[Row[Any]] = page_of(found, _ORDER, limit)
    following = f"{first + len(page.items)}.{page.next}" if page.next else None
    return Ranking(first, page.items, following)


_CALL = bindparam("call", type_=Uuid)


def _page(later: bool, actor: Actor) -> Select[Any]:
    """A page of the ranking, after a place if `later`: only the rows that are on it are joined.

    Corrected figures and ranks rest on every dossier of the call: who may not see one is shown none of them.
    """
    chosen = select(Standing.application_id).where(
        Standing.call_id == _CALL, RULES["standing.read"].where(actor)
    )
    chosen = chosen.where(beyond(_ORDER)) if later else chosen
    on_it = chosen.order_by(*in_order(_ORDER)).limit(bindparam("most", type_=Integer)).subquery()
    hidden = select(hidden_ranked(actor, _CALL).exists().label("some")).subquery()
    whole = [case((~hidden.c.some, getattr(Standing, name))).label(name) for name in DERIVED]
    asked = _ranked(*_PLAIN, Standing.draw, *whole).join(
        on_it, on_it.c.application_id == Standing.application_id
    )
    return asked.join(hidden, true()).order_by(*in_order(_ORDER))


def may_rank(tx: Tx, call_id: UUID) -> None:
    """404 unless the actor may read the ranking of this call."""
    asked = tx.visible(select(Call.id).where(Call.id == call_id), "ranking.read")
    if not tx.session.execute(asked).first():
        raise NOT_FOUND(thing="call")


def whole_ranking(tx: Tx, call_id: UUID) -> list[Row[Any]]:
    """Every row, for the session that decides (the platform's own eyes: call it after its rule)."""
    ranked = _ranked(*_PLAIN, Standing.criteria, Application.organisation_id)
    ordered = [key.column.desc() if key.descending else key.column for key in _ORDER]
    return list(tx.session.execute(ranked.where(Standing.call_id == call_id).order_by(*ordered)).all())


def hidden_ranked(actor: Actor, call_id: UUID | BindParameter[UUID]) -> Select[UUID]:
    """The call's ranked dossiers that are hidden from the actor (none from the platform itself)."""
    if actor.is_system:
        return select(_Shown.application_id).where(false())
    return select(_Shown.application_id).where(
        _Shown.call_id == call_id, _Shown.application_id.in_(hidden_dossiers(actor))
    )


def _place(cursor: str | None) -> tuple[int, str | None]:
    if cursor is None:
        return 1, None
    rank, _, inner = cursor.partition(".")
    if not (rank.isascii() and rank.isdigit() and len(rank) <= 9 and inner):
        raise INVALID([FieldError("cursor", "cursor_unreadable")])
    return int(rank), inner


def ranges(tx: Tx, application_ids: Sequence[UUID]) -> dict[UUID, list[int]]:
    """The signed totals of these dossiers (already seen through their standing), lowest first."""
    rows = tx.rows("ranges", _totals, among=list(application_ids))
    return {row.application_id: sorted(row.totals) for row in rows}


def _totals(_actor: Actor) -> Select[*tuple[Any, ...]]:
    """Of these dossiers, as one array: nothing is compiled anew for another number of them."""
    among = Assignment.application_id == any_(bindparam("among", type_=ARRAY(Uuid)))
    return (
        select(Assignment.application_id, func.array_agg(Assignment.total_hundredths).label("totals"))
        .where(among, Assignment.state == AssignmentState.SIGNED)
        .group_by(Assignment.application_id)
    )


@dataclass(frozen=True)
class Method:
    """How a call is ranked, as far as its last report knows."""

    asked: str
    used: str
    refused: str | None
    inputs: str | None
    """The fingerprint of all marks, rules and the draw: for whom nothing is hidden."""
    behind: bool
    """Marks have changed since the report."""
    partial: bool
    """Something of the call is hidden from her: figures that depend on every dossier are not shown to her."""
    may_export: bool
    unsure: tuple[str, ...] = ()
    """Why no rank has an interval: warnings of the correction."""
    seed: str | None = None
    """Of the lots, drawn before anybody read a dossier."""


def method(tx: Tx, call: Call) -> Method:
    """By the mean or by corrected scores, and what to know about it; two statements."""
    row = next(iter(tx.rows("ranking.method", _method, call=call.id)), None)
    may = tx.may(["ranking.record"], call)["ranking.record"]
    asked = definition(call).grid.ranking
    if row is None:
        return Method(asked, "raw", None, None, behind=False, partial=False, may_export=False)
    return Method(
        asked,
        row.used or "raw",
        row.refused,
        row.inputs if may else None,
        behind=row.behind and not row.partial,
        partial=row.partial,
        may_export=may,
        unsure=() if row.partial else _unsure(row.warnings),
        seed=row.seed,
    )


def _method(actor: Actor) -> Select[Any]:
    told = CallReview.report["all"]
    return select(
        told["asked"].astext.label("asked"),
        told["method"].astext.label("used"),
        told["refused"].astext.label("refused"),
        told["warnings"].label("warnings"),
        CallReview.report["inputs"].astext.label("inputs"),
        CallReview.seed,
        (func.coalesce(CallReview.reported_reviews, 0) != CallReview.reviews).label("behind"),
        hidden_ranked(actor, _CALL).exists().label("partial"),
    ).where(CallReview.call_id == _CALL)


def _unsure(warnings: Any) -> tuple[str, ...]:
    codes = dict.fromkeys(one["code"] for one in warnings or ())
    return tuple(code for code in codes if code in UNSURE)


@dataclass(frozen=True)
class Totals:
    """A call's ranking in figures, of what the actor may see."""

    ranked: int
    reviews: int
    discordant: int
    asked_centimes: int
    waiting: int
    """Ranked with fewer signed reviews than the grid asks."""
    unread: int
    """Eligible without any: they have no rank."""


def totals(tx: Tx, call_id: UUID) -> Totals:
    """The sums kept of the whole call, less the few dossiers hidden from the actor; 404 as the ranking."""
    found = tx.rows("ranking.totals", _sums, call=call_id)
    if not found:
        raise NOT_FOUND(thing="call")
    ranked, reviews, discordant, amount, waiting, eligible = map(int, found[0])
    return Totals(ranked, reviews, discordant, amount, waiting, unread=eligible - ranked)


def _sums(actor: Actor) -> Select[Any]:
    hidden, eligible = hidden_dossiers(actor), _eligible(_CALL)
    fewer = (
        select(
            func.count().label("ranked"),
            func.coalesce(func.sum(Standing.reviews), 0).label("reviews"),
            func.count().filter(Standing.discordant).label("discordant"),
            func.coalesce(func.sum(Application.requested_centimes), 0).label("asked_centimes"),
            func.count().filter(Standing.reviews < CallReview.per_file).label("waiting"),
        )
        .join(Application, Application.id == Standing.application_id)
        .join(CallReview, CallReview.call_id == Standing.call_id)
        .where(Standing.call_id == _CALL, Standing.application_id.in_(hidden))
        .subquery()
    )
    sums = [func.coalesce(getattr(CallReview, one.name), 0) - one for one in fewer.c]
    few = eligible.where(Application.id.in_(hidden)).scalar_subquery()
    return (
        select(*sums, eligible.scalar_subquery() - few)
        .select_from(Call)
        .join(CallReview, CallReview.call_id == Call.id, isouter=True)
        .join(fewer, true())
        .where(Call.id == _CALL, RULES["ranking.read"].where(actor))
    )


def _eligible(call_id: BindParameter[UUID]) -> Select[int]:
    return select(func.count()).where(
        Application.call_id == call_id, Application.state == ApplicationState.ELIGIBLE
    )
