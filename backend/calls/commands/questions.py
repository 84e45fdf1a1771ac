"""Questions on a call: asked by a holder, answered to everybody or set aside with a reason."""

from uuid import UUID

from sqlalchemy import func, select

from backend.core.tx import Tx

from ..lifecycle import NOT_OPEN_TO_QUESTIONS, QUESTION, QUESTIONS_ENOUGH
from ..models import Call, CallQuestion, QuestionState
from ..queries import is_open

WAITING_AT_MOST = 3
"""Questions of one person that may wait for an answer on one call."""


def ask(tx: Tx, call_id: UUID, question: str) -> CallQuestion:
    """Put a question to the province while the call is open; its asker's name is never published."""
    call = tx.get(Call, call_id, "call.read")
    row = CallQuestion(
        call_id=call.id,
        province_code=call.province_code,
        asked_by=tx.actor.id,
        asked_at=tx.now,
        question=question,
    )
    if not is_open(call, tx.now):
        raise NOT_OPEN_TO_QUESTIONS(closes_at=call.closes_at)
    waiting = select(func.count()).where(
        CallQuestion.call_id == call.id,
        CallQuestion.asked_by == tx.actor.id,
        CallQuestion.state == QuestionState.ASKED,
    )
    if tx.session.scalar(waiting) >= WAITING_AT_MOST:  # type: ignore[operator]
        raise QUESTIONS_ENOUGH(limit=WAITING_AT_MOST)
    tx.add(row, "question.ask")
    tx.emit("question.asked", row, call=str(call.id))
    return row


def answer(
    tx: Tx, question_id: UUID, question: dict[str, str], answer: dict[str, str], version: int | None = None
) -> CallQuestion:
    """Publish the question, as the officer words it, with its answer, to everybody."""
    row = tx.get(CallQuestion, question_id, "question.settle", version=version)
    QUESTION.fire(tx, row, "answer", call=str(row.call_id))
    row.published_question, row.answer = question, answer
    row.settled_by, row.settled_at = tx.actor.id, tx.now
    return row


def set_aside(tx: Tx, question_id: UUID, reason: str, version: int | None = None) -> CallQuestion:
    """Not publish it: a reason goes to its asker alone."""
    row = tx.get(CallQuestion, question_id, "question.settle", version=version)
    QUESTION.fire(tx, row, "set_aside", call=str(row.call_id), reason=reason)
    row.reason = reason
    row.settled_by, row.settled_at = tx.actor.id, tx.now
    return row
