"""Who sits on a day, and what the rules of composition in force that day say of it."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from backend.core.tx import Tx

from .composition import Held, Report, Rules, report
from .models import Breach, Composition, Seat


def running(day: date) -> ColumnElement[bool]:
    """The seats whose mandate runs that day, the last day included."""
    return and_(Seat.from_on <= day, or_(Seat.until_on.is_(None), Seat.until_on >= day))


def compositions(tx: Tx, committee_id: UUID) -> list[Composition]:
    """Every version of the rules of composition, the latest first."""
    found = select(Composition).where(Composition.committee_id == committee_id)
    ordered = found.order_by(Composition.effective_on.desc(), Composition.number.desc())
    return list(tx.session.scalars(tx.visible(ordered, "composition.read")))


def composition_on(tx: Tx, committee_id: UUID, day: date) -> Composition | None:
    """The version in force that day."""
    return next((one for one in compositions(tx, committee_id) if one.effective_on <= day), None)


def rules_of(version: Composition) -> Rules:
    return Rules.model_validate(version.rules)


def held_on(tx: Tx, committee_id: UUID, day: date) -> list[Held]:
    """The table of that day as the rules see it: alternates only as somebody's."""
    tx.session.flush()
    seats = tx.session.scalars(select(Seat).where(Seat.committee_id == committee_id, running(day))).all()
    return table(seats)


def table(seats: Sequence[Seat]) -> list[Held]:
    """Titular seats, each with whether it has an alternate."""
    replaced = {seat.alternate_of_id for seat in seats if seat.alternate_of_id}
    return [
        Held(seat.college, seat.sex, seat.birth_year, seat.id in replaced)
        for seat in seats
        if seat.alternate_of_id is None
    ]


def report_on(tx: Tx, committee_id: UUID, day: date) -> tuple[Report, Breach] | None:
    """The report of a day under the version then in force; None when there is none."""
    version = composition_on(tx, committee_id, day)
    if version is None:
        return None
    return report(rules_of(version), held_on(tx, committee_id, day), day.year), version.breach
