"""Organisations that may be one: found by their numbers, members and names; settled by an officer."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, literal, select, true, union_all, update
from sqlalchemy.orm import aliased
from uuid_utils.compat import uuid7

from ...core.tx import Tx
from ..lifecycle import GROUNDS, LOOKALIKE
from ..models import Lookalike, LookalikeState, Member, Organisation, Representative
from ..queries.parts import bare_column
from ..resemblance import CLOSE, close_pairs, closeness
from ..schemas import SettleIn
from .accounts import insert_unless_there

CHUNK = 10_000
"""Parameters of one statement, well under PostgreSQL's 65 535."""
One, Other = aliased(Organisation, name="one"), aliased(Organisation, name="other")


class Side(NamedTuple):
    """What is compared of an organisation, and where it is."""

    id: UUID
    name: dict[str, str]
    province_code: str
    commune_code: str


Found = tuple[Side, Side, list[str], int]
Named = dict[tuple[UUID, UUID], int]


def compare(tx: Tx, organisation_id: UUID) -> int:
    """Compare one organisation with all the others; returns how many pairs were flagged anew."""
    hers = select(Organisation.commune_code).where(Organisation.id == organisation_id).scalar_subquery()
    near = _sides(tx, Organisation.commune_code == hers)
    her = near.get(organisation_id)
    named = {
        _ordered(organisation_id, key): close
        for key, side in near.items()
        if her and key != organisation_id and (close := closeness(her.name, side.name)) >= CLOSE
    }
    return _flag(tx, _pairs(tx, near, named, One.id == organisation_id, One.id != Other.id))


def compare_all(tx: Tx) -> int:
    """Compare every organisation with every other, a province's after another's; harmless to run again."""
    provinces = select(Organisation.province_code).distinct().order_by(Organisation.province_code)
    return sum(_compare_province(tx, province) for province in tx.session.scalars(provinces).all())


def _compare_province(tx: Tx, province: str) -> int:
    """Numbers against the whole country, names within each commune: no more in memory than a province."""
    sides = _sides(tx, Organisation.province_code == province)
    of: dict[str, dict[UUID, dict[str, str]]] = {}
    for side in sides.values():
        of.setdefault(side.commune_code, {})[side.id] = side.name
    named = {_ordered(one, other): near for names in of.values() for one, other, near in close_pairs(names)}
    return _flag(tx, _pairs(tx, sides, named, One.province_code == province, One.id < Other.id))


def _ordered(one: UUID, other: UUID) -> tuple[UUID, UUID]:
    """The older first: identifiers grow with time."""
    return (one, other) if one < other else (other, one)


def announce(tx: Tx) -> int:
    """Tell each province how many pairs concern it that it was not told of; returns how many were told."""
    first, second = aliased(Organisation), aliased(Organisation)
    new = (
        select(Lookalike, first.province_code, second.province_code)
        .join(first, first.id == Lookalike.first_id)
        .join(second, second.id == Lookalike.second_id)
        .where(Lookalike.state == LookalikeState.FLAGGED, Lookalike.told_at.is_(None))
        .order_by(Lookalike.id)
        .with_for_update(of=Lookalike, skip_locked=True)
    )
    rows = tx.session.execute(new).all()
    of: dict[str, list[Lookalike]] = {}
    for pair, *places in rows:
        for place in set(places):
            of.setdefault(place, []).append(pair)
    for place, pairs in sorted(of.items()):
        tx.emit("lookalike.announced", pairs[0], province=place, count=len(pairs))
    told = update(Lookalike).where(Lookalike.id.in_([pair.id for pair, *_ in rows]))
    tx.session.execute(  # not an edit: what an officer has before her stays the current version
        told.values(told_at=tx.now), execution_options={"synchronize_session": False}
    )
    return len(rows)


def distinguish(tx: Tx, lookalike_id: UUID, given: SettleIn, version: int | None = None) -> Lookalike:
    """They are two: said once, they are flagged again only on new grounds."""
    pair = tx.get(Lookalike, lookalike_id, "lookalike.settle", version=version)
    LOOKALIKE.fire(tx, pair, "distinguish", reason=given.reason, grounds=pair.grounds)
    return _settled(tx, pair, given)


def merge(tx: Tx, lookalike_id: UUID, given: SettleIn, version: int | None = None) -> Lookalike:
    """They are one: the newer one points to the older and is only read from now on.

    Nothing is rewritten: its dossiers stay its own. Who represents it represents the older one too.
    """
    pair = tx.get(Lookalike, lookalike_id, "lookalike.merge", version=version)
    first, second = _locked(tx, pair)
    LOOKALIKE.fire(tx, pair, "merge", reason=given.reason, grounds=pair.grounds)
    second.merged_into_id = first.id
    _add_representatives(tx, first, second)
    tx.emit("organisation.merged", second, into=str(first.id), reason=given.reason)
    tx.emit("organisation.merged", first, of=str(second.id), reason=given.reason)
    return _settled(tx, pair, given)


def _locked(tx: Tx, pair: Lookalike) -> tuple[Organisation, Organisation]:
    """Both rows, held until the end, in one order for everybody."""
    both = select(Organisation).where(Organisation.id.in_((pair.first_id, pair.second_id)))
    rows = {row.id: row for row in tx.session.scalars(both.order_by(Organisation.id).with_for_update())}
    return rows[pair.first_id], rows[pair.second_id]


def _add_representatives(tx: Tx, first: Organisation, second: Organisation) -> None:
    of = select(Representative.person_id).where(Representative.until.is_(None))
    hers = set(tx.session.scalars(of.where(Representative.organisation_id == second.id)))
    held = set(tx.session.scalars(of.where(Representative.organisation_id == first.id)))
    for person_id in sorted(hers - held):
        row = Representative(organisation_id=first.id, person_id=person_id, since=tx.now)
        if not insert_unless_there(tx, row):  # she did once: again from now on
            asked = select(Representative).where(
                Representative.organisation_id == first.id, Representative.person_id == person_id
            )
            tx.session.scalars(asked).one().until = None


def _settled(tx: Tx, pair: Lookalike, given: SettleIn) -> Lookalike:
    pair.settled_by, pair.settled_at, pair.reason = tx.actor.id, tx.now, given.reason
    tx.session.flush()
    return pair


def _pairs(tx: Tx, sides: dict[UUID, Side], named: Named, *narrowed: ColumnElement[bool]) -> list[Found]:
    """The pairs that share something, the older first; those that were merged are compared no more."""
    standing = (*narrowed, One.merged_into_id.is_(None), Other.merged_into_id.is_(None))
    asked = union_all(*(_sharing(name, condition).where(*standing) for name, condition in _grounds().items()))
    grounds: dict[tuple[UUID, UUID], list[str]] = {pair: ["name"] for pair in named}
    shared: Any = tx.session.execute(asked)
    for one, other, name in shared:
        grounds.setdefault(_ordered(one, other), []).append(name)
    missing, rows = sorted({key for pair in grounds for key in pair} - set(sides)), dict(sides)
    for start in range(0, len(missing), CHUNK):
        rows |= _sides(tx, Organisation.id.in_(missing[start : start + CHUNK]))
    return [
        (rows[first], rows[second], [name for name in GROUNDS if name in said], close)
        for (first, second), said in sorted(grounds.items())
        for close in [named.get((first, second)) or closeness(rows[first].name, rows[second].name)]
    ]


def _sides(tx: Tx, *narrowed: ColumnElement[bool]) -> dict[UUID, Side]:
    asked = select(
        Organisation.id, Organisation.name, Organisation.province_code, Organisation.commune_code
    ).where(*narrowed, Organisation.merged_into_id.is_(None))
    return {row.id: Side(*row) for row in tx.session.execute(asked)}


def _sharing(name: str, condition: ColumnElement[bool]) -> Select[UUID, UUID, str]:
    """One question for each ground: the database then has an index or a hash for it."""
    said = select(One.id, Other.id, literal(name))
    if name != "members":
        return said.join(Other, condition)
    ours, theirs = aliased(Member), aliased(Member)
    return (
        said.select_from(One)
        .join(ours, ours.organisation_id == One.id)
        .join(theirs, theirs.identity_digest == ours.identity_digest)
        .join(Other, Other.id == theirs.organisation_id)
        .distinct()
    )


def _grounds() -> dict[str, ColumnElement[bool]]:
    """Why two organisations may be one, in the order of `lifecycle.GROUNDS`; names are compared apart."""
    register = bare_column(One.register_number)
    conditions: tuple[ColumnElement[bool], ...] = (
        and_(register == bare_column(Other.register_number), register != ""),
        One.ice == Other.ice,
        One.bank_account == Other.bank_account,
        true(),  # of members: see `_sharing`
    )
    return dict(zip(GROUNDS[:-1], conditions, strict=True))


def _flag(tx: Tx, found: Sequence[Found]) -> int:
    """Keep what is new; a pair that was told apart is flagged again when it shares something more."""
    known = _known(tx, (first.id for first, *_ in found))
    count = 0
    for first, second, grounds, close in found:
        pair = known.get((first.id, second.id))
        if pair is None:
            pair = Lookalike(
                id=uuid7(),
                first_id=first.id,
                second_id=second.id,
                grounds=grounds,
                closeness=close,
                found_at=tx.now,
            )
            tx.session.add(pair)
            tx.emit("lookalike.found", pair, grounds=grounds, **_places(first, second))
            count += 1
        elif pair.state is not LookalikeState.MERGED and (set(grounds) - set(pair.grounds)):
            pair.grounds, pair.closeness = [g for g in GROUNDS if g in {*grounds, *pair.grounds}], close
            if pair.state is LookalikeState.DISTINCT:
                pair.told_at = None
                LOOKALIKE.fire(tx, pair, "flag", grounds=pair.grounds, **_places(first, second))
                count += 1
    tx.session.flush()
    return count


def _known(tx: Tx, firsts: Iterable[UUID]) -> dict[tuple[UUID, UUID], Lookalike]:
    keys = sorted(set(firsts))
    return {
        (pair.first_id, pair.second_id): pair
        for start in range(0, len(keys), CHUNK)
        for pair in tx.session.scalars(
            select(Lookalike).where(Lookalike.first_id.in_(keys[start : start + CHUNK]))
        )
    }


def _places(first: Side, second: Side) -> dict[str, list[str]]:
    return {"provinces": sorted({first.province_code, second.province_code})}
