"""Conventions between the committee and a holder, and the tranches paid under them."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..applications.models import Application
from ..calls.models import Call
from ..core.db import Base, HasId, Localized, Money, Versioned, choice
from ..people.models import Organisation


class ConventionState(StrEnum):
    PREPARED = "prepared"
    SIGNED = "signed"
    CANCELLED = "cancelled"


class Convention(HasId, Versioned, Base):
    """The agreement on one funded dossier. The holder's own contribution is proven before any tranche."""

    __tablename__ = "convention"
    __table_args__ = (
        UniqueConstraint("province_code", "number"),
        CheckConstraint("amount_centimes > 0", name="amount"),
        CheckConstraint("own_centimes >= 0", name="own"),
    )

    number: Mapped[str] = mapped_column(String(24))  # 2024-031, in its province
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), unique=True)
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"), unique=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"), index=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    state: Mapped[ConventionState] = choice(ConventionState, default=ConventionState.PREPARED)
    amount_centimes: Mapped[Money]
    own_centimes: Mapped[Money]
    prepared_at: Mapped[datetime]
    signed_on: Mapped[date | None]
    own_proven_at: Mapped[datetime | None]
    own_evidence: Mapped[str | None] = mapped_column(String(500))

    application: Mapped[Application] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise", viewonly=True)
    call: Mapped[Call] = relationship(lazy="raise", viewonly=True)
    tranches: Mapped[list["Tranche"]] = relationship(lazy="raise", order_by="Tranche.number")


class TrancheState(StrEnum):
    PLANNED = "planned"
    RELEASED = "released"


class Tranche(HasId, Base):
    """A part of the grant, released on evidence and in order, never on a date alone."""

    __tablename__ = "tranche"
    __table_args__ = (
        UniqueConstraint("convention_id", "number"),
        CheckConstraint("amount_centimes > 0", name="amount"),
    )

    convention_id: Mapped[UUID] = mapped_column(ForeignKey("convention.id"))
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    number: Mapped[int]
    amount_centimes: Mapped[Money]
    condition: Mapped[Localized]
    state: Mapped[TrancheState] = choice(TrancheState, default=TrancheState.PLANNED)
    evidence: Mapped[str | None] = mapped_column(String(500))
    released_at: Mapped[datetime | None]

    convention: Mapped[Convention] = relationship(lazy="raise", back_populates="tranches")
