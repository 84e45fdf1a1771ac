"""Appeals as pages: the holder's form and her appeal's steps; the officer's list and each step's form."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ..core.config import settings
from ..core.errors import INVALID, FieldError, Problem
from ..core.money import MoneyError, parse_money
from ..core.tx import Tx, transaction
from ..files import intake
from ..files.content import EXTENSIONS
from ..files.serving import served
from ..people.models import Role
from ..people.policy import OVERSEERS
from ..web import nav
from ..web.deps import Cursor, PageActor
from ..web.forms import Typed, attempt, refused, see_other, uuid_typed, version_of
from ..web.middleware import MAX_BODY, make_room
from ..web.render import render
from ..web.uploads import Posted, closing, file_of
from .appeals import filing, reading, settling, studying
from .conditions.terms import MOST, terms_typed
from .models import Appeal, AppealState, DecisionOutcome

router = APIRouter()
nav.entry(
    "/appeals",
    "nav.appeals",
    {Role.OFFICER, Role.CHAIR},
    55,
    others=(*OVERSEERS, Role.HOLDER, Role.EVALUATOR),
)
make_room("POST", r"/appeals/[0-9a-f-]{36}/documents", lambda: settings().file_limit + MAX_BODY)


@router.get("/appeals")
def appeals_page(request: Request, actor: PageActor, state: str = "", cursor: Cursor = None) -> Response:
    """Those that the reader may see, the latest first."""
    wanted = AppealState(state) if state in set(AppealState) else None
    with transaction(actor) as tx:
        page = reading.listed(tx, wanted, cursor, 30)
        more = f"&state={wanted}" if wanted else ""
        return render(
            request,
            actor,
            "decisions/appeals.html",
            appeals=page.items,
            dossiers=reading.dossiers_of(tx, page.items),
            states=list(AppealState),
            state=wanted or "",
            next=f"/appeals?cursor={page.next}{more}" if page.next else None,
        )


@router.get("/applications/{application_id}/appeal")
def appeal_form_page(request: Request, actor: PageActor, application_id: UUID) -> Response:
    """The form to contest the decision on a dossier."""
    with transaction(actor) as tx:
        return _form(request, tx, application_id)


@router.post("/applications/{application_id}/appeal")
def appeal_form(request: Request, actor: PageActor, application_id: UUID, typed: Typed) -> Response:
    """Contest it; documents are added on the appeal's own page."""

    def act(tx: Tx) -> Appeal:
        decision = reading.contested(tx, application_id)
        return filing.file_appeal(tx, decision.id, typed.get("reasons", ""))

    return attempt(
        actor,
        act,
        lambda made: f"/appeals/{made.id}?done=filed",
        lambda tx, refusal: _form(request, tx, application_id, typed, refusal),
    )


@router.get("/appeals/{appeal_id}")
def appeal_page(request: Request, actor: PageActor, appeal_id: UUID) -> Response:
    """Its steps, its reasons and documents, its outcome; for the administration, what comes next."""
    with transaction(actor) as tx:
        return _page(request, tx, appeal_id)


@router.post("/appeals/{appeal_id}/documents")
def appeal_document_form(request: Request, actor: PageActor, appeal_id: UUID, sent: Posted) -> Response:
    """A document of the holder's, examined and scanned before any row speaks of it."""
    kept = None
    with closing(sent):
        try:
            with transaction(actor) as tx:  # before anything is kept
                tx.get(Appeal, appeal_id, "appeal.file")
                tx.recorded = True
            file = file_of(sent)
            kept = intake.keep(file.file, file.filename or "")
            with transaction(actor) as tx:
                filing.add_document(tx, appeal_id, kept)
        except Problem as refusal:
            if kept:
                intake.discard(kept)
            with transaction(actor) as tx:
                return _page(request, tx, appeal_id, "documents", {}, refusal)
    return see_other(f"/appeals/{appeal_id}?done=document")


@router.get("/appeals/{appeal_id}/documents/{file_id}")
def appeal_document(request: Request, actor: PageActor, appeal_id: UUID, file_id: UUID) -> Response:
    """The document itself, for whoever reads the appeal."""
    with transaction(actor) as tx:
        file = reading.document(tx, appeal_id, file_id)
    return served(request, file)


@router.post("/appeals/{appeal_id}/{verb}")
def appeal_step_form(
    request: Request, actor: PageActor, appeal_id: UUID, verb: str, typed: Typed
) -> Response:
    """One step; a refusal shows the same page with what was typed."""

    def act(tx: Tx) -> object:
        if verb not in ACTS:
            tx.get(Appeal, appeal_id, "appeal.read")
            raise INVALID([FieldError("verb", "invalid")])
        return ACTS[verb](tx, appeal_id, typed, version_of(typed.get("version", "")))

    return attempt(
        actor,
        act,
        f"/appeals/{appeal_id}?done={verb}",
        lambda tx, refusal: _page(request, tx, appeal_id, verb, typed, refusal),
    )


def _put(tx: Tx, appeal_id: UUID, typed: dict[str, str], version: int) -> object:
    outcome = typed.get("outcome", "")
    if outcome not in set(DecisionOutcome):
        raise INVALID([FieldError("outcome", "enum" if outcome else "missing")])
    try:
        amount = parse_money(typed["amount"]) if typed.get("amount", "").strip() else 0
    except MoneyError as unread:
        raise INVALID([FieldError("amount", unread.code)]) from None
    terms = terms_typed(typed) if outcome == DecisionOutcome.CONDITIONAL else None
    return settling.put(tx, appeal_id, DecisionOutcome(outcome), amount, version, terms)


ACTS: dict[str, Callable[[Tx, UUID, dict[str, str], int], object]] = {
    "withdraw": lambda tx, key, _, version: filing.withdraw(tx, key, version),
    "assign": lambda tx, key, typed, version: studying.assign(
        tx, key, uuid_typed(typed.get("person", ""), "person"), version
    ),
    "report": lambda tx, key, typed, version: studying.report(tx, key, typed.get("report", ""), version),
    "schedule": lambda tx, key, typed, version: settling.schedule(
        tx, key, uuid_typed(typed.get("session", ""), "session"), version
    ),
    "put": _put,
    "settle": lambda tx, key, typed, version: settling.settle(
        tx, key, {lang: typed.get(f"answer.{lang}", "") for lang in ("fr", "ar")}, version
    ),
}
"""By the word at the end of the form's address."""


def _form(
    request: Request,
    tx: Tx,
    application_id: UUID,
    typed: dict[str, str] | None = None,
    refusal: Problem | None = None,
) -> Response:
    answer = refused(refusal, request, tx.actor)
    decision = reading.contested(tx, application_id)
    return render(
        request,
        tx.actor,
        "decisions/appeal_form.html",
        **answer,
        wrong=dict(answer["errors"]),
        decision=decision,
        application=decision.application,
        right=reading.right(tx, decision),
        longest=filing.LONGEST,
        typed=typed or {},
    )


def _page(
    request: Request,
    tx: Tx,
    appeal_id: UUID,
    verb: str = "",
    typed: dict[str, str] | None = None,
    refusal: Problem | None = None,
) -> Response:
    answer = refused(refusal, request, tx.actor)
    seen = reading.seen(tx, appeal_id)
    reported = seen.appeal.state is AppealState.REPORTED and seen.may["appeal.run"]
    waiting = seen.appeal.state in (AppealState.FILED, AppealState.ASSIGNED)
    more: dict[str, Any] = {
        "candidates": reading.candidates(tx, seen.appeal) if waiting and seen.may["appeal.assign"] else [],
        "sessions": (
            reading.coming_sessions(tx, seen.appeal) if reported and not seen.appeal.session_id else []
        ),
        "moot": seen.decision.state != "adopted",
    }
    return render(
        request,
        tx.actor,
        "decisions/appeal.html",
        **answer,
        **more,
        wrong=dict(answer["errors"]),
        seen=seen,
        appeal=seen.appeal,
        verb=verb,
        typed=typed or {},
        done=request.query_params.get("done", ""),
        accept=",".join(EXTENSIONS),
        longest=filing.LONGEST,
        most=MOST,
    )
