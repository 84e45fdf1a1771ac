"""« Mes données » (law 09-08): what is held of oneself, to read and to take away, and being erased."""

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.encoders import jsonable_encoder

from ...core.actor import Actor
from ...core.calendar import format_datetime
from ...core.errors import Problem
from ...core.i18n import DIRECTIONS, has, label, localized
from ...core.tx import transaction
from ...web.deps import PageActor
from ...web.forms import Typed, read
from ...web.render import render
from .. import commands, queries
from ..cookies import drop_session
from ..holdings import Part, blockers
from ..schemas import EraseIn
from . import parts

router = APIRouter(prefix="/me/data")


@router.get("")
def show_data(request: Request, actor: PageActor) -> Response:
    return _page(request, actor)


@router.post("/export.zip")
def export_zip(request: Request, actor: PageActor) -> Response:
    """Everything in two files: one for programs, one to read."""
    lang = parts.words_of(request, actor)
    with transaction(actor) as tx:
        person, held = commands.export_me(tx)
        kept = {part.code: jsonable_encoder([dict(row) for row in part.rows]) for part in held}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mes-donnees.json", json.dumps(kept, ensure_ascii=False, indent=2))
        archive.writestr("mes-donnees.html", _readable(person.name, held, lang))
    headers = {"content-disposition": 'attachment; filename="mes-donnees.zip"'}
    return Response(file.getvalue(), media_type="application/zip", headers=headers)


@router.post("/erase")
def erase(request: Request, actor: PageActor, typed: Typed) -> Response:
    try:
        given = read(EraseIn, {"password": typed.get("password", "")[:200]})
        with transaction(actor) as tx:
            commands.erase_me(tx, given)
    except Problem as refusal:
        return _page(request, actor, erasing=True, **parts.refused(refusal, request, actor))
    response = parts.see_other("/sign-in?erased=1")
    drop_session(response)
    return response


def _page(request: Request, actor: Actor, **context: Any) -> Response:
    with transaction(actor) as tx:
        person = queries.me(tx)
        reasons = blockers(tx, person)
    known: dict[str, Any] = parts.ACCEPTED | {"erasing": False} | context
    return render(request, actor, "people/data.html", person=person, reasons=reasons, **known)


def _readable(name: str, held: list[Part], lang: str) -> str:
    """A page of its own, readable without the platform."""
    title = escape(str(label(lang, "holding.title")))
    body = "".join(_section(part, lang) for part in held)
    return (
        f'<!DOCTYPE html><html lang="{lang}" dir="{DIRECTIONS[lang]}"><head><meta charset="utf-8">'
        f"<title>{title}</title></head><body><h1>{title}</h1><p>{escape(name)}</p>{body}</body></html>"
    )


def _section(part: Part, lang: str) -> str:
    heads = "".join(f"<th>{escape(str(label(lang, f'holding.column.{name}')))}</th>" for name in part.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(_said(row.get(name), lang))}</td>" for name in part.columns) + "</tr>"
        for row in part.rows
    )
    table = f'<table border="1"><tr>{heads}</tr>{rows}</table>' if part.rows else "<p>–</p>"
    return f"<h2>{escape(str(label(lang, f'holding.{part.code}')))} ({len(part.rows)})</h2>{table}"


def _said(value: object, lang: str) -> str:
    """A value in words: codes by theirs, instants as people write them."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return format_datetime(value, lang)
    if isinstance(value, Mapping):
        return localized(lang, {str(key): str(text) for key, text in value.items()})
    if isinstance(value, list):
        return ", ".join(_said(one, lang) for one in value)
    return str(label(lang, value)) if isinstance(value, str) and has(lang, value) else str(value)
