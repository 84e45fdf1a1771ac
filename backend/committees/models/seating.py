"""Committees: the order that creates one, who sits, by which rules of composition and of procedure."""

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...core.db import Base, HasId, Localized, choice
from ...people.models import Sex


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
    COOPTED = "coopted"


class Committee(HasId, Base):
    """A committee created by an order (arrêté) of the governor."""

    __tablename__ = "committee"

    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    kind: Mapped[CommitteeKind] = choice(CommitteeKind)
    name: Mapped[Localized]
    order_number: Mapped[str] = mapped_column(String(40))
    ordered_on: Mapped[date]
    order_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))  # the signed order

    seats: Mapped[list["Seat"]] = relationship(lazy="raise", order_by="Seat.position")


class Seat(HasId, Base):
    """A member's seat and her mandate, both days included.

    An alternate (suppléant) holds a seat of her own that names the one she replaces when its holder is away.
    Sex and birth year serve the rules of composition alone.
    """

    __tablename__ = "seat"
    __table_args__ = (
        UniqueConstraint("committee_id", "person_id", "from_on"),
        CheckConstraint("birth_year BETWEEN 1900 AND 2100", name="birth_year"),
    )

    committee_id: Mapped[UUID] = mapped_column(ForeignKey("committee.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[Localized | None]  # as the order names her, for who was entered here by name
    alternate_of_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"), index=True)
    position: Mapped[int]
    college: Mapped[College] = choice(College)
    body: Mapped[Localized]  # what she represents: ODCO, the communal council of …
    chairs: Mapped[bool] = mapped_column(default=False)
    votes: Mapped[bool] = mapped_column(default=True)
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    sex: Mapped[Sex | None] = choice(Sex)
    birth_year: Mapped[int | None]
    warned_on: Mapped[date | None]  # the last day of which the officers were told that it comes


class Breach(StrEnum):
    """What becomes of an act that leaves a committee against its rules of composition."""

    WARN = "warn"
    REFUSE = "refuse"


class Composition(HasId, Base):
    """A version of a committee's rules of composition, in force from a date.

    `rules` is the validated document (see `composition.Rules`): the most seats, shares of women and of youth
    as exact fractions, bounds by college. Sources disagree on them, so they are each committee's own.
    """

    __tablename__ = "composition"
    __table_args__ = (UniqueConstraint("committee_id", "number"),)

    committee_id: Mapped[UUID] = mapped_column(ForeignKey("committee.id"))
    number: Mapped[int]
    effective_on: Mapped[date]
    rules: Mapped[dict[str, Any]]
    breach: Mapped[Breach] = choice(Breach, default=Breach.WARN)


class Secrecy(StrEnum):
    """Whether votes are by secret ballot."""

    NEVER = "never"
    ON_REQUEST = "on_request"
    ALWAYS = "always"


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
    notice_days: Mapped[int] = mapped_column(default=0, server_default="0")  # calendar days before a session
    second_after_days: Mapped[int | None]  # None: no second convocation
    second_quorum_of: Mapped[int | None]  # of a second convocation; None: no quorum is asked then
    second_quorum_over: Mapped[int | None]
    proxies: Mapped[int] = mapped_column(default=0, server_default="0")  # that one member may hold
    proxies_count: Mapped[bool] = mapped_column(default=False, server_default="false")  # in the quorum
    secrecy: Mapped[Secrecy] = choice(Secrecy, default=Secrecy.NEVER, server_default="never")
