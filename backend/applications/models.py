"""Dossiers: what a holder asks for, and how the call's rules judge it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Computed, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..calls.models import Call
from ..core.db import Base, HasId, Money, Versioned, choice
from ..people.models import Organisation


class ApplicationState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"  # one completion request is with the holder
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    WITHDRAWN = "withdrawn"


class Filing(StrEnum):
    """How a dossier came: by its holder, typed for her by an agent, or on paper at the counter."""

    ONLINE = "online"
    ASSISTED = "assisted"
    PAPER = "paper"


class Application(HasId, Versioned, Base):
    """One organisation's answer to one call.

    `content` holds the sections as typed (see `schemas.SECTIONS`); the columns after it are read from it at
    each save, for lists and rules. At submission the holder's particulars are copied to `snapshot` (members
    without their names), hashed together with the content, and a receipt code is given. What she changes
    afterwards, while she still may, waits in `revision` until she deposits again: `content` always is what
    stands deposited, or the draft that never was.
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
        # what waits for a decision, by its latest deposit: one range for the statutory clock
        Index(
            "ix_application_waiting",
            "submitted_at",
            postgresql_where=text("state IN ('submitted', 'eligible')"),
        ),
        Index("ix_application_search", "search", postgresql_using="gin"),
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
    submitted_at: Mapped[datetime | None]  # the latest deposit
    first_submitted_at: Mapped[datetime | None]  # kept for good: what is late, and days, count from it
    receipt_code: Mapped[str | None] = mapped_column(String(20), unique=True)
    content_sha256: Mapped[str | None] = mapped_column(String(64))
    snapshot: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)
    revision: Mapped[dict[str, Any] | None]
    submissions: Mapped[int] = mapped_column(default=0, server_default="0")  # deposits so far
    filing: Mapped[Filing] = choice(Filing, default=Filing.ONLINE, server_default="online")
    search_text: Mapped[str] = mapped_column(default="", server_default="", deferred=True)  # as folded
    search: Mapped[Any] = mapped_column(
        TSVECTOR, Computed("to_tsvector('simple', search_text)", persisted=True), deferred=True
    )

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


class Submission(HasId, Base):
    """One deposit of a dossier, as it was; the next one before closing is its next version."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("application_id", "number"),)

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    number: Mapped[int]
    submitted_at: Mapped[datetime]
    submitted_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    receipt_code: Mapped[str] = mapped_column(String(20), unique=True)
    content_sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict[str, Any]]
    snapshot: Mapped[dict[str, Any]]
    call_version: Mapped[int]


class FieldChange(HasId, Base):
    """One field of a dossier as somebody changed it. The id is the browser's: sent twice, it is kept once."""

    __tablename__ = "field_change"
    __table_args__ = (Index("ix_field_change_field", "application_id", "section", "field", "kept_at"),)

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    section: Mapped[str] = mapped_column(String(40))
    field: Mapped[str] = mapped_column(String(80))
    before: Mapped[Any | None] = mapped_column(JSONB)
    after: Mapped[Any | None] = mapped_column(JSONB)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kept_at: Mapped[datetime]


class DossierDocument(HasId, Base):
    """A paper of a dossier: which of those asked, and its file; replaced or removed, it stays on record."""

    __tablename__ = "dossier_document"
    __table_args__ = (
        Index("ix_dossier_document_current", "application_id", postgresql_where=text("removed_at IS NULL")),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    code: Mapped[str] = mapped_column(String(40))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), index=True)
    attached_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    attached_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class CompletionRequest(HasId, Base):
    """What an officer asked a holder to complete, once, and by which day (law 55-19)."""

    __tablename__ = "completion_request"

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), unique=True)
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    due_on: Mapped[date]  # the last day that counts, in Casablanca
    items: Mapped[list[Any]]  # fields, as the completeness check names them
    note: Mapped[str] = mapped_column(String(2000), default="")
    answered_at: Mapped[datetime | None]


class Proof(StrEnum):
    """How a holder confirmed what an agent typed for her."""

    CODE = "code"  # told to her phone, read back by her
    SHEET = "sheet"  # a sheet that she signed, scanned


class Assistance(HasId, Versioned, Base):
    """An agent files for a holder: who, for whom, and how the holder confirmed it."""

    __tablename__ = "assistance"
    __secrets__ = ("code_hash",)

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), unique=True)
    agent_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    begun_at: Mapped[datetime]
    phone: Mapped[str | None] = mapped_column(String(20))
    code_hash: Mapped[str | None] = mapped_column(String(64), deferred=True)
    code_sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    proof: Mapped[Proof | None] = choice(Proof)
    sheet_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_sha256: Mapped[str | None] = mapped_column(String(64))  # of the content that she confirmed
    deposited_at: Mapped[datetime | None]  # paper: when it was handed in at the counter


class ScreeningNote(HasId, Base):
    """What an officer notes about a dossier for her colleagues; the holder does not read it."""

    __tablename__ = "screening_note"

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), index=True)
    written_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]
    text: Mapped[str] = mapped_column(String(2000))


class SavedView(HasId, Base):
    """A narrowed list of dossiers under a name, for the officer who keeps it."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("person_id", "name"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(100))
    query: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
