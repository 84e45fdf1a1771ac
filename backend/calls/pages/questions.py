"""Questions on a call: a holder asks on its page, the province's officers answer or set aside."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from backend.core.actor import Actor
from backend.core.errors import FORBIDDEN, Problem
from backend.core.tx import Tx, transaction
from backend.web.deps import PageActor
from backend.web.forms import Typed, read, refused, see_other, version_of
from backend.web.render import render

from .. import commands, queries
from ..lifecycle import QUESTION, phase
from ..models import Call, CallQuestion
from ..schemas import AnswerIn, QuestionIn, SetAsideIn
from .public import call_shown

router = APIRouter()
FIELDS = {
    "question.fr": "question_fr",
    "question.ar": "question_ar",
    "answer.fr": "answer_fr",
    "answer.ar": "answer_ar",
}


@router.post("/calls/{code}/questions")
def ask(request: Request, actor: PageActor, code: str, typed: Typed) -> Response:
    """Put a question to the province; what was typed is given back when it is refused."""
    try:
        asked = read(QuestionIn, {"question": typed.get("question", "")})
        with transaction(actor) as tx:
            commands.ask(tx, queries.by_code(tx, code).id, asked.question)
    except Problem as refusal:
        with transaction(actor) as tx:
            return call_shown(request, actor, tx, code, typed.get("question", ""), refusal)
    return see_other(f"/calls/{code}#questions")


@router.get("/das/calls/{call_id}/questions")
def questions_page(request: Request, actor: PageActor, call_id: UUID) -> Response:
    """The questions on a call: those that wait, then those that were settled."""
    with transaction(actor) as tx:
        return _list(request, actor, tx, call_id)


@router.post("/das/calls/{call_id}/questions/{question_id}/answer")
def answer(request: Request, actor: PageActor, call_id: UUID, question_id: UUID, typed: Typed) -> Response:
    """Publish the question, reworded, with its answer."""
    try:
        said = read(AnswerIn, {name: _words(typed, name) for name in ("question", "answer")})
        words, answered = said.question.model_dump(), said.answer.model_dump()
        with transaction(actor) as tx:
            commands.answer(tx, question_id, words, answered, version_of(typed.get("version", "")))
    except Problem as refusal:
        with transaction(actor) as tx:
            return _list(request, actor, tx, call_id, _Tried(question_id, "answer", typed, refusal))
    return see_other(f"/das/calls/{call_id}/questions")


@router.post("/das/calls/{call_id}/questions/{question_id}/set-aside")
def set_aside(request: Request, actor: PageActor, call_id: UUID, question_id: UUID, typed: Typed) -> Response:
    """Not publish it; the reason goes to who asked."""
    try:
        said = read(SetAsideIn, {"reason": typed.get("reason", "")})
        with transaction(actor) as tx:
            commands.set_aside(tx, question_id, said.reason, version_of(typed.get("version", "")))
    except Problem as refusal:
        with transaction(actor) as tx:
            return _list(request, actor, tx, call_id, _Tried(question_id, "set_aside", typed, refusal))
    return see_other(f"/das/calls/{call_id}/questions")


def _words(typed: dict[str, str], name: str) -> dict[str, str]:
    return {lang: typed.get(f"{name}_{lang}", "") for lang in ("fr", "ar")}


@dataclass(frozen=True)
class _Tried:
    """A form that was refused: on which question, which one, what was typed, why."""

    question_id: UUID
    form: str
    typed: dict[str, str]
    refusal: Problem


def _list(request: Request, actor: Actor, tx: Tx, call_id: UUID, tried: _Tried | None = None) -> Response:
    call = tx.get(Call, call_id, "call.read")
    if not tx.may(["call.amend"], call)["call.amend"]:
        raise FORBIDDEN(rule="question.settle")
    listed = queries.questions(tx, call)
    waiting = [one for one in listed if one.state in QUESTION.transitions["answer"].sources]
    return render(
        request,
        actor,
        "calls/das_questions.html",
        call=call,
        phase=phase(call, tx.now),
        waiting=[_shown(one, tried) for one in waiting],
        settled=[one for one in listed if one not in waiting],
        **refused(tried.refusal if tried else None, request, actor, **FIELDS),
    )


def _shown(one: CallQuestion, tried: _Tried | None) -> dict[str, Any]:
    """A question with what was typed about it, when its form was refused."""
    here = tried if tried and tried.question_id == one.id else None
    return {"row": one, "form": here.form if here else "", "typed": here.typed if here else {}}
