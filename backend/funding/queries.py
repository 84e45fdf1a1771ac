"""Reading conventions: lists with their sums, and the story of one."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import joinedload, load_only, selectinload

from ..applications.models import Application
from ..calls.models import Call
from ..core.events import Event
from ..core.paging import Key, Page, paginate
from ..core.tx import Tx
from ..decisions.models import Decision
from ..decisions.standing import granted
from ..decisions.told import told
from ..people.models import Organisation
from .lifecycle import CONVENTION, TRANCHE
from .models import Convention, ConventionState, Tranche, TrancheState

RELEASED = (
    select(func.coalesce(func.sum(Tranche.amount_centimes), 0))
    .where(Tranche.convention_id == Convention.id, Tranche.state == TrancheState.RELEASED)
    .correlate(Convention)
    .scalar_subquery()
)
NAMES = (
    joinedload(Convention.organisation).load_only(Organisation.name, Organisation.phone),
    joinedload(Convention.application).load_only(Application.title, Application.number),
)


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to; None is no narrowing."""

    state: ConventionState | None = None
    call_id: UUID | None = None

    def on(self, statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
        if self.state:
            statement = statement.where(Convention.state == self.state)
        if self.call_id:
            statement = statement.where(Convention.call_id == self.call_id)
        return statement


@dataclass(frozen=True)
class Sums:
    """Of all the conventions that match, in centimes; those cancelled count for what they were paid only."""

    count: int
    amount_centimes: int
    own_centimes: int
    released_centimes: int
    remaining_centimes: int
    """Still owed under the conventions that stand."""


def listed(tx: Tx, narrowed: Filter, cursor: str | None = None, limit: int = 50) -> Page[Any]:
    """Rows of (convention, centimes released), the latest number first."""
    found = narrowed.on(select(Convention, RELEASED.label("released")).options(*NAMES))
    keys = (
        Key(Convention.number.expression, lambda row: row[0].number, True),
        Key(Convention.id.expression, lambda row: row[0].id, True),
    )
    return paginate(tx, tx.visible(found, "convention.read"), keys, cursor, limit)


def sums(tx: Tx, narrowed: Filter) -> Sums:
    """The totals under the list: of every page of it, not only of the one shown."""
    stands = Convention.state != ConventionState.CANCELLED
    each = tx.visible(
        narrowed.on(
            select(
                Convention.amount_centimes.label("amount"),
                Convention.own_centimes.label("own"),
                stands.label("stands"),
                RELEASED.label("released"),
            )
        ),
        "convention.read",
    ).subquery()
    row = tx.session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(each.c.amount).filter(each.c.stands), 0),
            func.coalesce(func.sum(each.c.own).filter(each.c.stands), 0),
            func.coalesce(func.sum(each.c.released), 0),
            func.coalesce(func.sum(each.c.amount - each.c.released).filter(each.c.stands), 0),
        ).select_from(each)
    ).one()
    return Sums(*(int(value) for value in row))


def calls(tx: Tx) -> list[Any]:
    """The calls that have conventions visible to the reader: (id, title), for the filter."""
    mine = tx.visible(select(Convention.call_id), "convention.read")
    return list(
        tx.session.execute(
            select(Call.id, Call.title).where(Call.id.in_(mine)).order_by(Call.opens_at.desc(), Call.id)
        )
    )


@dataclass(frozen=True)
class Story:
    """A convention, its money, and what the reader may do next."""

    convention: Convention
    released_centimes: int
    verbs: list[str]
    next_tranche: Tranche | None
    may_release: bool
    may_prove: bool
    cancelled_because: str | None


def story(tx: Tx, convention_id: UUID) -> Story:
    """All that the convention's page says."""
    convention = tx.get(
        Convention,
        convention_id,
        "convention.read",
        options=(
            *NAMES,
            selectinload(Convention.tranches),
            joinedload(Convention.call).options(load_only(Call.code, Call.title)),
        ),
    )
    waiting = [t for t in convention.tranches if t.state is TrancheState.PLANNED]
    following = waiting[0] if waiting and convention.state is not ConventionState.CANCELLED else None
    return Story(
        convention=convention,
        released_centimes=sum(
            t.amount_centimes for t in convention.tranches if t.state is TrancheState.RELEASED
        ),
        verbs=CONVENTION.available(tx, convention),
        next_tranche=following,
        may_release=bool(following and TRANCHE.available(tx, following)),
        may_prove=_may_prove(tx, convention),
        cancelled_because=_reason(tx, convention),
    )


def _may_prove(tx: Tx, convention: Convention) -> bool:
    if (
        convention.state is ConventionState.CANCELLED
        or convention.own_proven_at
        or not convention.own_centimes
    ):
        return False
    return tx.may(["convention.prove"], convention)["convention.prove"]


def _reason(tx: Tx, convention: Convention) -> str | None:
    if convention.state is not ConventionState.CANCELLED:
        return None
    said = select(Event.data["reason"].astext).where(
        Event.subject_id == convention.id, Event.name == "convention.cancelled"
    )
    return tx.session.scalar(said.order_by(Event.seq.desc()).limit(1))


def tranches(
    tx: Tx,
    state: TrancheState | None = None,
    convention_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Tranche]:
    """Tranches that the reader may see, oldest convention first."""
    found = select(Tranche)
    if state:
        found = found.where(Tranche.state == state)
    if convention_id:
        found = found.where(Tranche.convention_id == convention_id)
    return paginate(
        tx, tx.visible(found, "tranche.read"), [Key(Tranche.id.expression, lambda t: t.id)], cursor, limit
    )


def line(convention: Convention, released: int) -> dict[str, Any]:
    """The fields of `ConventionLine`."""
    return {
        "id": convention.id,
        "number": convention.number,
        "application_id": convention.application_id,
        "call_id": convention.call_id,
        "organisation_id": convention.organisation_id,
        "organisation": convention.organisation.name,
        "title": convention.application.title,
        "province_code": convention.province_code,
        "state": convention.state,
        "version": convention.version,
        "amount_centimes": convention.amount_centimes,
        "own_centimes": convention.own_centimes,
        "released_centimes": released,
        "signed_on": convention.signed_on,
        "own_proven_at": convention.own_proven_at,
    }


def to_prepare(tx: Tx) -> list[Any]:
    """Calls with grants that wait for their convention: (id, title, count), for the officer."""
    waiting = (
        select(Call.id, Call.title, func.count().label("count"))
        .join(Decision, Decision.call_id == Call.id)
        .where(
            granted(),
            told(),
            ~exists().where(Convention.decision_id == Decision.id),
        )
        .group_by(Call.id)
        .order_by(Call.opens_at.desc(), Call.id)
    )
    return list(tx.session.execute(tx.visible(waiting, "award.prepare")))
