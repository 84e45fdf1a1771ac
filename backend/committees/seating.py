"""Seats and mandates: given, ended, renewed, corrected; what an act makes of the composition."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from backend.core.calendar import local
from backend.core.errors import INVALID, FieldError
from backend.core.tx import Tx
from backend.people.models import Person, Sex

from .composition import Line, Report, breaches
from .lifecycle import CHAIR_TAKEN, COMPOSITION_BROKEN, SEAT_TAKEN
from .models import Breach, College, Committee, Seat
from .schemas import MemberIn, SeatCorrectIn, SeatIn
from .seated import report_on

Found = tuple[Report, Breach] | None


@dataclass(frozen=True)
class SeatTerms:
    """What a seat is: whom its holder represents, whether she presides, whether she votes, until when.

    An alternate's names the seat that she takes when its holder is away; its college is then that seat's.
    """

    college: College
    body: Mapping[str, str]
    from_on: date
    until_on: date | None = None
    chairs: bool = False
    votes: bool = True
    sex: Sex | None = None
    birth_year: int | None = None
    alternate_of_id: UUID | None = None


def terms_of(asked: SeatIn) -> SeatTerms:
    """As the API and the pages send them."""
    plain = asked.model_dump(exclude={"person_id", "member", "body"})
    return SeatTerms(body=asked.body.model_dump(), **plain)


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
    that person's. What breaks the rules of composition is said in the event, or refused where they say so.
    """
    committee = tx.get(Committee, committee_id, "committee.edit")
    day = judged_on(tx, terms)
    before = report_on(tx, committee_id, day)
    seat = place(tx, committee, holder, terms)
    said = broken(before, report_on(tx, committee_id, day))
    tx.emit(
        "seat.added", committee, seat=str(seat.id), person=str(seat.person_id), college=seat.college, **said
    )
    return seat


def place(tx: Tx, committee: Committee, holder: UUID | MemberIn, terms: SeatTerms) -> Seat:
    """Insert the seat; the caller judges the composition and says what happened."""
    this_year = local(tx.now).year
    if terms.until_on and terms.until_on < terms.from_on:
        raise INVALID([FieldError("until_on", "ends_before_start")])
    if terms.birth_year and not this_year - 110 <= terms.birth_year <= this_year - 16:
        limits = {"low": this_year - 110, "high": this_year - 16}
        raise INVALID([FieldError("birth_year", "birth_year_implausible", limits)])
    terms = _as_alternate(tx, committee.id, terms)
    overlapping = _overlapping(committee.id, terms)
    name = None if isinstance(holder, UUID) else {"fr": holder.fr, "ar": holder.ar}
    if name and tx.session.scalar(select(Seat.id).where(*overlapping, Seat.name == name).limit(1)):
        raise SEAT_TAKEN()
    person_id = _known(tx, holder) if isinstance(holder, UUID) else _entered(tx, holder)
    if tx.session.scalar(select(Seat.id).where(*overlapping, Seat.person_id == person_id).limit(1)):
        raise SEAT_TAKEN()
    if terms.chairs and tx.session.scalar(select(Seat.id).where(*overlapping, Seat.chairs).limit(1)):
        raise CHAIR_TAKEN()
    last = select(func.coalesce(func.max(Seat.position) + 1, 0)).where(Seat.committee_id == committee.id)
    seat = Seat(
        committee_id=committee.id,
        person_id=person_id,
        name=name,
        position=tx.session.scalar(last) or 0,
        **{field: getattr(terms, field) for field in SeatTerms.__dataclass_fields__},
    )
    seat.body = dict(terms.body)
    tx.add(seat, "seat.create")
    tx.allow("person.seat", tx.session.get_one(Person, person_id))
    return seat


def end_seat(tx: Tx, committee_id: UUID, seat_id: UUID, until_on: date) -> Seat:
    """End a mandate on that day, the last of it, and those of its alternates that would outlive it.

    Never refused for the composition that it leaves: who resigned or died is gone, whatever the rules ask.
    """
    committee, seat = _seat(tx, committee_id, seat_id)
    if until_on < seat.from_on:
        raise INVALID([FieldError("until_on", "ends_before_start")])
    day = max(until_on + timedelta(days=1), local(tx.now).date())
    before = report_on(tx, committee_id, day)
    alternates = tx.session.scalars(
        select(Seat).where(
            Seat.alternate_of_id == seat_id, or_(Seat.until_on.is_(None), Seat.until_on > until_on)
        )
    ).all()
    for one in (seat, *alternates):
        one.until_on = max(until_on, one.from_on)
    said = broken(before, report_on(tx, committee_id, day), refuse=False)
    with_her = {"alternates": [str(one.id) for one in alternates]} if alternates else {}
    tx.emit("seat.ended", committee, seat=str(seat.id), until_on=until_on.isoformat(), **with_her, **said)
    return seat


def renew_seat(
    tx: Tx, committee_id: UUID, seat_id: UUID, from_on: date, until_on: date | None = None
) -> Seat:
    """Another mandate for the same member after the end of this one; an alternate's follows her titular."""
    committee, seat = _seat(tx, committee_id, seat_id)
    if seat.until_on is None:
        raise INVALID([FieldError("from_on", "mandate_without_end")])
    if from_on <= seat.until_on:
        raise INVALID([FieldError("from_on", "mandate_overlaps", {"last": seat.until_on.isoformat()})])
    titular = _titular_then(tx, seat.alternate_of_id, from_on) if seat.alternate_of_id else None
    kept = {field: getattr(seat, field) for field in SeatTerms.__dataclass_fields__}
    terms = SeatTerms(
        **kept | {"from_on": from_on, "until_on": until_on, "alternate_of_id": titular and titular.id}
    )
    day = judged_on(tx, terms)
    before = report_on(tx, committee_id, day)
    made = place(tx, committee, seat.person_id, terms)
    made.name = seat.name
    said = broken(before, report_on(tx, committee_id, day))
    tx.emit("seat.renewed", committee, seat=str(made.id), follows=str(seat.id), **said)
    return made


def correct_seat(tx: Tx, committee_id: UUID, seat_id: UUID, asked: SeatCorrectIn) -> Seat:
    """Mend what was mistyped; the event says which fields, never a sex or a year."""
    committee, seat = _seat(tx, committee_id, seat_id)
    given = {key: value for key, value in asked.model_dump().items() if value is not None}
    if "name" in given and seat.name is None:
        raise INVALID([FieldError("name", "name_of_account")])
    if "college" in given and seat.alternate_of_id:
        raise INVALID([FieldError("college", "alternate_college")])
    this_year = local(tx.now).year
    if not this_year - 110 <= given.get("birth_year", 1980) <= this_year - 16:
        limits = {"low": this_year - 110, "high": this_year - 16}
        raise INVALID([FieldError("birth_year", "birth_year_implausible", limits)])
    changed = [key for key, value in given.items() if getattr(seat, key) != value]
    if not changed:
        tx.recorded = True  # asked again: nothing is written
        return seat
    day = max(local(tx.now).date(), seat.from_on)
    before = report_on(tx, committee_id, day)
    for key in changed:
        setattr(seat, key, given[key])
    said = broken(before, report_on(tx, committee_id, day))
    tx.emit("seat.corrected", committee, seat=str(seat.id), fields=changed, **said)
    return seat


def judged_on(tx: Tx, terms: SeatTerms) -> date:
    """The day on which a new seat is judged: today, or the first of its mandate when that is to come."""
    return max(local(tx.now).date(), terms.from_on)


def broken(before: Found, after: Found, *, refuse: bool = True) -> dict[str, Any]:
    """What an event says of the rules that an act broke; raises `composition_broken` where it is refused."""
    if after is None:
        return {}
    worse: list[Line] = breaches(before[0] if before else Report(), after[0])
    if worse and refuse and after[1] is Breach.REFUSE:
        raise COMPOSITION_BROKEN(rule=f"composition.{worse[0].code}", rules=[line.code for line in worse])
    return {"breaches": [line.code for line in worse]} if worse else {}


def _seat(tx: Tx, committee_id: UUID, seat_id: UUID) -> tuple[Committee, Seat]:
    committee = tx.get(Committee, committee_id, "committee.edit")
    seat = tx.get(Seat, seat_id, "seat.end")
    if seat.committee_id != committee_id:
        raise INVALID([FieldError("seat_id", "unknown_seat")])
    return committee, seat


def _as_alternate(tx: Tx, committee_id: UUID, terms: SeatTerms) -> SeatTerms:
    """An alternate's terms follow the seat that she takes: its college; she never presides by hers."""
    if terms.alternate_of_id is None:
        return terms
    titular = tx.session.get(Seat, terms.alternate_of_id)
    if titular is None or titular.committee_id != committee_id or titular.alternate_of_id:
        raise INVALID([FieldError("alternate_of_id", "unknown_seat")])
    if terms.chairs:
        raise INVALID([FieldError("chairs", "alternate_chairs")])
    last = titular.until_on
    if terms.from_on < titular.from_on or (last and terms.from_on > last):
        raise INVALID([FieldError("from_on", "outside_titular")])
    if last and (terms.until_on is None or terms.until_on > last):
        terms = replace(terms, until_on=last)
    return replace(terms, college=titular.college, votes=titular.votes)


def _titular_then(tx: Tx, seat_id: UUID, day: date) -> Seat:
    """The seat of the same titular whose mandate runs that day."""
    person = select(Seat.person_id).where(Seat.id == seat_id).scalar_subquery()
    committee = select(Seat.committee_id).where(Seat.id == seat_id).scalar_subquery()
    running = select(Seat).where(
        Seat.committee_id == committee,
        Seat.person_id == person,
        Seat.alternate_of_id.is_(None),
        Seat.from_on <= day,
        or_(Seat.until_on.is_(None), Seat.until_on >= day),
    )
    found = tx.session.scalars(running).first()
    if found is None:
        raise INVALID([FieldError("from_on", "titular_not_renewed")])
    return found


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


def _overlapping(committee_id: UUID, terms: SeatTerms) -> tuple[Any, ...]:
    """Seats of the committee whose mandate shares a day with these terms."""
    still = or_(Seat.until_on.is_(None), Seat.until_on >= terms.from_on)
    if terms.until_on is None:
        return (Seat.committee_id == committee_id, still)
    return (Seat.committee_id == committee_id, still, Seat.from_on <= terms.until_on)
