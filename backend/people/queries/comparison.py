"""Two records side by side: what is written in each, and whether it is the same, their persons included."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from ...core.calendar import local
from ...core.events import Event
from ...core.folding import words
from ...core.policy import RULES
from ...core.tx import Tx
from ..identifiers import bare_number
from ..models import Lookalike, Member, Organisation, Person, Representative
from ..own_data import ERASED_NAME

NUMBERS = ("register_number", "ice", "commercial_register")
"""Also compared with a record of another province: whether they are the same, never the number."""
PERSONS = ("members", "representatives")
FACTS = (*NUMBERS, "created_on", "last_agm_on", *PERSONS, "registered_on")


@dataclass(frozen=True)
class Compared:
    """One fact of both; of persons the number of them, and the names of those that are in both.

    `verdict` is same, some (of the persons), different, missing (in one or both) or unknown (not shown).
    """

    fact: str
    first: str | date | int | None
    second: str | date | int | None
    verdict: str
    shared: tuple[str, ...] = ()


@dataclass(frozen=True)
class Someone:
    """By what two persons are one: an account, a card's fingerprint, a telephone, a name (with its year)."""

    name: str
    year: int | None = None
    card: str | None = None
    phone: str | None = None
    account: str | None = None


Sign = str | tuple[tuple[str, ...], int | None] | None
"""What two persons that are one have alike; None of who has no such sign."""


def compared(tx: Tx, pair: Lookalike) -> list[Compared]:
    """The facts by which an officer tells whether they are one; one statement.

    Of a record that she may not read no value is given and nobody is named: only whether its numbers are
    those of the other, and whether a card is in both when the pair was flagged for it.
    """
    found = {row["id"]: dict(row) for row in tx.session.execute(_asked(tx, pair)).mappings()}
    first, second = found[pair.first_id], found[pair.second_id]
    return [
        _persons(fact, first, second, pair.grounds)
        if fact in PERSONS
        else Compared(fact, _shown(first, fact), _shown(second, fact), _verdict(first, second, fact))
        for fact in FACTS
    ]


def _asked(tx: Tx, pair: Lookalike) -> Select[Any]:
    of = func.jsonb_build_array
    members = select(func.jsonb_agg(of(Member.name, Member.birth_year, Member.identity_digest))).where(
        Member.organisation_id == Organisation.id
    )
    acting = (
        select(func.jsonb_agg(of(Person.name, None, None, Person.phone, Person.id)))
        .join(Representative, Representative.person_id == Person.id)
        .where(Representative.organisation_id == Organisation.id, Representative.until.is_(None))
    )
    entered = select(func.min(Event.at)).where(
        Event.subject_id == Organisation.id, Event.subject_type == "organisation"
    )
    columns = ("id", *NUMBERS, "created_on", "last_agm_on")
    return select(
        *(getattr(Organisation, name) for name in columns),
        members.scalar_subquery().label("members"),
        acting.scalar_subquery().label("representatives"),
        entered.scalar_subquery().label("registered_at"),
        RULES["organisation.read"].where(tx.actor).label("readable"),
    ).where(Organisation.id.in_((pair.first_id, pair.second_id)))


# -- persons -----------------------------------------------------------------------------------------
def _persons(fact: str, first: dict[str, Any], second: dict[str, Any], grounds: Sequence[str]) -> Compared:
    ours, theirs = ([Someone(*one) for one in side[fact] or ()] for side in (first, second))
    one, other = (len(side) if row["readable"] else None for side, row in ((ours, first), (theirs, second)))
    if one is None or other is None:
        known = "some" if fact in grounds else "unknown"  # the ground is told to both provinces
        return Compared(fact, one, other, known)
    both = in_both(ours, theirs)
    if not ours or not theirs:
        verdict = "missing"
    elif not both:
        verdict = "different"
    else:
        verdict = "same" if len(both) == len(ours) == len(theirs) else "some"
    return Compared(fact, one, other, verdict, tuple(person.name for person in both))


def in_both(ours: Sequence[Someone], theirs: Sequence[Someone]) -> list[Someone]:
    """Those of ours who are also among theirs, each matched with one person at the most.

    The surest sign first: the account, the card, the telephone, then the name with the year of birth. Two
    cards that differ are two persons, whatever their names; who was erased is nobody any more.
    """
    left, found = set(range(len(theirs))), dict[int, Someone]()
    for sign in SIGNS:
        places: defaultdict[Sign, list[int]] = defaultdict(list)
        for place in sorted(left):
            places[sign(theirs[place])].append(place)
        for at, one in enumerate(ours):
            if at in found or not (key := sign(one)):
                continue
            alike = (place for place in places.get(key, ()) if place in left)
            match = next((place for place in alike if not _two_cards(one, theirs[place])), None)
            if match is not None:
                left.discard(match)
                found[at] = one
    return [found[at] for at in sorted(found)]


def _named(one: Someone) -> Sign:
    said = tuple(sorted(words(one.name)))
    return (said, one.year) if said and one.name != ERASED_NAME else None


SIGNS: tuple[Callable[[Someone], Sign], ...] = (
    lambda one: one.account,
    lambda one: one.card,
    lambda one: one.phone,
    _named,
)


def _two_cards(one: Someone, other: Someone) -> bool:
    return bool(one.card and other.card and one.card != other.card)


# -- what is written ---------------------------------------------------------------------------------
def _shown(row: dict[str, Any], fact: str) -> Any:
    return _value(row, fact) if row["readable"] else None


def _value(row: dict[str, Any], fact: str) -> Any:
    if fact == "registered_on":
        at = row["registered_at"]
        return local(at).date() if at else None
    return row[fact]


def _verdict(first: dict[str, Any], second: dict[str, Any], fact: str) -> str:
    one, other = _value(first, fact), _value(second, fact)
    hidden = not (first["readable"] and second["readable"])
    if hidden and (fact not in NUMBERS or not (one and other)):
        return "unknown"
    if one is None or other is None:
        return "missing"
    if fact in NUMBERS:
        one, other = bare_number(one), bare_number(other)
    return "same" if one == other else "different"
