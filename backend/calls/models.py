"""Calls for projects: a frozen call file with a life of its own."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..core.db import Base, HasId, Localized, Money, Versioned, choice


class CallState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"  # open while now is within the window: a fact of the clock, not a state
    IN_REVIEW = "in_review"
    DECIDED = "decided"
    ARCHIVED = "archived"


class Call(HasId, Versioned, Base):
    """A call as its file states it; `definition` is the validated file in force.

    Once published it changes only by a new `CallVersion`: an erratum or an extension.
    """

    __tablename__ = "call"
    __table_args__ = (CheckConstraint("opens_at < closes_at", name="window"),)

    code: Mapped[str] = mapped_column(String(60), unique=True)
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    committee_id: Mapped[UUID | None] = mapped_column(ForeignKey("committee.id"))
    title: Mapped[Localized]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    envelope_centimes: Mapped[Money]
    definition: Mapped[dict[str, Any]]
    definition_sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[CallState] = choice(CallState, default=CallState.DRAFT)
    published_at: Mapped[datetime | None]
    version_number: Mapped[int] = mapped_column(default=0, server_default="0")  # 0 while a draft


class VersionKind(StrEnum):
    PUBLICATION = "publication"
    ERRATUM = "erratum"
    EXTENSION = "extension"


class CallVersion(HasId, Base):
    """What a call said from one moment on: rules, documents, grid, envelope and hours, frozen."""

    __tablename__ = "call_version"
    __table_args__ = (UniqueConstraint("call_id", "number"),)

    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"))
    number: Mapped[int]
    kind: Mapped[VersionKind] = choice(VersionKind)
    reason: Mapped[Localized | None]
    definition: Mapped[dict[str, Any]]
    definition_sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime]
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class QuestionState(StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"  # question and answer are everybody's to read
    SET_ASIDE = "set_aside"


class CallQuestion(HasId, Versioned, Base):
    """A question on a call; its answer is published to all, without the name of who asked."""

    __tablename__ = "call_question"

    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"), index=True)
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    asked_at: Mapped[datetime]
    question: Mapped[str] = mapped_column(String(2000))
    published_question: Mapped[Localized | None]  # as the officer words it for everybody
    answer: Mapped[Localized | None]
    reason: Mapped[str | None] = mapped_column(String(1000))  # to the asker, when it was set aside
    state: Mapped[QuestionState] = choice(QuestionState, default=QuestionState.ASKED)
    settled_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None]


class CallDraft(HasId, Versioned, Base):
    """The working text of a draft call, kept as it was typed, right or not yet; `Call.definition` is valid.

    Once the call's definition has changed otherwise (another file loaded over it), the text counts no more.
    Of a published call it is the erratum in preparation, as long as `amends` names the version it corrects.
    """

    __tablename__ = "call_draft"

    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"), unique=True)
    source: Mapped[str]
    faults: Mapped[int]
    call_sha256: Mapped[str] = mapped_column(String(64))  # of the definition beside which it was kept
    saved_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime]
    amends: Mapped[int | None]
    to_reread: Mapped[list[str] | None]  # places of a copied call that nobody has read again yet
