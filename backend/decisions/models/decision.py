"""Decisions: what a session did with each dossier, for how much, and why."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...applications.models import Application
from ...core.db import Base, HasId, Localized, Money, choice


class DecisionOutcome(StrEnum):
    FUNDED = "funded"
    CONDITIONAL = "conditional"  # funded once its conditions are met, by a date
    WAITING = "waiting"
    REFUSED = "refused"


class DecisionState(StrEnum):
    PROPOSED = "proposed"
    ADOPTED = "adopted"
    SET_ASIDE = "set_aside"  # quorum lost on this file through recusals: it waits for another session
    REPLACED = "replaced"  # a later decision on the dossier stands: promotion, appeal
    LAPSED = "lapsed"  # the holder withdrew, or missed a date: its money is free again


class DecisionOrigin(StrEnum):
    SESSION = "session"
    PROMOTION = "promotion"  # from the waiting list, in the order that the session adopted
    APPEAL = "appeal"


class Decision(HasId, Base):
    """A proposal put to a session, and once adopted the committee's act.

    `reasons` is a list of {"code", "params"}: sentences are made from the codes in either language.
    """

    __tablename__ = "decision"
    __table_args__ = (
        Index(
            "uq_decision_standing",
            "application_id",
            unique=True,
            postgresql_where="state IN ('proposed', 'adopted')",
        ),
        CheckConstraint("(outcome = 'conditional') = (conditions_due_on IS NOT NULL)", name="conditions"),
        CheckConstraint("(outcome IN ('funded', 'conditional')) = (amount_centimes > 0)", name="amount"),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"), index=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("committee_session.id"), index=True)
    motion_id: Mapped[UUID | None] = mapped_column(ForeignKey("motion.id"))
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    state: Mapped[DecisionState] = choice(DecisionState, default=DecisionState.PROPOSED)
    outcome: Mapped[DecisionOutcome] = choice(DecisionOutcome)
    rank: Mapped[int]
    score_hundredths: Mapped[int]
    amount_centimes: Mapped[Money] = mapped_column(default=0)
    reasons: Mapped[list[Any]]
    recused_seats: Mapped[list[Any]] = mapped_column(default=list)  # seat ids that neither saw nor voted
    decided_at: Mapped[datetime | None]
    origin: Mapped[DecisionOrigin] = choice(
        DecisionOrigin, default=DecisionOrigin.SESSION, server_default="session"
    )
    follows_id: Mapped[UUID | None] = mapped_column(ForeignKey("decision.id"))  # the one that it replaces
    waiting_order: Mapped[int | None]  # its place on the waiting list, from 1
    deviates: Mapped[bool] = mapped_column(default=False, server_default="false")  # from what was proposed
    conditions: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")  # {"fr", "ar"} each
    conditions_due_on: Mapped[date | None]
    conditions_until: Mapped[date | None]  # to which an officer put that date off, once
    conditions_until_because: Mapped[Localized | None]
    conditions_met_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str | None] = mapped_column(String(40))  # withdrawn, conditions_missed …

    application: Mapped[Application] = relationship(lazy="raise")
