"""The officers' side: requests to answer, what is due by law; the page that says it to a holder."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.responses import Response

from ...applications import search
from ...applications.models import Application
from ...core.calendar import local
from ...core.config import settings
from ...core.errors import INVALID, FieldError, Problem
from ...core.tx import Tx, transaction
from ...files import intake
from ...files.content import EXTENSIONS
from ...files.serving import served
from ...people.models import Role
from ...people.policy import OVERSEERS
from ...territory.models import Province
from ...web import nav
from ...web.deps import Cursor, EntryActor, PageActor
from ...web.forms import Typed, attempt, read, refused, see_other, version_of
from ...web.middleware import MAX_BODY, make_room
from ...web.render import render
from ...web.uploads import Posted, closing, file_of
from .. import answering, clocks, printed, reading
from ..models import InformationRequest, InformationState, RefusalGround
from ..schemas import LONGEST, LONGEST_ANSWER, AnswerIn, ExtensionIn, RefusalIn

router = APIRouter()
nav.entry("/information-requests", "nav.information_requests", {Role.OFFICER}, 56, others=OVERSEERS)
nav.entry("/das/clocks", "nav.clocks", {Role.OFFICER}, 57, others=OVERSEERS)
make_room("POST", r"/information-requests/[0-9a-f-]{36}/documents", lambda: settings().file_limit + MAX_BODY)


@router.get("/information-requests")
def information_requests_page(
    request: Request, actor: EntryActor, state: str = "received", cursor: Cursor = None
) -> Response:
    """Those of her province, the first due first."""
    wanted = InformationState(state) if state in set(InformationState) else None
    with transaction(actor) as tx:
        page = reading.listed(tx, wanted, cursor, 30)
        return render(
            request,
            actor,
            "obligations/requests.html",
            requests=page.items,
            states=list(InformationState),
            state=wanted or "",
            today=local(tx.now).date(),
            next=f"/information-requests?state={wanted or 'all'}&cursor={page.next}" if page.next else None,
        )


@router.get("/information-requests/{request_id}")
def information_request_page(request: Request, actor: PageActor, request_id: UUID) -> Response:
    """One request: for her who asked its answer, for the officers the forms that give it."""
    with transaction(actor) as tx:
        return _page(request, tx, request_id)


@router.post("/information-requests/{request_id}/documents")
def information_document_form(request: Request, actor: PageActor, request_id: UUID, sent: Posted) -> Response:
    """A document of the answer, examined and scanned before any row speaks of it."""
    file_kept = None
    with closing(sent):
        try:
            with transaction(actor) as tx:  # before anything is kept
                tx.get(InformationRequest, request_id, answering.MAY)
                tx.recorded = True
            file = file_of(sent)
            file_kept = intake.keep(file.file, file.filename or "")
            with transaction(actor) as tx:
                answering.add_document(tx, request_id, file_kept)
        except Problem as refusal:
            if file_kept:
                intake.discard(file_kept)
            with transaction(actor) as tx:
                return _page(request, tx, request_id, "documents", {}, refusal)
    return see_other(f"/information-requests/{request_id}?done=document")


@router.get("/information-requests/{request_id}/documents/{file_id}")
def information_request_document(
    request: Request, actor: PageActor, request_id: UUID, file_id: UUID
) -> Response:
    """The document itself; before the answer only for who prepares it."""
    with transaction(actor) as tx:
        asked = tx.get(InformationRequest, request_id, "information_request.read")
        drafts = tx.may([answering.MAY], asked)[answering.MAY]
        file = reading.document(tx, asked, file_id, drafts)
    return served(request, file)


@router.post("/information-requests/{request_id}/{verb}")
def information_step_form(
    request: Request, actor: PageActor, request_id: UUID, verb: str, typed: Typed
) -> Response:
    """Answer, refuse or extend; a refusal shows the same page with what was typed."""

    def act(tx: Tx) -> object:
        if verb not in ACTS:
            tx.get(InformationRequest, request_id, "information_request.read")
            raise INVALID([FieldError("verb", "invalid")])
        return ACTS[verb](tx, request_id, typed, version_of(typed.get("version", "")))

    return attempt(
        actor,
        act,
        f"/information-requests/{request_id}?done={verb}",
        lambda tx, refusal: _page(request, tx, request_id, verb, typed, refusal),
    )


def _refuse(tx: Tx, key: UUID, typed: dict[str, str], version: int) -> object:
    given = read(RefusalIn, {"ground": typed.get("ground", ""), "answer": typed.get("answer", "")})
    return answering.refuse(tx, key, given.ground, given.answer, version)


ACTS: dict[str, Callable[[Tx, UUID, dict[str, str], int], object]] = {
    "answer": lambda tx, key, typed, version: answering.answer(
        tx, key, read(AnswerIn, {"answer": typed.get("answer", "")}).answer, version
    ),
    "refuse": _refuse,
    "extend": lambda tx, key, typed, version: answering.extend(
        tx, key, read(ExtensionIn, {"reason": typed.get("reason", "")}).reason, version
    ),
}
"""By the word at the end of the form's address."""


@router.get("/das/clocks")
def clocks_page(request: Request, actor: EntryActor, clock: str = "", due: str = "") -> Response:
    """What is due by law, the first due first; for overseers the counts of each province."""
    chosen = clocks.BY_CODE.get(clock)
    only = search.Due(due) if due in set(search.Due) else None
    with transaction(actor) as tx:
        overseer = bool(actor.provinces(*OVERSEERS))
        counted = clocks.counts(tx, rules=not overseer)
        held = sorted({province for of in counted.values() for province in of})
        names = {
            one.code: one.name for one in tx.session.scalars(select(Province).where(Province.code.in_(held)))
        }
        return render(
            request,
            actor,
            "obligations/clocks.html",
            due=clocks.due(tx, [chosen] if chosen else clocks.CLOCKS, ahead=60, only=only),
            only=only or "",
            spans=[one.value for one in search.Due],
            clocks=list(clocks.BY_CODE),
            clock=chosen.code if chosen else "",
            counts=counted,
            provinces=names,
            overseer=overseer,
        )


@router.get("/applications/{application_id}/answer-due")
def answer_due_page(request: Request, actor: PageActor, application_id: UUID) -> Response:
    """By when the administration must decide on a dossier, since when, and what to do if it does not."""
    with transaction(actor) as tx:
        application = tx.get(Application, application_id, "application.read")
        answer = clocks.answer_due(tx, application)
        return render(
            request,
            actor,
            "obligations/answer_due.html",
            application=application,
            answer=answer,
            law=clocks.DECISION_DAYS,
            today=local(tx.now).date(),
        )


def _page(
    request: Request,
    tx: Tx,
    request_id: UUID,
    verb: str = "",
    typed: dict[str, str] | None = None,
    refusal: Problem | None = None,
) -> Response:
    answer = refused(refusal, request, tx.actor)
    asked = tx.get(InformationRequest, request_id, "information_request.read")
    may = tx.may([answering.MAY], asked)[answering.MAY]
    hers = asked.person_id is not None and asked.person_id == tx.actor.id
    context: dict[str, Any] = {
        "asked": asked,
        "may": may,
        "who": may or hers,
        "waits": asked.state is InformationState.RECEIVED,
        "files": reading.files_of(tx, asked) if may or asked.answered_at else [],
        "province": reading.province_of(tx, asked),
        "grounds": list(RefusalGround),
        "today": local(tx.now).date(),
        "verb": verb,
        "typed": typed or {},
        "done": request.query_params.get("done", ""),
        "accept": ",".join(EXTENSIONS),
        "longest": LONGEST,
        "longest_answer": LONGEST_ANSWER,
        "rights": printed.RIGHTS,
        "wrong": dict(answer["errors"]),
    }
    return render(request, tx.actor, "obligations/request.html", **answer, **context)
