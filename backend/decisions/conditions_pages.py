"""Grants under conditions as pages: the holder's answers, the officer's confirmations, those that wait."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.responses import Response

from ..core.config import settings
from ..core.errors import INVALID, NOT_FOUND, FieldError, Problem
from ..core.tx import Tx, transaction
from ..files import intake
from ..files.content import EXTENSIONS
from ..files.serving import served
from ..web.deps import Cursor, PageActor
from ..web.forms import Typed, attempt, day_of, refused, see_other, version_of
from ..web.middleware import MAX_BODY, make_room
from ..web.render import render
from ..web.uploads import Posted, closing
from .conditions import following, reading
from .models import ConditionState, DecisionCondition

router = APIRouter()
make_room("POST", r"/conditions/[0-9a-f-]{36}/answer", lambda: settings().file_limit + MAX_BODY)
Both = dict[str, str]


@router.get("/conditions")
def conditions_page(
    request: Request, actor: PageActor, state: str = "answered", cursor: Cursor = None
) -> Response:
    """Those that the reader may see, those that wait for an officer unless she asks for others."""
    wanted = ConditionState(state) if state in set(ConditionState) else None
    with transaction(actor) as tx:
        page = reading.listed(tx, wanted, cursor, 30)
        return render(
            request,
            actor,
            "decisions/conditions_list.html",
            conditions=page.items,
            grants=reading.grants_of(tx, page.items),
            states=list(ConditionState),
            state=wanted or "",
            next=f"/conditions?cursor={page.next}&state={wanted or 'all'}" if page.next else None,
        )


@router.get("/applications/{application_id}/conditions")
def application_conditions_page(request: Request, actor: PageActor, application_id: UUID) -> Response:
    """The conditions of a dossier's grant: each with its state, what was sent, and what comes next."""
    with transaction(actor) as tx:
        return _page(request, tx, application_id)


@router.post("/applications/{application_id}/conditions/extend")
def extend_form(request: Request, actor: PageActor, application_id: UUID, typed: Typed) -> Response:
    """Put the last day off, once."""

    def act(tx: Tx) -> object:
        decision = reading.followed(tx, application_id).decision
        return following.extend(tx, decision.id, day_of(typed.get("due_on", "")), _both(typed, "reason"))

    return attempt(
        actor,
        act,
        f"/applications/{application_id}/conditions?done=extend",
        lambda tx, refusal: _page(request, tx, application_id, ("extend", typed, refusal)),
    )


@router.post("/conditions/{condition_id}/answer")
def answer_form(request: Request, actor: PageActor, condition_id: UUID, sent: Posted) -> Response:
    """Words, a document, or both; the document is examined and scanned before any row speaks of it."""
    typed = {key: value for key, value in sent.multi_items() if isinstance(value, str)}
    kept = None
    with closing(sent) as chosen:
        try:
            with transaction(actor) as tx:  # before anything is kept
                tx.get(DecisionCondition, condition_id, "condition.answer")
                tx.recorded = True
            if chosen:
                kept = intake.keep(chosen[0].file, chosen[0].filename or "")
            with transaction(actor) as tx:
                version = version_of(typed.get("version", ""))
                done = following.answer(tx, condition_id, typed.get("words", ""), kept, version)
                application_id = done.application_id
        except Problem as refusal:
            if kept:
                intake.discard(kept)
            with transaction(actor) as tx:
                return _again(request, tx, condition_id, "answer", typed, refusal)
    return see_other(f"/applications/{application_id}/conditions?done=answer")


@router.get("/conditions/{condition_id}/documents/{file_id}")
def condition_document(request: Request, actor: PageActor, condition_id: UUID, file_id: UUID) -> Response:
    """The document itself, for whoever reads the condition."""
    with transaction(actor) as tx:
        file = reading.document(tx, condition_id, file_id)
    return served(request, file)


@router.post("/conditions/{condition_id}/{verb}")
def condition_form(
    request: Request, actor: PageActor, condition_id: UUID, verb: str, typed: Typed
) -> Response:
    """Confirm it, or say what lacks; a refusal shows the same page with what was typed."""

    def act(tx: Tx) -> DecisionCondition:
        if verb not in ACTS:
            tx.get(DecisionCondition, condition_id, "condition.read")
            raise INVALID([FieldError("verb", "invalid")])
        return ACTS[verb](tx, condition_id, typed, version_of(typed.get("version", "")))

    return attempt(
        actor,
        act,
        lambda done: f"/applications/{done.application_id}/conditions?done={verb}",
        lambda tx, refusal: _again(request, tx, condition_id, verb, typed, refusal),
    )


def _both(typed: Both, name: str) -> Both:
    return {lang: typed.get(f"{name}.{lang}", "") for lang in ("fr", "ar")}


ACTS: dict[str, Callable[[Tx, UUID, Both, int], DecisionCondition]] = {
    "confirm": lambda tx, key, typed, version: following.confirm(tx, key, typed.get("seen", ""), version),
    "return": lambda tx, key, typed, version: following.send_back(tx, key, _both(typed, "lacks"), version),
}
"""By the word at the end of the form's address."""


def _again(
    request: Request, tx: Tx, condition_id: UUID, verb: str, typed: Both, refusal: Problem
) -> Response:
    asked = select(DecisionCondition.application_id).where(DecisionCondition.id == condition_id)
    application_id = tx.session.scalars(tx.visible(asked, "condition.read")).one_or_none()
    if application_id is None:
        raise NOT_FOUND(thing="decision_condition")
    return _page(request, tx, application_id, (verb, typed, refusal), condition_id)


def _page(
    request: Request,
    tx: Tx,
    application_id: UUID,
    failed: tuple[str, Both, Problem] | None = None,
    about: UUID | None = None,
) -> Response:
    verb, typed, refusal = failed or ("", {}, None)
    answer: dict[str, Any] = refused(refusal, request, tx.actor)
    wrong = dict(answer["errors"])
    seen = reading.followed(tx, application_id)
    for one in seen.items:
        if one.row.id == about:  # each condition has its own form: its fields end with its place
            answer["errors"] = [(f"{name}-{one.row.position}", said) for name, said in answer["errors"]]
    return render(
        request,
        tx.actor,
        "decisions/conditions.html",
        **answer,
        wrong=wrong,
        seen=seen,
        verb=verb,
        about=about,
        typed=typed,
        done=request.query_params.get("done", ""),
        accept=",".join(EXTENSIONS),
        longest=following.LONGEST,
    )
