"""Creating committees, giving seats, setting rules of procedure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from backend.core.errors import INVALID, FieldError
from backend.core.tx import Tx
from backend.people.models import Person
from backend.territory.models import Province

from .lifecycle import CHAIR_TAKEN, PROCEDURE_BACKDATED, SEAT_TAKEN
from .models import College, Committee, CommitteeKind, Procedure, Seat
from .schemas import MemberIn, SeatIn
from .sessions import (
    cast,
    close_motion,
    close_session,
    open_motion,
    open_session,
    plan_session,
    take_attendance,
)

__all__ = [
    "SeatTerms",
    "Terms",
    "add_seat",
    "cast",
    "close_motion",
    "close_session",
    "create_committee",
    "end_seat",
    "holder_of",
    "open_motion",
    "open_session",
    "plan_session",
    "set_procedure",
    "take_attendance",
]


@dataclass(frozen=True)
class SeatTerms:
    """What a seat is: whom its holder represents, whether she presides, whether she votes, until when."""

    college: College
    body: Mapping[str, str]
    from_on: date
    until_on: date | None = None
    chairs: bool = False
    votes: bool = True


@dataclass(frozen=True)
class Terms:
    """Rules of procedure as exact fractions: quorum of the seats, majority of the expressed votes."""

    quorum: tuple[int, int] = (1, 2)
    majority: tuple[int, int] = (1, 2)
    casting_vote: bool = True


def create_committee(
    tx: Tx,
    province_code: str,
    kind: CommitteeKind,
    name: Mapping[str, str],
    order: tuple[str, date],
    terms: Terms | None = None,
) -> Committee:
    """Record a committee created by the governor's order (its number and date), with its first procedure."""
    if tx.session.get(Province, province_code) is None:
        raise INVALID([FieldError("province_code", "unknown_province")])
    number, ordered_on = order
    committee = Committee(
        province_code=province_code, kind=kind, name=dict(name), order_number=number, ordered_on=ordered_on
    )
    tx.add(committee, "committee.create")
    tx.emit("committee.created", committee, kind=kind)
    set_procedure(tx, committee.id, ordered_on, terms or Terms())
    return committee


def holder_of(asked: SeatIn) -> UUID | MemberIn:
    """Who is to hold the seat: one of the platform's people or a member entered by name, not both."""
    if asked.person_id and asked.member:
        raise INVALID([FieldError("person_id", "person_and_name")])
    found = asked.person_id or asked.member
    if not found:
        raise INVALID([FieldError("person_id", "missing")])
    return found


def add_seat(tx: Tx, committee_id: UUID, holder: UUID | MemberIn, terms: SeatTerms) -> Seat:
    """Give a seat. Raises `chair_taken` or `seat_taken` when mandates would overlap.

    A member entered by name becomes a person who cannot sign in until she is invited; a known address is
    that person's.
    """
    committee = tx.get(Committee, committee_id, "committee.edit")
    if terms.until_on and terms.until_on < terms.from_on:
        raise INVALID([FieldError("until_on", "ends_before_start")])
    overlapping = _overlapping(committee_id, terms)
    name = None if isinstance(holder, UUID) else {"fr": holder.fr, "ar": holder.ar}
    if name and tx.session.scalar(select(Seat.id).where(*overlapping, Seat.name == name).limit(1)):
        raise SEAT_TAKEN()
    person_id = _known(tx, holder) if isinstance(holder, UUID) else _entered(tx, holder)
    if tx.session.scalar(select(Seat.id).where(*overlapping, Seat.person_id == person_id).limit(1)):
        raise SEAT_TAKEN()
    if terms.chairs and tx.session.scalar(select(Seat.id).where(*overlapping, Seat.chairs).limit(1)):
        raise CHAIR_TAKEN()
    last = select(func.coalesce(func.max(Seat.position) + 1, 0)).where(Seat.committee_id == committee_id)
    seat = Seat(
        committee_id=committee_id,
        person_id=person_id,
        name=name,
        position=tx.session.scalar(last) or 0,
        college=terms.college,
        body=dict(terms.body),
        chairs=terms.chairs,
        votes=terms.votes,
        from_on=terms.from_on,
        until_on=terms.until_on,
    )
    tx.add(seat, "seat.create")
    tx.allow("person.seat", tx.session.get_one(Person, person_id))
    tx.emit("seat.added", committee, seat=str(seat.id), person=str(person_id), college=terms.college)
    return seat


def _known(tx: Tx, person_id: UUID) -> UUID:
    if tx.session.get(Person, person_id) is None:
        raise INVALID([FieldError("person_id", "unknown_person")])
    return person_id


def _entered(tx: Tx, member: MemberIn) -> UUID:
    """The person at this address, or one entered now: without a password nor a role."""
    known = member.email and tx.session.scalar(select(Person.id).where(Person.email == member.email))
    if known:
        return known
    person = Person(name=member.fr, email=member.email, created_at=tx.now)
    tx.session.add(person)  # `person.seat` is asked once the seat is hers
    tx.session.flush()
    tx.emit("person.created", person, assisted=True)
    return person.id


def end_seat(tx: Tx, committee_id: UUID, seat_id: UUID, until_on: date) -> Seat:
    """End a mandate on that day, the last of it."""
    committee = tx.get(Committee, committee_id, "committee.edit")
    seat = tx.get(Seat, seat_id, "seat.end")
    if seat.committee_id != committee_id:
        raise INVALID([FieldError("seat_id", "unknown_seat")])
    if until_on < seat.from_on:
        raise INVALID([FieldError("until_on", "ends_before_start")])
    seat.until_on = until_on
    tx.emit("seat.ended", committee, seat=str(seat.id), until_on=until_on.isoformat())
    return seat


def set_procedure(tx: Tx, committee_id: UUID, effective_on: date, terms: Terms) -> Procedure:
    """A new version, in force from that day; sessions already planned keep theirs."""
    committee = tx.get(Committee, committee_id, "committee.edit")
    _check_fractions(terms)
    last = tx.session.execute(
        select(func.max(Procedure.number), func.max(Procedure.effective_on)).where(
            Procedure.committee_id == committee_id
        )
    ).one()
    number: int | None = last[0]
    latest: date | None = last[1]
    if latest is not None and effective_on < latest:
        raise PROCEDURE_BACKDATED(latest=latest.isoformat())
    procedure = Procedure(
        committee_id=committee_id,
        number=(number or 0) + 1,
        effective_on=effective_on,
        quorum_of=terms.quorum[0],
        quorum_over=terms.quorum[1],
        majority_of=terms.majority[0],
        majority_over=terms.majority[1],
        casting_vote=terms.casting_vote,
    )
    tx.add(procedure, "procedure.create")
    tx.emit("procedure.set", committee, number=procedure.number, effective_on=effective_on.isoformat())
    return procedure


def _overlapping(committee_id: UUID, terms: SeatTerms) -> tuple[Any, ...]:
    """Seats of the committee whose mandate shares a day with these terms."""
    still = or_(Seat.until_on.is_(None), Seat.until_on >= terms.from_on)
    if terms.until_on is None:
        return (Seat.committee_id == committee_id, still)
    return (Seat.committee_id == committee_id, still, Seat.from_on <= terms.until_on)


def _check_fractions(terms: Terms) -> None:
    """A quorum is at most all seats; a majority, to be passed strictly, is less than all votes."""
    wrong = []
    of, over = terms.quorum
    if not 0 <= of <= over or over < 1:
        wrong.append(FieldError("quorum", "fraction"))
    of, over = terms.majority
    if not 0 <= of < over:
        wrong.append(FieldError("majority", "fraction"))
    if wrong:
        raise INVALID(wrong)
