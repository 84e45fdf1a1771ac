"""Questions on a call over JSON."""

from uuid import UUID

from fastapi import APIRouter, Response

from backend.core.tx import Tx, transaction
from backend.web.deps import AnyActor, CurrentActor, IfMatch, OncePerKey, etag

from .. import commands, queries
from ..models import Call, CallQuestion
from ..schemas import AnswerIn, QuestionIn, QuestionOut, QuestionsOut, SetAsideIn

router = APIRouter()


def _out(tx: Tx, row: CallQuestion) -> QuestionOut:
    mine, hers = queries.reads_privately(tx, row)
    return QuestionOut(
        id=row.id,
        state=row.state,
        mine=mine,
        question=row.question if hers else None,
        published_question=row.published_question,
        answer=row.answer,
        reason=row.reason if hers else None,
        asked_at=row.asked_at,
        settled_at=row.settled_at,
        version=row.version,
    )


@router.get("/{call_id}/questions")
def list_call_questions(call_id: UUID, actor: AnyActor) -> QuestionsOut:
    """Questions on a call: the answered ones; her own too for who asked; all for the province's officers."""
    with transaction(actor) as tx:
        found = queries.questions(tx, tx.get(Call, call_id, "call.read"))
        return QuestionsOut(items=[_out(tx, row) for row in found])


@router.post("/{call_id}/questions", status_code=201)
def ask_question(call_id: UUID, body: QuestionIn, actor: CurrentActor, once: OncePerKey) -> QuestionOut:
    """Ask while the call is open. The answer is published to everybody, without the asker's name."""
    with transaction(actor) as tx:
        return once(tx, body, lambda: _out(tx, commands.ask(tx, call_id, body.question)))  # type: ignore[no-any-return]


@router.post("/questions/{question_id}/answer")
def answer_question(
    question_id: UUID, body: AnswerIn, actor: CurrentActor, version: IfMatch, response: Response
) -> QuestionOut:
    """Publish the question, reworded, with its answer, to everybody."""
    with transaction(actor) as tx:
        words, answer = body.question.model_dump(), body.answer.model_dump()
        return _settled(tx, response, commands.answer(tx, question_id, words, answer, version))


@router.post("/questions/{question_id}/set-aside")
def set_question_aside(
    question_id: UUID, body: SetAsideIn, actor: CurrentActor, version: IfMatch, response: Response
) -> QuestionOut:
    """Not publish the question; the reason goes to who asked."""
    with transaction(actor) as tx:
        return _settled(tx, response, commands.set_aside(tx, question_id, body.reason, version))


def _settled(tx: Tx, response: Response, row: CallQuestion) -> QuestionOut:
    tx.session.flush()
    etag(response, row)
    return _out(tx, row)
