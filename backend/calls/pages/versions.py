"""Versions of a call: what changed, for everybody; an extension, for the province's officers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from backend.core.actor import Actor
from backend.core.calendar import local
from backend.core.errors import FORBIDDEN, INVALID, FieldError, Problem
from backend.core.tx import Tx, transaction
from backend.web.deps import AnyActor, PageActor
from backend.web.forms import Typed, refused, see_other, version_of
from backend.web.render import render

from .. import commands, queries
from ..callfile.cautions import cautions
from ..callfile.types import read_hour
from ..differences import Change, differences
from ..editor.faults import Fault, located
from ..lifecycle import phase, readers_of_amendment
from ..models import Call
from ..rules.values import ValueIssue
from .acting import rehearsed
from .reasons import FIELDS, reason_of

router = APIRouter()


@dataclass(frozen=True)
class Extended:
    """What an extension changes, how many it would tell, and what deserves a second look."""

    changes: list[Change]
    readers: int
    cautions: list[Fault]


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
    """First what would change and who would be told; then, confirmed, the later closing."""
    if "back" in typed:
        with transaction(actor) as tx:
            return _extend_form(request, actor, tx, _amendable(tx, call_id), typed)

    def act(tx: Tx) -> Extended:
        call = tx.get(Call, call_id, "call.read")
        before = queries.definition(call)
        closes_at = _hour(typed.get("closes_at", ""))
        version = version_of(typed.get("version", ""))
        after = commands.extend(tx, call_id, closes_at, reason_of(typed), version)
        becomes = queries.definition(after)
        warned = [one for one in located(cautions(becomes)) if one.path == "closes_at"]
        return Extended(differences(before, becomes), readers_of_amendment(tx, after), warned)

    try:
        if "confirmed" in typed:
            with transaction(actor) as tx:
                act(tx)
            return see_other(f"/das/calls/{call_id}")
        found = rehearsed(actor, act)
    except Problem as refusal:
        with transaction(actor) as tx:
            return _extend_form(request, actor, tx, tx.get(Call, call_id, "call.read"), typed, refusal)
    with transaction(actor) as tx:
        call = tx.get(Call, call_id, "call.read")
    return render(
        request, actor, "calls/das_extend_confirm.html",
        call=call, found=found, typed=typed, closes_at=_hour(typed["closes_at"]),
    )  # fmt: skip


def _amendable(tx: Tx, call_id: UUID) -> Call:
    call = tx.get(Call, call_id, "call.read")
    if not tx.may(["call.amend"], call)["call.amend"]:
        raise FORBIDDEN(rule="call.amend")
    return call


def _hour(text: str) -> datetime:
    try:
        return read_hour(text.strip().replace("T", " ")[:16])
    except ValueIssue as issue:
        code = issue.code if issue.code in ("hour_missing", "hour_twice") else "check_hour"
        raise INVALID([FieldError("closes_at", code if text.strip() else "missing")]) from None


def _extend_form(
    request: Request, actor: Actor, tx: Tx, call: Call, typed: dict[str, Any], refusal: Problem | None = None
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
