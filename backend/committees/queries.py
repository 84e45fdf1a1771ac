"""Reading committees, their composition, and what happened in their sessions."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from backend.core.paging import Key, Page, paginate
from backend.core.tx import Tx
from backend.people.models import Person

from . import hooks
from .attendance import mandated, quorum
from .models import (
    AgendaItem,
    Attendance,
    Ballot,
    BallotChoice,
    College,
    Committee,
    CommitteeSession,
    Motion,
    Presence,
    Procedure,
    Seat,
)
from .procedure import Tally, count

__all__ = ["quorum"]


@dataclass(frozen=True)
class Sitting:
    """A seat with the name of who holds it, and how it was noted at a session."""

    seat: Seat
    person: str
    presence: Presence | None = None
    noted: Attendance | None = None

    @property
    def named(self) -> dict[str, str] | str:
        """Her name for a page: in both languages where the order's was entered."""
        return self.seat.name or self.person


@dataclass(frozen=True)
class Counted:
    """A motion with its votes and which seats cast them."""

    motion: Motion
    tally: Tally
    ballots: dict[UUID, BallotChoice | None]
    cast: tuple[Ballot, ...] = ()


def committees(
    tx: Tx, province: str | None = None, cursor: str | None = None, limit: int = 50
) -> Page[Committee]:
    """Committees by province."""
    statement = select(Committee)
    if province:
        statement = statement.where(Committee.province_code == province)
    keys = (
        Key(Committee.province_code, lambda one: one.province_code),
        Key(Committee.id, lambda one: one.id),
    )
    return paginate(tx, tx.visible(statement, "committee.read"), keys, cursor, limit)


def seats_on(tx: Tx, committee_ids: Sequence[UUID], day: date) -> list[Sitting]:
    """The seats of these committees whose mandate runs that day, with names, in their order."""
    statement = (
        select(Seat, Person.name)
        .join(Person, Person.id == Seat.person_id)
        .where(
            Seat.committee_id.in_(committee_ids),
            Seat.from_on <= day,
            or_(Seat.until_on.is_(None), Seat.until_on >= day),
        )
        .order_by(Seat.position, Seat.id)
    )
    return [Sitting(seat, name) for seat, name in tx.session.execute(tx.visible(statement, "seat.read"))]


def members_of(tx: Tx, province: str) -> dict[UUID, str]:
    """Who holds or held a seat of the province's committees: names by person."""
    statement = (
        select(Person.id, Person.name)
        .join(Seat, Seat.person_id == Person.id)
        .join(Committee, Committee.id == Seat.committee_id)
        .where(Committee.province_code == province)
        .distinct()
    )
    return {one.id: one.name for one in tx.session.execute(tx.visible(statement, "seat.read"))}


def by_college(sittings: Sequence[Sitting]) -> list[tuple[College, list[Sitting]]]:
    """Titular seats grouped by college, in the colleges' order; empty ones are left out."""
    table = [one for one in sittings if one.seat.alternate_of_id is None]
    groups = [(college, [one for one in table if one.seat.college is college]) for college in College]
    return [(college, members) for college, members in groups if members]


def seat_counts(tx: Tx, committee_ids: Sequence[UUID], day: date) -> Counter[UUID]:
    """How many seats each committee has that day; an alternate's is not one more."""
    found = seats_on(tx, committee_ids, day)
    return Counter(one.seat.committee_id for one in found if one.seat.alternate_of_id is None)


def alternates(sittings: Sequence[Sitting]) -> dict[UUID, list[Sitting]]:
    """The alternates of each titular seat, by its id."""
    found: dict[UUID, list[Sitting]] = {}
    for one in sittings:
        if one.seat.alternate_of_id:
            found.setdefault(one.seat.alternate_of_id, []).append(one)
    return found


def every_seat(tx: Tx, committee_id: UUID) -> list[Sitting]:
    """Who sits, sat or will sit, by the first day: the latest first, then in the table's order."""
    statement = (
        select(Seat, Person.name)
        .join(Person, Person.id == Seat.person_id)
        .where(Seat.committee_id == committee_id)
        .order_by(Seat.from_on.desc(), Seat.position, Seat.id)
    )
    return [Sitting(seat, name) for seat, name in tx.session.execute(tx.visible(statement, "seat.read"))]


def procedures(tx: Tx, committee_id: UUID) -> list[Procedure]:
    """Every version of a committee's rules of procedure, the latest first."""
    statement = select(Procedure).where(Procedure.committee_id == committee_id)
    ordered = statement.order_by(Procedure.effective_on.desc(), Procedure.number.desc())
    return list(tx.session.scalars(tx.visible(ordered, "procedure.read")))


def procedure_on(tx: Tx, committee_id: UUID, day: date) -> Procedure | None:
    """The version in force that day."""
    return next((one for one in procedures(tx, committee_id) if one.effective_on <= day), None)


def sessions(
    tx: Tx, committee_id: UUID | None = None, cursor: str | None = None, limit: int = 50
) -> Page[CommitteeSession]:
    """The sessions that the actor may read, the latest first."""
    statement = select(CommitteeSession)
    if committee_id:
        statement = statement.where(CommitteeSession.committee_id == committee_id)
    keys = (
        Key(CommitteeSession.scheduled_at, lambda one: one.scheduled_at, descending=True),
        Key(CommitteeSession.id, lambda one: one.id, descending=True),
    )
    return paginate(tx, tx.visible(statement, "session.read"), keys, cursor, limit)


def everyone(tx: Tx, session: CommitteeSession) -> list[Sitting]:
    """Every seat with a mandate on the session's day, alternates' too, and how it was noted, if it was."""
    statement = (
        select(Seat, Person.name, Attendance)
        .join(Person, Person.id == Seat.person_id)
        .outerjoin(Attendance, (Attendance.seat_id == Seat.id) & (Attendance.session_id == session.id))
        .where(mandated(session))
        .order_by(Seat.position, Seat.id)
    )
    found: Sequence[Any] = tx.session.execute(statement).all()
    return [Sitting(seat, name, noted.presence if noted else None, noted) for seat, name, noted in found]


def roll(tx: Tx, session: CommitteeSession) -> list[Sitting]:
    """The seats of the table, without the alternates'."""
    return [one for one in everyone(tx, session) if one.seat.alternate_of_id is None]


def agenda(tx: Tx, session_id: UUID) -> list[AgendaItem]:
    """The points of a session in their order."""
    points = select(AgendaItem).where(AgendaItem.session_id == session_id).order_by(AgendaItem.position)
    return list(tx.session.scalars(points))


def motions(tx: Tx, session_id: UUID, *only: UUID) -> list[Counted]:
    """The motions of a session (or those named) in order, each with its votes; none that is hidden from her.

    Of a secret one the count is told once it is closed: before, each vote would be seen to change it.
    """
    statement = select(Motion).where(Motion.session_id == session_id)
    if only:
        statement = statement.where(Motion.id.in_(only))
    found = list(tx.session.scalars(tx.visible(statement.order_by(Motion.number), "motion.read")))
    hidden = hooks.hidden_motions(tx, [motion.id for motion in found]) | _on_hidden_points(tx, found)
    found = [motion for motion in found if motion.id not in hidden]
    cast = tx.session.execute(
        select(Ballot, Seat.chairs)
        .join(Seat, Seat.id == Ballot.seat_id)
        .where(Ballot.motion_id.in_([motion.id for motion in found]))
        .order_by(Seat.position, Seat.id)
    ).all()
    counted = []
    for motion in found:
        hers = [(ballot, chairs) for ballot, chairs in cast if ballot.motion_id == motion.id]
        tally = count((ballot.choice, chairs) for ballot, chairs in hers if ballot.choice)
        if motion.secret:
            told = motion.result or {}
            tally = Tally(*(told.get(key, 0) for key in ("votes_for", "votes_against", "abstentions")))
        ballots = {ballot.seat_id: ballot.choice for ballot, _ in hers}
        counted.append(Counted(motion, tally, ballots, tuple(ballot for ballot, _ in hers)))
    return counted


def _on_hidden_points(tx: Tx, found: Sequence[Motion]) -> set[UUID]:
    """Those put on a point about what the actor may not see."""
    about = {motion.item_id for motion in found if motion.item_id}
    if not about:
        return set()
    points = {
        row.id: row.subject_id
        for row in tx.session.execute(
            select(AgendaItem.id, AgendaItem.subject_id).where(AgendaItem.id.in_(about))
        )
    }
    hidden = hooks.hidden_subjects(tx, {subject for subject in points.values() if subject})
    return {motion.id for motion in found if motion.item_id and points[motion.item_id] in hidden}
