"""Versions of a call: what changed, for everybody; errata and extensions, for the province's officers."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from backend.core.actor import Actor
from backend.core.calendar import local
from backend.core.errors import FORBIDDEN, INVALID, FieldError, Problem
from backend.core.tx import Tx, transaction
from backend.web.deps import AnyActor, PageActor
from backend.web.forms import Typed, read, refused, see_other, version_of
from backend.web.render import language_of, render

from .. import commands, queries
from ..callfile import CallFileInvalid
from ..callfile.types import read_hour
from ..editor.text import dump
from ..lifecycle import has_deposits, phase
from ..models import Call, VersionKind
from ..rules.values import ValueIssue
from ..schemas import WordsIn
from .faults import listed_faults

router = APIRouter()


@router.get("/calls/{code}/versions")
def versions_page(request: Request, actor: AnyActor, code: str) -> Response:
    """Every version of a call, the latest first: when, why, and what it changed."""
    with transaction(actor) as tx:
        call = queries.by_code(tx, code)
        found = queries.editions(tx, call)
        return render(
            request, actor, "calls/versions.html", call=call, phase=phase(call, tx.now), editions=found
        )


@router.get("/das/calls/{call_id}/extend")
def extend_page(request: Request, actor: PageActor, call_id: UUID) -> Response:
    """Where a call is prolonged."""
    with transaction(actor) as tx:
        call = _amendable(tx, call_id)
        typed = {"version": str(call.version), "closes_at": f"{local(call.closes_at):%Y-%m-%dT%H:%M}"}
        return _extend_form(request, actor, tx, call, typed)


@router.post("/das/calls/{call_id}/extend")
def extend(request: Request, actor: PageActor, call_id: UUID, typed: Typed) -> Response:
    """Close later; everyone with a dossier is told."""
    try:
        reason = _reason(typed)
        closes_at = _hour(typed.get("closes_at", ""))
        with transaction(actor) as tx:
            commands.extend(tx, call_id, closes_at, reason, version_of(typed.get("version", "")))
    except Problem as refusal:
        with transaction(actor) as tx:
            return _extend_form(request, actor, tx, tx.get(Call, call_id, "call.read"), typed, refusal)
    return see_other(f"/das/calls/{call_id}")


@router.get("/das/calls/{call_id}/erratum")
def erratum_page(request: Request, actor: PageActor, call_id: UUID) -> Response:
    """Where a call is corrected: its whole text, to change what must be."""
    with transaction(actor) as tx:
        call = _amendable(tx, call_id)
        typed = {"version": str(call.version), "source": dump(call.definition)}
        return _erratum_form(request, actor, tx, call, typed)


@router.post("/das/calls/{call_id}/erratum")
def erratum(request: Request, actor: PageActor, call_id: UUID, typed: Typed) -> Response:
    """Publish the corrected text as the next version, or give it back with what is wrong."""
    source = typed["source"] = typed.get("source", "").replace("\r\n", "\n")
    try:
        with transaction(actor) as tx:
            tx.get(Call, call_id, "call.read")
        reason = _reason(typed)
        file = commands.read_source(source)
        with transaction(actor) as tx:
            version = version_of(typed.get("version", ""))
            commands.amend(tx, call_id, file, VersionKind.ERRATUM, reason, version)
    except (Problem, CallFileInvalid) as wrong:
        with transaction(actor) as tx:
            call = tx.get(Call, call_id, "call.read")
            return _erratum_form(request, actor, tx, call, typed, wrong)
    return see_other(f"/das/calls/{call_id}")


def _amendable(tx: Tx, call_id: UUID) -> Call:
    call = tx.get(Call, call_id, "call.read")
    if not tx.may(["call.amend"], call)["call.amend"]:
        raise FORBIDDEN(rule="call.amend")
    return call


def _reason(typed: Typed) -> dict[str, str]:
    said = {lang: typed.get(f"reason_{lang}", "") for lang in ("fr", "ar")}
    try:
        return read(WordsIn, said).model_dump()
    except Problem as wrong:
        raise INVALID(
            [FieldError(f"reason.{error.field}", error.code, error.params) for error in wrong.errors]
        ) from None


def _hour(text: str) -> Any:
    try:
        return read_hour(text.strip().replace("T", " ")[:16])
    except ValueIssue as issue:
        code = issue.code if issue.code in ("hour_missing", "hour_twice") else "check_hour"
        raise INVALID([FieldError("closes_at", code if text.strip() else "missing")]) from None


FIELDS = {"reason.fr": "reason_fr", "reason.ar": "reason_ar"}


def _extend_form(
    request: Request, actor: Actor, tx: Tx, call: Call, typed: dict[str, str], refusal: Problem | None = None
) -> Response:
    return render(
        request,
        actor,
        "calls/das_extend.html",
        call=call,
        phase=phase(call, tx.now),
        typed=typed,
        **refused(refusal, request, actor, **FIELDS),
    )


def _erratum_form(
    request: Request,
    actor: Actor,
    tx: Tx,
    call: Call,
    typed: dict[str, str],
    wrong: Problem | CallFileInvalid | None = None,
) -> Response:
    invalid = wrong if isinstance(wrong, CallFileInvalid) else None
    shown = refused(wrong if isinstance(wrong, Problem) else None, request, actor, **FIELDS)
    if invalid:
        shown["status"] = 422
    # what may not change so is a part of the text
    reasons = set(FIELDS.values())
    shown["errors"] = [(field if field in reasons else "source", words) for field, words in shown["errors"]]
    return render(
        request,
        actor,
        "calls/das_erratum.html",
        call=call,
        phase=phase(call, tx.now),
        typed=typed,
        deposited=has_deposits(tx, call),
        faults=listed_faults(invalid, typed["source"], language_of(request, actor)),
        count=len(invalid.issues) if invalid else 0,
        **shown,
    )
