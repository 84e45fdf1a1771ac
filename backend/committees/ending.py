"""Mandates that end soon: the officers are told once of each last day, in time to have it renewed."""

from datetime import timedelta

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased

from backend.core.calendar import local
from backend.core.tx import Tx
from backend.people.models import Person

from .dialogue.ladder import officers_of
from .models import Committee, Seat

SOON = timedelta(days=60)
BATCH = 500


def warn_of_ends(tx: Tx) -> int:
    """Tell of each mandate that ends within sixty days and is followed by none; returns how many.

    `warned_on` keeps the day that was told: a missed run loses nothing, another last day is told again.
    """
    today = local(tx.now).date()
    after = aliased(Seat)
    followed = exists().where(
        after.committee_id == Seat.committee_id,
        after.person_id == Seat.person_id,
        after.from_on > Seat.until_on,
    )
    waiting = (
        select(Seat, Committee, Person.name)
        .join(Committee, Committee.id == Seat.committee_id)
        .join(Person, Person.id == Seat.person_id)
        .where(
            Seat.until_on.is_not(None),
            Seat.until_on <= today + SOON,
            Seat.until_on >= today,
            or_(Seat.warned_on.is_(None), Seat.warned_on != Seat.until_on),
            ~followed,
        )
        .order_by(Seat.until_on, Seat.id)
        .limit(BATCH)
        .with_for_update(of=Seat, skip_locked=True)
    )
    found = tx.session.execute(waiting).all()
    officers = officers_of(tx, {committee.province_code for _, committee, _ in found}) if found else {}
    for seat, committee, person in found:
        seat.warned_on = seat.until_on
        tx.emit(
            "seat.ending",
            committee,
            seat=str(seat.id),
            member=seat.name or person,
            committee=committee.name,
            until_on=str(seat.until_on),
            recipients=[str(one) for one in officers[committee.province_code]],
        )
    if not found:
        tx.recorded = True
    tx.allowed = True  # the platform's own work
    return len(found)
