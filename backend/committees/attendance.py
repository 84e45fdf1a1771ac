"""Who counts at a session: voting seats whose mandate runs that day, and those whose voice is there.

A voice is there when the member is (in the room or at a distance), when her alternate sits in her place, or
when another member who is there holds her vote. Whoever is recused on a file has no voice on it, by nobody.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from backend.core.calendar import local
from backend.core.tx import Tx

from .models import Attendance, CommitteeSession, Presence, Procedure, Seat
from .procedure import Quorum, count_quorum

TAKEN = (Presence.PRESENT, Presence.REMOTE)
"""She is there herself."""
REPRESENTED = (Presence.ALTERNATE, Presence.PROXY)
VOICED = (*TAKEN, *REPRESENTED)


def day_of(session: CommitteeSession) -> date:
    """The day of the sitting: that of the resumption once the session was adjourned."""
    return local(session.resumes_at or session.scheduled_at).date()


def mandated(session: CommitteeSession) -> ColumnElement[bool]:
    """The seats of the session's committee whose mandate runs on its day (the last day included)."""
    day = day_of(session)
    return and_(
        Seat.committee_id == session.committee_id,
        Seat.from_on <= day,
        or_(Seat.until_on.is_(None), Seat.until_on >= day),
    )


@dataclass(frozen=True)
class Place:
    """A seat of the table (never an alternate's) at a session: who is in it, and who speaks for it."""

    seat_id: UUID
    votes: bool
    presence: Presence | None = None
    stand_in_id: UUID | None = None
    left: bool = False

    @property
    def by_seat(self) -> UUID | None:
        """The seat of whoever votes in her place."""
        return self.stand_in_id if self.presence in REPRESENTED else None


def places(tx: Tx, session: CommitteeSession) -> dict[UUID, Place]:
    """Every seat of the table at the session, by its id."""
    asked = (
        select(
            Seat.id,
            Seat.votes,
            Attendance.presence,
            Attendance.stand_in_id,
            Attendance.left_at.is_not(None).label("gone"),
        )
        .outerjoin(Attendance, and_(Attendance.seat_id == Seat.id, Attendance.session_id == session.id))
        .where(mandated(session), Seat.alternate_of_id.is_(None))
    )
    return {row.id: Place(*row) for row in tx.session.execute(asked)}


def has_voice(place: Place, table: dict[UUID, Place], excluding: Collection[UUID] = ()) -> bool:
    """Whether the seat's vote can be cast now, by her, her alternate, or the member who holds it."""
    if not place.votes or place.left or place.seat_id in excluding:
        return False
    if place.presence in TAKEN:
        return True
    if place.presence is Presence.ALTERNATE:
        return place.stand_in_id not in excluding
    if place.presence is Presence.PROXY and place.stand_in_id:
        holder = table.get(place.stand_in_id)
        return (
            holder is not None
            and holder.presence in TAKEN
            and not holder.left
            and holder.seat_id not in excluding
        )
    return False


def counted(
    table: dict[UUID, Place], rules: Procedure, *, second: bool, excluding: Collection[UUID]
) -> Quorum:
    """The quorum of a table under its rules: seats stay seats, those recused are not there."""
    voting = [place for place in table.values() if place.votes]
    present = [
        place
        for place in voting
        if (rules.proxies_count or place.presence is not Presence.PROXY)
        and has_voice(place, table, excluding)
    ]
    if not second:
        return count_quorum(len(voting), len(present), rules.quorum_of, rules.quorum_over)
    return count_quorum(len(voting), len(present), rules.second_quorum_of or 0, rules.second_quorum_over or 1)


def quorum(tx: Tx, session: CommitteeSession, excluding: Collection[UUID] = ()) -> Quorum:
    """The quorum of the session now; seats excluded (recused on a file) are not there, but remain seats."""
    return quorums(tx, session, [excluding])[0]


def quorums(tx: Tx, session: CommitteeSession, each: Iterable[Collection[UUID]]) -> list[Quorum]:
    """The quorum without each of these sets of seats, at the cost of one."""
    rules = tx.session.get_one(Procedure, session.procedure_id)
    table, second = places(tx, session), session.second_of_id is not None
    return [counted(table, rules, second=second, excluding=seats) for seats in each]
