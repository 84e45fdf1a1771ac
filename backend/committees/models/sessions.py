"""Sessions: convocation, agenda, roll, motions and ballots, minutes and their signatures."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ...core.db import Base, HasId, Localized, Versioned, choice


class SessionState(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    ADJOURNED = "adjourned"  # it goes on another day, with a roll of its own
    LAPSED = "lapsed"  # no quorum at its hour: it is convened a second time
    CANCELLED = "cancelled"  # called off before it opened
    CLOSED = "closed"


class CommitteeSession(HasId, Versioned, Base):
    """A meeting of a committee under the procedure in force that day.

    `sequence` counts the convocations that were sent (RFC 5545's SEQUENCE); `late_notice` is why one was sent
    after the days that the procedure asks; `earlier` keeps the rolls of the sittings before an adjournment.
    """

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
    convened_at: Mapped[datetime | None]  # the convocation was sent
    second_of_id: Mapped[UUID | None] = mapped_column(ForeignKey("committee_session.id"))
    adjourned_at: Mapped[datetime | None]
    resumes_at: Mapped[datetime | None]
    current_item_id: Mapped[UUID | None]  # the point of the agenda before the members now
    sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    late_notice: Mapped[str] = mapped_column(default="", server_default="")
    earlier: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")


class ItemKind(StrEnum):
    INFORMATION = "information"
    PRESENTATION = "presentation"  # a holder presents her project
    DECISIONS = "decisions"  # the proposals of a call
    APPEAL = "appeal"
    CONSULTATION = "consultation"
    OTHER = "other"


class AgendaItem(HasId, Base):
    """A point of a session's agenda. `subject_id` is what it is about: a call, a dossier, an appeal."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        UniqueConstraint(
            "session_id", "position", deferrable=True, initially="DEFERRED", name="uq_agenda_item_position"
        ),
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey("committee_session.id"))
    position: Mapped[int]
    kind: Mapped[ItemKind] = choice(ItemKind)
    title: Mapped[Localized]
    subject_id: Mapped[UUID | None] = mapped_column(index=True)
    notes: Mapped[str] = mapped_column(default="", server_default="")  # what was said, for the minutes
    starts_at: Mapped[datetime | None]  # the hour given to a holder who presents
    added: Mapped[bool] = mapped_column(default=False, server_default="false")  # in session, after it opened
    taken_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class Presence(StrEnum):
    PRESENT = "present"
    REMOTE = "remote"
    ALTERNATE = "alternate"  # her alternate sits in her place
    PROXY = "proxy"  # another member holds her vote
    EXCUSED = "excused"
    ABSENT = "absent"


class Attendance(HasId, Base):
    """Whether a seat was taken at a session."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("session_id", "seat_id"),)

    session_id: Mapped[UUID] = mapped_column(ForeignKey("committee_session.id"))
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    presence: Mapped[Presence] = choice(Presence)
    stand_in_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"))  # the alternate's, or the proxy's
    noted_at: Mapped[datetime]
    arrived_at: Mapped[datetime | None]  # after the session opened
    left_at: Mapped[datetime | None]  # she left before the end


class MotionState(StrEnum):
    OPEN = "open"
    ADOPTED = "adopted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"  # taken back before it was counted


class MotionKind(StrEnum):
    DECISIONS = "decisions"  # adopt the proposals
    DEVIATION = "deviation"  # decide otherwise than the proposals, with a reason
    SET_ASIDE = "set_aside"  # leave what it names to another session
    OTHER = "other"


class Motion(HasId, Base):
    """What a session is asked to vote on. `result` is the count as it was made: votes, quorum, recusals."""

    __tablename__ = "motion"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("committee_session.id"), index=True)
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"))
    number: Mapped[int]
    text: Mapped[Localized]
    kind: Mapped[MotionKind] = choice(MotionKind, default=MotionKind.DECISIONS, server_default="decisions")
    reason: Mapped[str] = mapped_column(default="", server_default="")  # why it deviates, as it was written
    secret: Mapped[bool] = mapped_column(default=False, server_default="false")
    item_id: Mapped[UUID | None] = mapped_column(ForeignKey("agenda_item.id"))
    state: Mapped[MotionState] = choice(MotionState, default=MotionState.OPEN)
    result: Mapped[dict[str, Any] | None]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class BallotChoice(StrEnum):
    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


class Ballot(HasId, Base):
    """A seat's vote on a motion: one, and not changed after the motion is closed.

    Of a secret vote only that the seat voted: what was chosen is counted in `BallotBox` alone.
    """

    __tablename__ = "ballot"
    __table_args__ = (UniqueConstraint("motion_id", "seat_id"),)

    motion_id: Mapped[UUID] = mapped_column(ForeignKey("motion.id"))
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    choice: Mapped[BallotChoice | None] = choice(BallotChoice)
    by_seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"))  # the proxy, or the alternate
    dissent: Mapped[str] = mapped_column(default="", server_default="")  # opinion noted in the minutes
    cast_at: Mapped[datetime]


class BallotBox(Base):
    """What a secret vote holds: counts, never who; kept out of the audit trail, which has an order."""

    __tablename__ = "ballot_box"
    __audited__ = False

    motion_id: Mapped[UUID] = mapped_column(ForeignKey("motion.id"), primary_key=True)
    votes_for: Mapped[int] = mapped_column(default=0)
    votes_against: Mapped[int] = mapped_column(default=0)
    abstentions: Mapped[int] = mapped_column(default=0)


class MinutesState(StrEnum):
    ISSUED = "issued"  # written from the records, to be signed
    SIGNED = "signed"
    REPLACED = "replaced"  # a corrected version follows


class Minutes(HasId, Base):
    """The minutes (procès-verbal) of a session as they were issued: the records of that moment, frozen.

    `record` is the canonical content and `record_sha256` its digest; the two files are its PDF in French and
    in Arabic. A correction says its `reason` and how it differs from the version before. `seal_number` and
    `seal_root` are those of the last seal of events that they print.
    """

    __tablename__ = "minutes"
    __table_args__ = (UniqueConstraint("session_id", "version"), UniqueConstraint("number", "version"))

    session_id: Mapped[UUID] = mapped_column(ForeignKey("committee_session.id"))
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    number: Mapped[str] = mapped_column(String(60))
    version: Mapped[int]
    state: Mapped[MinutesState] = choice(MinutesState, default=MinutesState.ISSUED)
    record: Mapped[dict[str, Any]]
    record_sha256: Mapped[str] = mapped_column(String(64))
    file_fr_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"))
    file_ar_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"))
    seal_number: Mapped[int | None]
    seal_root: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(default="", server_default="")
    differences: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    issued_at: Mapped[datetime]


class SignatureLevel(StrEnum):
    """The levels of law 43-20."""

    SIMPLE = "simple"
    ADVANCED = "advanced"
    QUALIFIED = "qualified"


class Capacity(StrEnum):
    """As what somebody signs minutes."""

    CHAIR = "chair"
    SECRETARY = "secretary"  # the officer who keeps them
    MEMBER = "member"


class Signature(HasId, Base):
    """Who signed which digest, and when. `evidence` is what its level asks for: a certificate, a token."""

    __tablename__ = "signature"
    __table_args__ = (UniqueConstraint("minutes_id", "person_id"),)

    minutes_id: Mapped[UUID] = mapped_column(ForeignKey("minutes.id"))
    seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"))  # none for the secretary
    capacity: Mapped[Capacity] = choice(Capacity)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    level: Mapped[SignatureLevel] = choice(SignatureLevel, default=SignatureLevel.SIMPLE)
    signed_sha256: Mapped[str] = mapped_column(String(64))
    evidence: Mapped[dict[str, Any]] = mapped_column(default=dict)
    signed_at: Mapped[datetime]
