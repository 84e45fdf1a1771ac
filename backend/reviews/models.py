"""Reviews: who judges which dossier, the marks given, and the standing of each dossier."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..applications.models import Application
from ..core.db import Base, HasId, Money, Versioned, choice


class AssignmentState(StrEnum):
    ASSIGNED = "assigned"  # conflict not yet declared: the dossier stays shut
    OPEN = "open"  # no conflict: may read and score
    SIGNED = "signed"
    RECUSED = "recused"
    ABSTAINED = "abstained"  # cannot judge it, and says why: not a conflict
    WITHDRAWN = "withdrawn"  # taken back by the officer before it was opened


GONE = (AssignmentState.RECUSED, AssignmentState.ABSTAINED, AssignmentState.WITHDRAWN)
"""They count for nothing: neither in averages, nor in loads, nor among a dossier's readers."""


class Assignment(HasId, Versioned, Base):
    """A dossier on an evaluator's stack, and her review of it.

    `marks` is {criterion: level}, `notes` {criterion: words}; `total_hundredths` the weighted total of the
    marks given, in hundredths of a point.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("application_id", "evaluator_id"),
        Index("ix_assignment_stack", "evaluator_id", "state"),
    )

    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    evaluator_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    state: Mapped[AssignmentState] = choice(AssignmentState, default=AssignmentState.ASSIGNED)
    assigned_at: Mapped[datetime]
    due_at: Mapped[datetime]
    declared_at: Mapped[datetime | None]
    recusal_reason: Mapped[str | None]
    abstention_reason: Mapped[str | None]
    withdrawal_reason: Mapped[str | None]
    marks: Mapped[dict[str, Any]] = mapped_column(default=dict)
    notes: Mapped[dict[str, str]] = mapped_column(default=dict)
    total_hundredths: Mapped[int] = mapped_column(default=0)
    signed_at: Mapped[datetime | None]
    viability_seen_at: Mapped[datetime | None]
    marks_before: Mapped[dict[str, Any] | None]  # as they stood when the financial model was first shown

    application: Mapped[Application] = relationship(lazy="raise")


DERIVED = (
    "corrected_hundredths", "corrected_error_hundredths", "rank_raw", "rank_expected_hundredths", "rank_low",
    "rank_high",
)  # fmt: skip
"""Computed again with every report: not in the trail; what the dossier is ranked by is."""


class Standing(Base):
    """A dossier's kept score: the mean of its signed reviews, renewed with each of them.

    `score_hundredths` is the mean total in hundredths of a point; `ties` the means of the criteria in the
    order in which they break ties (hundredths of points), compared element by element; `draw` parts what is
    still equal. Corrected figures are those of the call's last panel report; `ranked_hundredths` is the score
    by which the dossier is ranked: the corrected one where the call asks for it and the marks allow it.
    """

    __tablename__ = "standing"
    __secrets__ = DERIVED
    __table_args__ = (
        CheckConstraint("reviews >= 0", name="reviews"),
        Index("ix_standing_rank", "call_id", "ranked_hundredths", "ties", "draw", "application_id"),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), primary_key=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"))
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    reviews: Mapped[int] = mapped_column(default=0)
    score_hundredths: Mapped[int]
    spread_hundredths: Mapped[int] = mapped_column(default=0)  # highest minus lowest total
    ties: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    criteria: Mapped[dict[str, Any]]  # {criterion: mean in hundredths of points}
    discordant: Mapped[bool] = mapped_column(default=False, server_default=false())
    floors: Mapped[list[str]] = mapped_column(ARRAY(String(40)), default=list, server_default="{}")
    draw: Mapped[str] = mapped_column(String(64), default="", server_default="")  # SHA-256 of seed and number
    by_corrected: Mapped[bool] = mapped_column(default=False, server_default=false())
    corrected_hundredths: Mapped[int | None]
    ranked_hundredths: Mapped[int] = mapped_column(
        Computed(
            "CASE WHEN by_corrected THEN coalesce(corrected_hundredths, score_hundredths)"
            " ELSE score_hundredths END",
            persisted=True,
        )
    )
    corrected_error_hundredths: Mapped[int | None]  # standard error
    rank_raw: Mapped[int | None]  # by the mean, where the call ranks otherwise
    rank_expected_hundredths: Mapped[int | None]
    rank_low: Mapped[int | None]  # 90 % interval
    rank_high: Mapped[int | None]


SUMMED = ("ranked", "reviews", "discordant", "waiting", "asked_centimes")
REPORTED = ("reported_at", "report", "reported_reviews")


class CallReview(HasId, Base):
    """The reviewing of a call: its draw, its panel's last report, and sums over its standings.

    `seed` parts what every criterion leaves equal; it is drawn when dossiers are first given out, before
    anybody has read one. A trigger on `standing` keeps the sums (`SUMMED`); the report is made again from the
    marks. Neither is in the trail.
    """

    __tablename__ = "call_review"
    __secrets__ = (*SUMMED, *REPORTED)

    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"), unique=True)
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    seed: Mapped[str] = mapped_column(String(64))
    seeded_at: Mapped[datetime]
    per_file: Mapped[int]  # reviews that the grid asks of a dossier
    ranked: Mapped[int] = mapped_column(default=0, server_default="0")  # dossiers with a signed review
    reviews: Mapped[int] = mapped_column(default=0, server_default="0")  # signed
    discordant: Mapped[int] = mapped_column(default=0, server_default="0")
    waiting: Mapped[int] = mapped_column(default=0, server_default="0")  # ranked, with fewer than `per_file`
    asked_centimes: Mapped[Money] = mapped_column(default=0, server_default="0")  # of the ranked
    reported_at: Mapped[datetime | None]
    report: Mapped[dict[str, Any] | None]  # agreement, evaluators, warnings: see `panel`
    reported_reviews: Mapped[int | None]  # how many it was made from


class Expertise(HasId, Base):
    """A value chain that an evaluator knows."""

    __tablename__ = "expertise"
    __table_args__ = (UniqueConstraint("person_id", "chain_code"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    chain_code: Mapped[str] = mapped_column(String(40))
    declared_at: Mapped[datetime]


class HomeCommune(HasId, Base):
    """A commune where an evaluator lives or comes from: what tells a namesake from a relative."""

    __tablename__ = "home_commune"
    __table_args__ = (UniqueConstraint("person_id", "commune_code"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    commune_code: Mapped[str] = mapped_column(ForeignKey("commune.code"), index=True)
    declared_at: Mapped[datetime]


class SuspicionState(StrEnum):
    TO_CONFIRM = "to_confirm"
    CONFIRMED = "confirmed"  # kept as a tie from then on
    DISMISSED = "dismissed"


class SuspectedTie(HasId, Base):
    """An evaluator and a holder who may be close, found by what is known of both; a person decides.

    `grounds` are codes (same family name and commune, past coaching, same organisation).
    """

    __tablename__ = "suspected_tie"
    __table_args__ = (UniqueConstraint("person_id", "organisation_id"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    state: Mapped[SuspicionState] = choice(SuspicionState, default=SuspicionState.TO_CONFIRM)
    grounds: Mapped[list[str]]
    found_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str | None]


class NoteKind(StrEnum):
    VISIT = "visit"  # of the place, by one or more members
    PRESENTATION = "presentation"  # by the holder, before the committee


class FieldNote(HasId, Versioned, Base):
    """What was seen on a field visit, or heard when the holder presented: a record beside the marks."""

    __tablename__ = "field_note"

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), index=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"), index=True)
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    kind: Mapped[NoteKind] = choice(NoteKind)
    held_on: Mapped[date]
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    present: Mapped[str] = mapped_column(String(500), default="", server_default="")
    words: Mapped[str]
    written_at: Mapped[datetime]
