"""Minutes as pages: drawn from the record, signed, corrected; and the check that anybody may make."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlalchemy import func, select
from starlette.responses import Response

from ..committees.models import Committee, CommitteeSession, Minutes, Signature
from ..core.errors import NOT_FOUND, Problem
from ..core.tx import Tx, transaction
from ..files import store
from ..files.models import StoredFile
from ..files.serving import PROTECTED, disposition
from ..web.deps import AnyActor, PageActor
from ..web.forms import refused
from ..web.render import language_of, render
from . import minutes
from .minutes import printed, reading, signing
from .minutes.record import record_of
from .minutes.told import Told

router = APIRouter()


@router.get("/sessions/{session_id}/minutes")
def minutes_page(request: Request, actor: PageActor, session_id: UUID) -> Response:
    """The minutes, written by the records themselves."""
    with transaction(actor) as tx:
        return minutes_view(request, tx, session_id)


@router.get("/sessions/{session_id}/minutes.pdf")
def minutes_pdf(request: Request, actor: PageActor, session_id: UUID) -> Response:
    """In the reader's language: as issued, with the signatures since; an extract for who was recused."""
    lang = language_of(request, actor)
    with transaction(actor) as tx:
        found = minutes.current(tx, session_id)
        if found is None:
            raise NOT_FOUND(thing="minutes")
        shown = minutes.shown(tx, found)
        if shown.extract or shown.signatures:
            content = printed.pdf(
                shown.record, found.record_sha256, lang, found.id, shown.signatures, extract=shown.extract
            )
        else:
            kept = found.file_ar_id if lang == "ar" else found.file_fr_id
            content = b"".join(store.read(store.file_path(kept)))
    name = f"{found.number}-v{found.version}-{lang}.pdf"
    headers = PROTECTED | {"Content-Disposition": disposition("inline", name)}
    return Response(content, media_type="application/pdf", headers=headers)


@router.get("/minutes/{minutes_id}")
def check_minutes(
    request: Request, actor: AnyActor, minutes_id: UUID, sha256: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    """Anybody: are these minutes ours, in force, unaltered? Their content is for those who may read them."""
    with transaction(actor) as tx:
        asked = select(Minutes).where(Minutes.id == minutes_id)
        found = tx.session.scalars(tx.visible(asked, "minutes.check")).one_or_none()
        if found is None:
            raise NOT_FOUND(thing="minutes")
        session = tx.session.get_one(CommitteeSession, found.session_id)
        signed = select(func.count()).where(Signature.minutes_id == minutes_id)
        files = select(StoredFile.sha256).where(StoredFile.id.in_([found.file_fr_id, found.file_ar_id]))
        known = {found.record_sha256, *tx.session.scalars(files)}
        plain = "".join(sha256.lower().split())
        return render(
            request,
            actor,
            "decisions/minutes_check.html",
            minutes=found,
            session=session,
            committee=tx.session.get_one(Committee, session.committee_id),
            signed=tx.session.scalar(signed),
            sha256=sha256,
            matches=plain in known if plain else None,
        )


def minutes_view(
    request: Request,
    tx: Tx,
    session_id: UUID,
    typed: dict[str, str] | None = None,
    refusal: Problem | None = None,
) -> Response:
    """The page: the record in force, or what it would be if the session ended now."""
    answer = refused(refusal, request, tx.actor)
    lang = language_of(request, tx.actor)
    session = tx.get(CommitteeSession, session_id, "session.read")
    found = minutes.current(tx, session_id)
    if found is None:
        record = record_of(tx, session) | {"number": "", "version": 0, "seal": None, "replaces": None}
        hidden = reading.hidden_files(tx, record)
        shown = None
        record = reading.redacted(record, hidden) if hidden else record
    else:
        shown = minutes.shown(tx, found)
        record = shown.record
    capacity = (
        minutes.capacity_of(tx, found) if found and tx.may(["minutes.sign"], found)["minutes.sign"] else None
    )
    mine = [one for one in shown.signatures if one.signature.person_id == tx.actor.id] if shown else []
    return render(
        request,
        tx.actor,
        "decisions/minutes.html",
        **answer,
        session=session,
        committee=tx.session.get_one(Committee, session.committee_id),
        record=record,
        told=Told(record, lang),
        minutes=found,
        reading=shown,
        capacity=capacity[0] if capacity and not mine else None,
        lacking=sorted(signing.lacking(tx, found)) if found else [],
        versions=reading.versions(tx, session_id) if found else [],
        corrects=bool(found) and tx.may(["minutes.issue"], found)["minutes.issue"],
        typed=typed or {},
    )
