"""Dossiers: what a holder asks for, and how the call's rules judge it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..calls.models import Call
from ..core.db import Base, HasId, Money, Versioned, choice
from ..people.models import Organisation


class ApplicationState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    WITHDRAWN = "withdrawn"


class Application(HasId, Versioned, Base):
    """One organisation's answer to one call.

    `content` holds the sections as typed (see `schemas.SECTIONS`); the columns after it are read from it at
    each save, for lists and rules. At submission the holder's particulars are copied to `snapshot` (members
    without their names), hashed together with the content, and a receipt code is given.
    """

    __tablename__ = "application"
    __table_args__ = (
        Index(
            "uq_application_one_per_call",
            "call_id",
            "organisation_id",
            unique=True,
            postgresql_where=text("state <> 'withdrawn'"),
        ),
        Index("ix_application_call_state", "call_id", "state", "number"),
        # the sums beside a ranking are read from this index alone
        Index("ix_application_requested", "id", postgresql_include=["requested_centimes"]),
    )

    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)  # AGA-2023-0147
    state: Mapped[ApplicationState] = choice(ApplicationState, default=ApplicationState.DRAFT)
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    title: Mapped[str] = mapped_column(String(200), default="")
    sector: Mapped[str | None] = mapped_column(String(40))
    chain_code: Mapped[str | None] = mapped_column(String(40))
    commune_code: Mapped[str | None] = mapped_column(ForeignKey("commune.code"))
    total_centimes: Mapped[Money] = mapped_column(default=0)
    requested_centimes: Mapped[Money] = mapped_column(default=0)
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    receipt_code: Mapped[str | None] = mapped_column(String(20), unique=True)
    content_sha256: Mapped[str | None] = mapped_column(String(64))
    snapshot: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)

    call: Mapped[Call] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class ApplicationCounter(Base):
    """The last number given under a prefix (AGA-2023): locked while a dossier is created, so without gaps."""

    __tablename__ = "application_counter"

    prefix: Mapped[str] = mapped_column(String(16), primary_key=True)
    last: Mapped[int]


class Outcome(StrEnum):
    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"


class RuleResult(HasId, Base):
    """How one rule of the call judged the dossier at submission, with the facts that it read."""

    __tablename__ = "rule_result"
    __table_args__ = (UniqueConstraint("application_id", "rule_code"),)

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    position: Mapped[int]
    rule_code: Mapped[str] = mapped_column(String(60), index=True)
    outcome: Mapped[Outcome] = choice(Outcome)
    refuses: Mapped[bool]
    reason: Mapped[dict[str, str]]  # {"fr": …, "ar": …}: said at that moment, with that call's words
    facts: Mapped[dict[str, Any]]
    checked_at: Mapped[datetime]
