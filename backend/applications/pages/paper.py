"""Dossiers taken on paper, from a spreadsheet, without a script: send, look, take over."""

import base64
import json
import zlib
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import defer
from starlette.datastructures import UploadFile
from starlette.responses import Response

from ...calls.models import Call
from ...core.actor import Actor
from ...core.errors import INVALID, FieldError, Problem
from ...core.i18n import label
from ...core.tx import transaction
from ...people.roster import reader
from ...people.roster.told import message
from ...web.deps import PageActor
from ...web.forms import refused, see_other
from ...web.language import language_of
from ...web.render import render
from .. import paper
from .parts import Form

router = APIRouter(prefix="/das/calls/{call_id}/paper")
MOST_UNPACKED = 4_000_000


async def _sent(request: Request) -> bytes:
    """The file of the form; empty when none was chosen."""
    async with request.form(max_fields=20, max_files=1) as form:
        file = form.get("file")
        return await file.read() if isinstance(file, UploadFile) else b""


Sent = Annotated[bytes, Depends(_sent)]


@router.get("")
def show_paper(request: Request, actor: PageActor, call_id: UUID) -> Response:
    """What a list of paper dossiers must say."""
    return _page(request, actor, call_id)


@router.post("")
def look_at_paper(request: Request, actor: PageActor, call_id: UUID, content: Sent) -> Response:
    """What the list would do; nothing is written yet."""
    try:
        if not content:
            raise INVALID([FieldError("file", "missing")])
        rows = [[_scalar(cell) for cell in row] for row in reader.cells(content)]
        with transaction(actor) as tx:
            found = paper.plan(tx, call_id, rows)
    except Problem as refusal:
        return _page(request, actor, call_id, refusal)
    return _page(request, actor, call_id, plan=found, kept=packed(rows))


@router.post("/take")
def take_paper(request: Request, actor: PageActor, call_id: UUID, form: Form) -> Response:
    """Begin a dossier for each sound line, if they still are those that were shown."""
    try:
        rows = _unpacked(str(form.get("kept") or ""))
        with transaction(actor) as tx:
            paper.take(tx, call_id, rows, str(form.get("seen") or ""))
    except Problem as refusal:
        return _page(request, actor, call_id, refusal)
    return see_other(f"/das/calls/{call_id}/applications?filing=paper&state=draft")


def _page(
    request: Request, actor: Actor, call_id: UUID, refusal: Problem | None = None, **known: Any
) -> Response:
    with transaction(actor) as tx:
        call = tx.get(Call, call_id, "call.read", options=(defer(Call.definition),))
        tx.allow("call.screen", call)
    lang = language_of(request, actor)
    found: paper.Plan | None = known.get("plan")
    return render(
        request,
        actor,
        "applications/das_paper.html",
        call=call,
        plan=found,
        kept=known.get("kept", ""),
        faults=[(one, label(lang, f"column.{one.column}"), message(lang, one)) for one in found.faults]
        if found
        else [],
        columns=[label(lang, f"column.{name}") for name in paper.COLUMNS],
        most=paper.MOST,
        **refused(refusal, request, actor),
    )


def _scalar(cell: object) -> object:
    if isinstance(cell, date | datetime):
        return cell.isoformat()
    return cell if isinstance(cell, str | int | float) or cell is None else str(cell)


def packed(rows: reader.Rows) -> str:
    """The rows on their way to the next step, where they are read as if they came from anybody."""
    return base64.b64encode(zlib.compress(json.dumps(rows, ensure_ascii=False).encode(), 9)).decode()


def _unpacked(kept: str) -> reader.Rows:
    try:
        packed = base64.b64decode(kept.encode(), validate=True)
        rows = json.loads(zlib.decompressobj().decompress(packed, MOST_UNPACKED))
    except (ValueError, zlib.error, RecursionError):
        raise INVALID([FieldError("file", "missing")]) from None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise INVALID([FieldError("file", "missing")])
    return [[_scalar(cell) for cell in row[: reader.MOST_COLUMNS]] for row in rows[: reader.MOST_ROWS]]
