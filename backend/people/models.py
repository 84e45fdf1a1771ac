"""Persons, what they may do and where, the organisations that hold projects, and who is too close to whom."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..core.db import Base, HasId, Localized, Versioned, choice
from ..core.folding import words
from .access import AccessToken, Invitation, SignIn

__all__ = [
    "OFFICES",
    "AccessToken",
    "Accompaniment",
    "Interest",
    "Invitation",
    "LegalForm",
    "Lookalike",
    "LookalikeState",
    "Member",
    "Organisation",
    "Person",
    "Reach",
    "Representative",
    "Role",
    "RoleGrant",
    "Sex",
    "SignIn",
]


class Role(StrEnum):
    """What a person does in the programme, in one province or (national roles) everywhere."""

    HOLDER = "holder"
    EVALUATOR = "evaluator"
    CHAIR = "chair"
    OFFICER = "officer"
    AGENT = "agent"  # of the plateforme des jeunes: files for holders, judges nothing
    COACH = "coach"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    COORDINATION = "coordination"  # CN-INDH


class Reach(StrEnum):
    """By which way a person wants to hear of what matters; without an address, the other way serves."""

    EMAIL = "email"
    SMS = "sms"
    BOTH = "both"


class Person(HasId, Versioned, Base):
    """Somebody who signs in, or only receives messages (no password)."""

    __tablename__ = "person"
    __secrets__ = ("password_hash",)

    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254), unique=True)  # kept in lower case
    phone: Mapped[str | None] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(3), default="fr")
    reach: Mapped[Reach] = choice(Reach, default=Reach.EMAIL, server_default="email")
    password_hash: Mapped[str | None] = mapped_column(String(200), deferred=True)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]  # her particulars were removed at her request (law 09-08)

    grants: Mapped[list["RoleGrant"]] = relationship(lazy="raise", back_populates="person")


class RoleGrant(HasId, Base):
    """A role given to a person, for a province or (None) the whole country; revoked, never removed."""

    __tablename__ = "role_grant"
    __table_args__ = (
        Index(
            "uq_role_grant_current",
            "person_id",
            "role",
            "province_code",
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role] = choice(Role)
    province_code: Mapped[str | None] = mapped_column(ForeignKey("province.code"), index=True)
    granted_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise", back_populates="grants")


class LegalForm(StrEnum):
    """Who may hold a project; which of them a call admits is the call's rule."""

    COOPERATIVE = "cooperative"
    UNION = "union"
    GIE = "gie"
    PARTNERSHIP = "partnership"  # société de personnes
    SARL = "sarl"
    SOLE_TRADER = "auto_entrepreneur"
    ASSOCIATION = "association"


class Organisation(HasId, Versioned, Base):
    """A holder: cooperative (law 112-12), union, GIE, small firm, association.

    One that was found to be another's double is merged into it: it stays, with its history, and points there.
    """

    __tablename__ = "organisation"
    __secrets__ = ("bank_account",)
    __table_args__ = (
        Index(
            "ix_organisation_folded_name",
            "folded_name",
            postgresql_using="gin",
            postgresql_ops={"folded_name": "gin_trgm_ops"},
        ),
        Index("ix_organisation_ice", "ice", postgresql_where=text("ice IS NOT NULL")),
        Index(  # see queries.parts.bare_column: the same words, or it serves nobody
            "ix_organisation_bare_register_number",
            text("regexp_replace(upper(register_number), '[^0-9A-Z]', '', 'g')"),
            postgresql_where=text("register_number IS NOT NULL"),
        ),
        Index(
            "ix_organisation_bank_account", "bank_account", postgresql_where=text("bank_account IS NOT NULL")
        ),
    )

    name: Mapped[Localized]
    legal_form: Mapped[LegalForm] = choice(LegalForm)
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    commune_code: Mapped[str] = mapped_column(ForeignKey("commune.code"), index=True)
    register_number: Mapped[str | None] = mapped_column(String(40))
    ice: Mapped[str | None] = mapped_column(String(15))
    commercial_register: Mapped[str | None] = mapped_column(String(40))
    bank_account: Mapped[str | None] = mapped_column(String(24))  # RIB
    created_on: Mapped[date | None]
    last_agm_on: Mapped[date | None]
    phone: Mapped[str | None] = mapped_column(String(20))
    sectors: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    chains: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    folded_name: Mapped[str] = mapped_column(default="", server_default="")  # both names, see core.folding
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))

    members: Mapped[list["Member"]] = relationship(
        lazy="raise", order_by="Member.position", cascade="all, delete-orphan"
    )


@event.listens_for(Organisation.name, "set")
def _fold_name(row: Organisation, name: dict[str, str], _old: object, _initiator: object) -> None:
    row.folded_name = " ".join(words(" ".join((name.get("fr", ""), name.get("ar", "")))))


class Sex(StrEnum):
    WOMAN = "woman"
    MAN = "man"


OFFICES = ("president", "vice_president", "treasurer", "secretary")
"""Offices that have words in every language; any other stands as it was typed."""


class Member(HasId, Base):
    """A member of an organisation. An identity number (CIN) is kept only where a call needs it, encrypted."""

    __tablename__ = "member"
    __secrets__ = ("identity_number", "identity_digest")
    __table_args__ = (CheckConstraint("birth_year BETWEEN 1900 AND 2100", name="birth_year"),)

    organisation_id: Mapped[UUID] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    sex: Mapped[Sex] = choice(Sex)
    birth_year: Mapped[int]
    office: Mapped[str | None] = mapped_column(String(40))  # president, treasurer, secretary …
    identity_number: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # AES-256-GCM
    identity_digest: Mapped[str | None] = mapped_column(String(64), deferred=True, index=True)  # keyed


class Representative(HasId, Base):
    """A person who acts for an organisation on the platform."""

    __tablename__ = "representative"
    __table_args__ = (UniqueConstraint("organisation_id", "person_id"),)

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class Accompaniment(HasId, Base):
    """An agent helps a holder: she registered the organisation, or its holder agreed by a code.

    Asked for by register number; a number that is nobody's has no organisation, and the agent cannot tell.
    """

    __tablename__ = "accompaniment"
    __secrets__ = ("code_hash",)
    __table_args__ = (
        Index(
            "uq_accompaniment_current",
            "organisation_id",
            unique=True,
            postgresql_where=text("since IS NOT NULL AND until IS NULL"),
        ),
    )

    agent_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"))
    register_number: Mapped[str | None] = mapped_column(String(40))  # as the agent typed it
    asked_at: Mapped[datetime]
    phone: Mapped[str | None] = mapped_column(String(20))  # the holder's, to which the code goes
    code_hash: Mapped[str | None] = mapped_column(String(64), deferred=True)
    code_sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    since: Mapped[datetime | None]  # the holder agreed
    until: Mapped[datetime | None]


class Interest(HasId, Base):
    """A tie between a person and an organisation that keeps her from judging it (conflict of interest)."""

    __tablename__ = "interest"
    __table_args__ = (UniqueConstraint("person_id", "organisation_id"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    reason: Mapped[str]
    declared_at: Mapped[datetime]


class LookalikeState(StrEnum):
    FLAGGED = "flagged"
    DISTINCT = "distinct"  # an officer looked: two organisations
    MERGED = "merged"


class Lookalike(HasId, Versioned, Base):
    """Two organisations that may be one: by number, bank account, or close name in the same commune.

    `first_id` is the older of the two. Nothing is merged by itself: an officer settles it, with her reason.
    """

    __tablename__ = "lookalike"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id <> second_id", name="two"),
    )

    first_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    second_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    grounds: Mapped[list[str]]  # see lookalikes.GROUNDS
    closeness: Mapped[int]  # of the names, in hundredths (trigram similarity)
    state: Mapped[LookalikeState] = choice(LookalikeState, default=LookalikeState.FLAGGED)
    found_at: Mapped[datetime]
    told_at: Mapped[datetime | None]  # to the officers of the provinces
    settled_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(2000))
