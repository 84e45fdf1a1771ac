"""Questions put to the actors of a territory: read by everybody, answered, concluded, printed."""

import hashlib
import json
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...core.actor import Actor
from ...core.config import settings
from ...core.errors import FORBIDDEN, Problem
from ...core.i18n import localized
from ...core.tx import Tx, transaction
from ...files import intake
from ...files.content import EXTENSIONS
from ...files.serving import served
from ...web import nav
from ...web.deps import AnyActor, Cursor, PageActor
from ...web.forms import Typed, attempt, hour_typed, read, refused, see_other, uuid_of, version_of
from ...web.middleware import MAX_BODY, make_room
from ...web.render import language_of, render
from ...web.uploads import Posted, closing, file_of
from ..dialogue import consulting, printed, queries
from ..dialogue.policy import RUNNERS
from ..dialogue.schemas import ConsultationIn, ContributionIn, SynthesisIn
from ..models import Committee, Consultation, ConsultationState
from ..schemas import WordsIn
from .parts import names, nested

router = APIRouter()
nav.entry("/consultations", "nav.consultations", None, 78)
make_room("POST", r"/consultations/[0-9a-f-]{36}/documents", lambda: settings().file_limit + MAX_BODY)
DONE = ("publish", "contribution", "conclude", "edit", "document", "create")


@router.get("/consultations")
def consultations_page(
    request: Request, actor: AnyActor, committee: str = "", cursor: Cursor = None
) -> Response:
    """Every question that the reader may see, those that close last first."""
    with transaction(actor) as tx:
        page = queries.consultations(tx, uuid_of(committee), cursor)
        named = names(tx, {one.province_code for one in page.items})
        return render(
            request,
            actor,
            "committees/consultations.html",
            rows=[(one, named[one.province_code]) for one in page.items],
            next=page.next,
            committee=str(uuid_of(committee) or ""),
            moment=tx.now,
        )


@router.get("/consultations/new")
def new_consultation_page(request: Request, actor: PageActor, committee: str = "") -> Response:
    """The form that writes a question down."""
    with transaction(actor) as tx:
        return _form(request, tx, uuid_of(committee))


@router.post("/committees/{committee_id}/consultations")
def create_consultation_form(
    request: Request, actor: PageActor, committee_id: UUID, typed: Typed
) -> Response:
    """Write it down; it is published from its own page."""
    return attempt(
        actor,
        lambda tx: consulting.create_consultation(tx, committee_id, _asked(typed)),
        lambda made: f"/consultations/{made.id}?done=create",
        lambda tx, refusal: _form(request, tx, committee_id, None, typed, refusal),
    )


@router.get("/consultations/{consultation_id}")
def consultation_page(request: Request, actor: AnyActor, consultation_id: UUID) -> Response:
    """The question, what to read before, one's answer, those of others as far as one may, the synthesis."""
    with transaction(actor) as tx:
        return _page(request, tx, consultation_id)


@router.get("/consultations/{consultation_id}/edit")
def edit_consultation_page(request: Request, actor: PageActor, consultation_id: UUID) -> Response:
    """The form of a draft; of a published question, its end."""
    with transaction(actor) as tx:
        one = tx.get(Consultation, consultation_id, "consultation.run")
        tx.recorded = True  # read under the right to write, nothing written
        return _form(request, tx, one.committee_id, one)


@router.post("/consultations/{consultation_id}/edit")
def edit_consultation_form(
    request: Request, actor: PageActor, consultation_id: UUID, typed: Typed
) -> Response:
    """Save it."""

    def again(tx: Tx, refusal: Problem) -> Response:
        one = tx.get(Consultation, consultation_id, "consultation.read")
        return _form(request, tx, one.committee_id, one, typed, refusal)

    def act(tx: Tx) -> None:
        consulting.edit_consultation(tx, consultation_id, _asked(typed), version_of(typed.get("version", "")))

    return attempt(actor, act, f"/consultations/{consultation_id}?done=edit", again)


@router.post("/consultations/{consultation_id}/publish")
def publish_consultation_form(
    request: Request, actor: PageActor, consultation_id: UUID, typed: Typed
) -> Response:
    """Put it to everybody."""
    return attempt(
        actor,
        lambda tx: consulting.publish_consultation(tx, consultation_id, version_of(typed.get("version", ""))),
        f"/consultations/{consultation_id}?done=publish",
        lambda tx, refusal: _page(request, tx, consultation_id, ("publish", typed, refusal)),
    )


@router.post("/consultations/{consultation_id}/contribution")
def contribute_form(request: Request, actor: PageActor, consultation_id: UUID, typed: Typed) -> Response:
    """Answer, or change one's answer."""

    def act(tx: Tx) -> None:
        asked = read(ContributionIn, nested({k: v for k, v in typed.items() if k != "version"}))
        known = version_of(typed["version"]) if typed.get("version") else None
        consulting.contribute(tx, consultation_id, asked, known)

    return attempt(
        actor,
        act,
        f"/consultations/{consultation_id}?done=contribution#mine",
        lambda tx, refusal: _page(request, tx, consultation_id, ("contribution", typed, refusal)),
    )


@router.post("/consultations/{consultation_id}/conclude")
def conclude_form(request: Request, actor: PageActor, consultation_id: UUID, typed: Typed) -> Response:
    """Publish the synthesis."""

    def act(tx: Tx) -> None:
        said = read(SynthesisIn, nested({k: v for k, v in typed.items() if k != "version"}))
        version = version_of(typed.get("version", ""))
        consulting.conclude_consultation(tx, consultation_id, said.synthesis.model_dump(), version)

    return attempt(
        actor,
        act,
        f"/consultations/{consultation_id}?done=conclude",
        lambda tx, refusal: _page(request, tx, consultation_id, ("conclude", typed, refusal)),
    )


@router.post("/consultations/{consultation_id}/documents")
def add_document_form(request: Request, actor: PageActor, consultation_id: UUID, sent: Posted) -> Response:
    """A document to read before answering, with its title in both languages."""
    kept, typed = None, {key: value for key, value in sent.multi_items() if isinstance(value, str)}
    with closing(sent):
        try:
            with transaction(actor) as tx:  # before anything is kept
                tx.get(Consultation, consultation_id, "consultation.run")
                tx.recorded = True
            title = read(WordsIn, nested(typed).get("title", {}))
            file = file_of(sent)
            kept = intake.keep(file.file, file.filename or "")
            with transaction(actor) as tx:
                consulting.add_document(tx, consultation_id, kept, title.model_dump())
        except Problem as refusal:
            if kept:
                intake.discard(kept)
            with transaction(actor) as tx:
                return _page(request, tx, consultation_id, ("document", typed, refusal))
    return see_other(f"/consultations/{consultation_id}?done=document")


@router.get("/consultations/{consultation_id}/documents/{file_id}")
def consultation_document(
    request: Request, actor: AnyActor, consultation_id: UUID, file_id: UUID
) -> Response:
    """The document itself, for whoever reads the question."""
    with transaction(actor) as tx:
        file = consulting.document(tx, consultation_id, file_id)
    return served(request, file)


@router.get("/consultations/{consultation_id}/synthesis.pdf")
def printed_synthesis(request: Request, actor: AnyActor, consultation_id: UUID) -> Response:
    """The question and its synthesis on paper, in the reader's language; 404 before it is published."""
    lang = language_of(request, actor)
    with transaction(actor) as tx:
        data, at = printed.data_of(tx, consultation_id, lang)
    tag = hashlib.sha256(json.dumps([lang, data], ensure_ascii=False).encode()).hexdigest()[:32]
    headers = {"ETag": f'"{tag}"', "Cache-Control": "private, no-cache", "Content-Language": lang}
    if f'"{tag}"' in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = f'inline; filename="consultation-{lang}.pdf"'
    return Response(printed.pdf(data, lang, at), media_type="application/pdf", headers=headers)


def _asked(typed: dict[str, str]) -> ConsultationIn:
    said = nested({key: value for key, value in typed.items() if key != "version"})
    for name in ("opens_at", "closes_at"):
        said[name] = hour_typed(typed.get(name, ""), name)
    return read(ConsultationIn, said)


def _form(
    request: Request,
    tx: Tx,
    committee_id: UUID | None,
    one: Consultation | None = None,
    typed: dict[str, str] | None = None,
    refusal: Problem | None = None,
) -> Response:
    answer = refused(refusal, request, tx.actor, **{"": "closes_at"})
    committee = tx.get(Committee, committee_id, "committee.read")
    if not tx.actor.provinces(*RUNNERS) & {committee.province_code, None}:
        raise FORBIDDEN(rule="consultation.run")
    return render(
        request,
        tx.actor,
        "committees/consultation_form.html",
        **answer,
        committee=committee,
        one=one,
        frozen=one is not None and one.state is not ConsultationState.DRAFT,
        typed=typed or (_typed(one) if one else {}),
    )


def _typed(one: Consultation) -> dict[str, Any]:
    from ...core.calendar import local

    return {
        **{f"question.{lang}": localized(lang, one.question) for lang in ("fr", "ar")},
        **{f"context.{lang}": localized(lang, one.context) for lang in ("fr", "ar")},
        "opens_at": f"{local(one.opens_at):%Y-%m-%dT%H:%M}",
        "closes_at": f"{local(one.closes_at):%Y-%m-%dT%H:%M}",
        "version": str(one.version),
    }


Again = tuple[str, dict[str, str], Problem]


def _page(request: Request, tx: Tx, consultation_id: UUID, again: Again | None = None) -> Response:
    """`again`: the form that was refused, what was typed, and why."""
    form, typed, refusal = again or ("", {}, None)
    answer = refused(refusal, request, tx.actor, fr="title.fr", ar="title.ar")
    actor: Actor = tx.actor
    one = tx.get(Consultation, consultation_id, "consultation.read")
    committee = tx.get(Committee, one.committee_id, "committee.read")
    found = queries.contributions(tx, consultation_id)
    mine = queries.mine(tx, consultation_id)
    runs = actor.is_authenticated and tx.may(["consultation.run"], one)["consultation.run"]
    done = request.query_params.get("done", "")
    followed = queries.of_consultation(tx, consultation_id) if actor.is_authenticated else []
    return render(
        request,
        actor,
        "committees/consultation.html",
        **answer,
        one=one,
        committee=committee,
        documents=queries.documents(tx, consultation_id),
        answerable=consulting.answerable(one, tx.now),
        over=one.closes_at <= tx.now,
        moment=tx.now,
        mine=mine,
        others=[other for other in found if mine is None or other.id != mine.id],
        standings=queries.by_standing(found),
        actions=followed,
        runs=runs,
        form=form,
        typed=typed,
        accept=",".join(EXTENSIONS),
        done=done if done in DONE else "",
    )
