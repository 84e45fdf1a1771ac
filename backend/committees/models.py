"""Committees, who sits on them, by which rules, and what happened in their sessions."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..core.db import Base, HasId, Localized, Versioned, choice


class CommitteeKind(StrEnum):
    CPDH = "cpdh"
    CPDE = "cpde"
    CLDH = "cldh"
    CRDH = "crdh"
    TECHNICAL = "technical"


class College(StrEnum):
    ELECTED = "elected"
    STATE = "state"
    CIVIL_SOCIETY = "civil_society"
    PRIVATE = "private"


class Committee(HasId, Base):
    """A committee created by an order (arrêté) of the governor."""

    __tablename__ = "committee"

    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    kind: Mapped[CommitteeKind] = choice(CommitteeKind)
    name: Mapped[Localized]
    order_number: Mapped[str] = mapped_column(String(40))
    ordered_on: Mapped[date]

    seats: Mapped[list["Seat"]] = relationship(lazy="raise", order_by="Seat.position")


class Seat(HasId, Base):
    """A member's seat and her mandate, both days included."""

    __tablename__ = "seat"
    __table_args__ = (UniqueConstraint("committee_id", "person_id", "from_on"),)

    committee_id: Mapped[UUID] = mapped_column(ForeignKey("committee.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[Localized | None]  # as the order names her, for who was entered here by name
    position: Mapped[int]
    college: Mapped[College] = choice(College)
    body: Mapped[Localized]  # what she represents: ODCO, the communal council of …
    chairs: Mapped[bool] = mapped_column(default=False)
    votes: Mapped[bool] = mapped_column(default=True)
    from_on: Mapped[date]
    until_on: Mapped[date | None]


class Procedure(HasId, Base):
    """A version of a committee's rules of procedure (règlement intérieur), in force from a date.

    Quorum and majority are exact fractions: present voting seats ≥ ⌈seats × quorum⌉, and votes for strictly
    above expressed votes × majority.
    """

    __tablename__ = "procedure"
    __table_args__ = (
        UniqueConstraint("committee_id", "number"),
        CheckConstraint("quorum_over > 0 AND quorum_of BETWEEN 0 AND quorum_over", name="quorum"),
        CheckConstraint("majority_over > 0 AND majority_of BETWEEN 0 AND majority_over", name="majority"),
    )

    committee_id: Mapped[UUID] = mapped_column(ForeignKey("committee.id"))
    number: Mapped[int]
    effective_on: Mapped[date]
    quorum_of: Mapped[int] = mapped_column(default=1)
    quorum_over: Mapped[int] = mapped_column(default=2)
    majority_of: Mapped[int] = mapped_column(default=1)
    majority_over: Mapped[int] = mapped_column(default=2)
    casting_vote: Mapped[bool] = mapped_column(default=True)


class SessionState(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


class CommitteeSession(HasId, Versioned, Base):
    """A meeting of a committee under the procedure in force that day."""

    __tablename__ = "committee_session"
    __table_args__ = (UniqueConstraint("committee_id", "number"),)

    committee_id: Mapped[UUID] = mapped_column(ForeignKey("committee.id"))
    procedure_id: Mapped[UUID] = mapped_column(ForeignKey("procedure.id"))
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    number: Mapped[str] = mapped_column(String(20))  # 2026-02
    scheduled_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(default="")
    state: Mapped[SessionState] = choice(SessionState, default=SessionState.PLANNED)
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class Presence(StrEnum):
    PRESENT = "present"
    REMOTE = "remote"
    EXCUSED = "excused"
    ABSENT = "absent"


class Attendance(HasId, Base):
    """Whether a seat was taken at a session."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("session_id", "seat_id"),)

    session_id: Mapped[UUID] = mapped_column(ForeignKey("committee_session.id"))
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    presence: Mapped[Presence] = choice(Presence)
    noted_at: Mapped[datetime]


class MotionState(StrEnum):
    OPEN = "open"
    ADOPTED = "adopted"
    REJECTED = "rejected"


class Motion(HasId, Base):
    """What a session is asked to vote on."""

    __tablename__ = "motion"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("committee_session.id"), index=True)
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"))
    number: Mapped[int]
    text: Mapped[Localized]
    state: Mapped[MotionState] = choice(MotionState, default=MotionState.OPEN)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class BallotChoice(StrEnum):
    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


class Ballot(HasId, Base):
    """A seat's vote on a motion: one, and not changed after the motion is closed."""

    __tablename__ = "ballot"
    __table_args__ = (UniqueConstraint("motion_id", "seat_id"),)

    motion_id: Mapped[UUID] = mapped_column(ForeignKey("motion.id"))
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    choice: Mapped[BallotChoice] = choice(BallotChoice)
    cast_at: Mapped[datetime]
