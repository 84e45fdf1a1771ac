"""Idempotency: a creation asked twice under one key answers the same, and creates once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, UniqueConstraint, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from .db import Base, HasId
from .errors import problem
from .tx import Tx

KEY_REUSED = problem("idempotency_key_reused", 422)


class Answer(HasId, Base):
    """What a creation answered, kept under its caller's key (days, not years: see the purge job)."""

    __tablename__ = "idempotent_answer"
    __audited__ = False  # a copy of an answer; what it created is audited where it stands
    __table_args__ = (UniqueConstraint("actor_id", "key", name="uq_idempotent_answer_key"),)

    actor_id: Mapped[UUID]
    key: Mapped[str] = mapped_column(String(200))
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(default=0)
    body: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]


def claim(tx: Tx, key: str, fingerprint: str) -> Answer | None:
    """The answer given before, or None when this call is the first (a twin call waits for our commit)."""
    placed = tx.session.execute(
        insert(Answer)
        .values(
            id=uuid7(), actor_id=tx.actor.id, key=key, fingerprint=fingerprint, status=0, body={}, at=tx.now
        )
        .on_conflict_do_nothing(constraint="uq_idempotent_answer_key")
        .returning(Answer.id)
    ).first()
    if placed:
        return None
    answer = tx.session.scalars(select(Answer).where(Answer.actor_id == tx.actor.id, Answer.key == key)).one()
    if answer.fingerprint != fingerprint:
        raise KEY_REUSED(key=key)
    tx.allowed = tx.recorded = True  # nothing is written: the claim above conflicted
    return answer


def remember(tx: Tx, key: str, status: int, body: dict[str, Any]) -> None:
    """Keep the answer, in the transaction that created what it speaks of."""
    tx.session.execute(
        update(Answer)
        .where(Answer.actor_id == tx.actor.id, Answer.key == key)
        .values(status=status, body=body),
        execution_options={"synchronize_session": False},
    )
