"""Who may be too close to a holder, by what the platform knows of both. Nothing is decided here.

What is certain (acts for it, filed for it, declared a tie) bars by itself and is not looked for again. Later
slices add what they know: `@tie_source("coached")` on `(tx, people, organisations)`, which gives the pairs.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, select, union_all
from sqlalchemy.orm import aliased

from ..core.audit import RowChange
from ..core.events import Event
from ..core.tx import Tx
from ..people.models import Accompaniment, Interest, Member, Organisation, Person, Representative
from ..people.queries.leaving import FORGOTTEN, LEAVING
from .kinship import Named, named, namesakes, same_family
from .models import HomeCommune

Pair = tuple[UUID, UUID]
Source = Callable[[Tx, Collection[UUID], Collection[UUID]], Iterable[Pair]]
SOURCES: dict[str, Source] = {}


def tie_source(ground: str) -> Callable[[Source], Source]:
    """Register who knows pairs of (person, organisation) on this ground, in one statement."""

    def register(source: Source) -> Source:
        SOURCES[ground] = source
        return source

    return register


def tied_to(tx: Tx, applications: Iterable[Any]) -> defaultdict[UUID, set[UUID]]:
    """By dossier, who must not judge it: a tie declared, acting (once) for the holder, or filing it.

    A row with the dossier's id, its organisation and who made it does as well.
    """
    holders = {a.organisation_id for a in applications}
    declared = select(Interest.organisation_id, Interest.person_id)
    acting = select(Representative.organisation_id, Representative.person_id)
    close = declared.where(Interest.organisation_id.in_(holders)).union(
        acting.where(Representative.organisation_id.in_(holders))
    )
    by_holder: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for organisation_id, person_id in tx.session.execute(close):
        by_holder[organisation_id].add(person_id)
    barred: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for application in applications:
        barred[application.id] = by_holder[application.organisation_id] | {application.created_by}
    return barred


def found(tx: Tx, people: Collection[UUID], organisations: Collection[UUID]) -> dict[Pair, list[str]]:
    """The pairs that a person should look at, each with its grounds; in as many statements for any number."""
    if not people or not organisations:
        return {}
    grounds: defaultdict[Pair, set[str]] = defaultdict(set)
    for pair, ground in _by_name(tx, people, organisations):
        grounds[pair].add(ground)
    for ground, source in SOURCES.items():
        for pair in source(tx, people, organisations):
            grounds[pair].add(ground)
    certain = _certain(tx, people, organisations)
    return {pair: sorted(said) for pair, said in sorted(grounds.items()) if pair not in certain}


def _certain(tx: Tx, people: Collection[UUID], organisations: Collection[UUID]) -> set[Pair]:
    both = union_all(
        *(
            select(one.person_id, one.organisation_id).where(
                one.person_id.in_(people), one.organisation_id.in_(organisations)
            )
            for one in (Interest, Representative)
        )
    )
    return {(person, organisation) for person, organisation in tx.session.execute(both)}


@tie_source("same_organisation")
def _together(tx: Tx, people: Collection[UUID], organisations: Collection[UUID]) -> Iterable[Pair]:
    """She acts or acted for an organisation with somebody who acts or acted for the holder."""
    hers, theirs, of = aliased(Representative), aliased(Representative), aliased(Representative)
    rows = tx.session.execute(
        select(hers.person_id, of.organisation_id)
        .join(theirs, theirs.organisation_id == hers.organisation_id)
        .join(of, of.person_id == theirs.person_id)
        .where(
            hers.person_id.in_(people),
            theirs.person_id != hers.person_id,
            of.organisation_id.in_(organisations),
        )
        .distinct()
    )
    return [(person, organisation) for person, organisation in rows]


@tie_source("accompanied")
def _helped(tx: Tx, people: Collection[UUID], organisations: Collection[UUID]) -> Iterable[Pair]:
    """She helped the holder file, as an agent of the plateforme."""
    rows = tx.session.execute(
        select(Accompaniment.agent_id, Accompaniment.organisation_id)
        .where(
            Accompaniment.agent_id.in_(people),
            Accompaniment.organisation_id.in_(organisations),
            Accompaniment.since.is_not(None),
        )
        .distinct()
    )
    return [(person, organisation) for person, organisation in rows if organisation]


def _by_name(tx: Tx, people: Collection[UUID], organisations: Collection[UUID]) -> Iterable[tuple[Pair, str]]:
    """The same whole name as somebody of the holder's; or the same family name, in a commune that is hers."""
    known = {
        key: named(name)
        for key, name in tx.session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    }
    whole, families = _index(known)
    communes = _communes(tx, people)
    spelled: dict[str, Named] = {}
    for organisation, commune, name in (
        *tx.session.execute(_names_of(organisations)),
        *_former(tx, organisations),
    ):
        theirs = spelled.setdefault(name, named(name))
        alike = {one for key in _keys(theirs) for one in whole.get(key, ())}
        yield from (((one, organisation), "namesake") for one in alike if namesakes(known[one], theirs))
        near = {one for sound in theirs.sounds for one in families.get(sound, ())}
        yield from (
            ((one, organisation), "family")
            for one in near
            if commune in communes[one] and same_family(known[one], theirs)
        )


def _names_of(organisations: Collection[UUID]) -> CompoundSelect[Any]:
    """Every name of the holders' members and representatives, with the holder and its commune."""
    members = select(Member.organisation_id, Organisation.commune_code, Member.name).join(
        Organisation, Organisation.id == Member.organisation_id
    )
    acting = (
        select(Representative.organisation_id, Organisation.commune_code, Person.name)
        .join(Person, Person.id == Representative.person_id)
        .join(Organisation, Organisation.id == Representative.organisation_id)
    )
    return union_all(
        members.where(Member.organisation_id.in_(organisations)),
        acting.where(Representative.organisation_id.in_(organisations)),
    )


def _former(tx: Tx, organisations: Collection[UUID]) -> Iterable[tuple[UUID, str, str]]:
    """The same of those who left a list of members, as the trail names them; who was erased is not there."""
    left = tx.session.execute(
        select(Event.subject_id, Event.data["removed"], Organisation.commune_code)
        .join(Organisation, Organisation.id == Event.subject_id)
        .where(Event.subject_id.in_(organisations), Event.name.in_(LEAVING))
    )
    of = {str(key): (organisation, commune) for organisation, keys, commune in left for key in keys or ()}
    if not of:
        return []
    rows = tx.session.execute(
        select(RowChange.row_id, RowChange.old["name"].astext)
        .where(
            RowChange.table_name == Member.__tablename__,
            RowChange.row_id.in_(sorted(of)),
            RowChange.action == "delete",
        )
        .order_by(RowChange.id)
    )
    return [(*of[key], name) for key, name in rows if name and name not in FORGOTTEN]


def _keys(one: Named) -> tuple[object, object]:
    return one.words, one.whole


def _index(known: dict[UUID, Named]) -> tuple[dict[object, set[UUID]], dict[str, set[UUID]]]:
    whole: defaultdict[object, set[UUID]] = defaultdict(set)
    families: defaultdict[str, set[UUID]] = defaultdict(set)
    for key, one in known.items():
        for name in _keys(one):
            whole[name].add(key)
        for sound in one.sounds:
            families[sound].add(key)
    return whole, families


def _communes(tx: Tx, people: Collection[UUID]) -> defaultdict[UUID, set[str]]:
    """Where each lives or comes from, as she said; and where the organisations are that she acts for."""
    said = select(HomeCommune.person_id, HomeCommune.commune_code).where(HomeCommune.person_id.in_(people))
    acting = (
        select(Representative.person_id, Organisation.commune_code)
        .join(Organisation, Organisation.id == Representative.organisation_id)
        .where(Representative.person_id.in_(people))
    )
    communes: defaultdict[UUID, set[str]] = defaultdict(set)
    for person, commune in tx.session.execute(said.union_all(acting)):
        communes[person].add(commune)
    return communes
