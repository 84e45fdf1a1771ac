"""The roll: who is there, who sits for whom, who holds whose vote, who came late and who left."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from backend.core.errors import INVALID, FieldError
from backend.core.tx import Tx

from ..attendance import REPRESENTED, TAKEN, VOICED, mandated, quorum
from ..lifecycle import SESSION_CLOSED
from ..models import Attendance, Ballot, CommitteeSession, Motion, Presence, Procedure, Seat, SessionState

OVER = (SessionState.CLOSED, SessionState.LAPSED, SessionState.CANCELLED)


@dataclass(frozen=True)
class Roll:
    """The whole roll by seat; one not named is absent. `stand_ins` are the seats of alternates or proxies."""

    presences: Mapping[UUID, Presence]
    stand_ins: Mapping[UUID, UUID] = field(default_factory=dict)
    left: Collection[UUID] = ()


def take_attendance(
    tx: Tx, session_id: UUID, roll: Roll | Mapping[UUID, Presence], version: int | None
) -> CommitteeSession:
    """Note the whole roll. Renews the session's version.

    In an open session, whoever comes later has her hour, and so has who leaves; a member who voted was
    there: noted absent afterwards, she is one who left. Raises `session_closed`, or errors by seat.
    """
    session = tx.get(CommitteeSession, session_id, "session.run", version=version)
    if session.state in OVER:
        raise SESSION_CLOSED(number=session.number)
    asked = roll if isinstance(roll, Roll) else Roll(roll)
    seats = {seat.id: seat for seat in tx.session.scalars(select(Seat).where(mandated(session)))}
    asked = _completed(seats, asked)
    if wrong := _faults(tx, session, seats, asked):
        raise INVALID(wrong)
    noted = {
        row.seat_id: row
        for row in tx.session.scalars(select(Attendance).where(Attendance.session_id == session_id))
    }
    voted = _voters(tx, session_id)
    for seat in sorted(one.id for one in seats.values() if one.alternate_of_id is None):
        _note(tx, session, seat, asked, noted.get(seat), seat in voted)
    tx.session.flush()
    flag_modified(session, "place")  # the roll stands in another table; its edit is the session's
    found = quorum(tx, session)
    tx.emit("attendance.taken", session, present=found.present, needed=found.needed, seats=found.seats)
    return session


def _note(
    tx: Tx, session: CommitteeSession, seat: UUID, asked: Roll, row: Attendance | None, voted: bool
) -> None:
    presence = asked.presences.get(seat, Presence.ABSENT)
    stand_in = asked.stand_ins.get(seat) if presence in REPRESENTED else None
    running = session.state is SessionState.OPEN
    left = running and presence in VOICED and seat in asked.left
    if row is None:
        arrived = tx.now if running and presence in VOICED else None
        tx.session.add(
            Attendance(
                session_id=session.id, seat_id=seat, presence=presence, stand_in_id=stand_in,
                noted_at=tx.now, arrived_at=arrived, left_at=tx.now if left else None,
            )
        )  # fmt: skip
        return
    was_there = row.presence in VOICED and row.left_at is None
    if running and was_there and voted and presence not in VOICED:
        row.left_at = tx.now
        return
    if running and presence in VOICED and not was_there and not left:
        row.arrived_at = tx.now
    row.left_at = (row.left_at or tx.now) if left else None
    if (row.presence, row.stand_in_id) != (presence, stand_in):
        row.presence, row.stand_in_id, row.noted_at = presence, stand_in, tx.now


def _completed(seats: Mapping[UUID, Seat], asked: Roll) -> Roll:
    """An alternate is the one of the seat when there is one only."""
    named = dict(asked.stand_ins)
    for seat, presence in asked.presences.items():
        if presence is Presence.ALTERNATE and seat not in named:
            known = [one.id for one in seats.values() if one.alternate_of_id == seat]
            if len(known) == 1:
                named[seat] = known[0]
    return Roll(asked.presences, named, asked.left)


def _faults(tx: Tx, session: CommitteeSession, seats: Mapping[UUID, Seat], asked: Roll) -> list[FieldError]:
    rules = tx.session.get_one(Procedure, session.procedure_id)
    held: Counter[UUID] = Counter()
    wrong = []
    for seat, presence in asked.presences.items():
        here = seats.get(seat)
        if here is None or here.alternate_of_id is not None:
            wrong.append(FieldError(str(seat), "unknown_seat"))
            continue
        other = asked.stand_ins.get(seat)
        code = None
        if presence is Presence.ALTERNATE:
            alternate = seats.get(other) if other else None
            code = None if alternate is not None and alternate.alternate_of_id == seat else "no_alternate"
        elif presence is Presence.PROXY:
            held[other or seat] += 1
            code = _proxy_fault(here, seats.get(other) if other else None, asked, rules, held)
        if code:
            wrong.append(FieldError(str(seat), code, {"most": rules.proxies}))
    return wrong


def _proxy_fault(
    seat: Seat, holder: Seat | None, asked: Roll, rules: Procedure, held: Counter[UUID]
) -> str | None:
    """Why this member cannot hold her vote, in the order in which one would ask."""
    if not rules.proxies:
        return "proxies_not_allowed"
    if holder is None or holder.alternate_of_id is not None or not holder.votes:
        return "proxy_missing"
    if holder.id == seat.id:
        return "proxy_self"
    if asked.presences.get(holder.id) is Presence.PROXY:
        return "proxy_circular"
    if asked.presences.get(holder.id) not in TAKEN or holder.id in asked.left:
        return "proxy_absent"
    return "proxies_too_many" if held[holder.id] > rules.proxies else None


def _voters(tx: Tx, session_id: UUID) -> set[UUID]:
    cast = select(Ballot.seat_id).join(Motion, Motion.id == Ballot.motion_id)
    return set(tx.session.scalars(cast.where(Motion.session_id == session_id)))
