"""The editor's addresses of a published call: the erratum is offered, and what was typed given back whole."""

from collections.abc import Callable
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from backend.core.actor import Actor
from backend.core.errors import Problem
from backend.core.tx import transaction
from backend.web.language import language_of
from backend.web.render import render

from .. import queries
from ..callfile import CallFileInvalid
from ..editor import sheet, values
from ..editor.draft import Draft
from ..editor.naming import place_words
from ..editor.text import dump
from ..lifecycle import CALL_FROZEN, LIFECYCLE, phase
from ..models import Call

Typed = dict[str, str]


def or_erratum(request: Request, actor: Actor, call_id: UUID, show: Callable[[], Response]) -> Response:
    """The editor's page; of a published call of which nothing is prepared, the way to its erratum."""
    try:
        return show()
    except Problem as refusal:
        if refusal.code != CALL_FROZEN.code:
            raise
    with transaction(actor) as tx:
        call = tx.get(Call, call_id, "call.read")
        return render(
            request, actor, "calls/editor/published.html", status=CALL_FROZEN.status, call=call,
            phase=phase(call, tx.now), amends="amend" in LIFECYCLE.available(tx, call),
        )  # fmt: skip


def page_kept(
    request: Request, actor: Actor, call_id: UUID, section: str, item: int | None, typed: Typed
) -> Response:
    """What was typed on a page and the published call does not say; it may begin an erratum."""
    lang = language_of(request, actor)
    with transaction(actor) as tx:
        call = tx.get(Call, call_id, "call.read")
        changed = _changed(_as_published(call), section, item, typed)
        rows = [(place_words(name, lang) or name, text) for name, text in changed.items()]
        where = f"section={section}" + (f"&item={item}" if item is not None else "")
        return _shown(
            request, actor, call, "amend" in LIFECYCLE.available(tx, call), rows, typed | {"": where}
        )


def text_kept(request: Request, actor: Actor, call_id: UUID, source: str) -> Response:
    """The whole text that was typed."""
    with transaction(actor) as tx:
        call = tx.get(Call, call_id, "call.read")
        amends = "amend" in LIFECYCLE.available(tx, call)
        return _shown(request, actor, call, amends, [("", source)], {"source": source, "": "section=text"})


def _as_published(call: Call) -> Draft:
    return Draft(call, dump(call.definition), 1, None, (), queries.definition(call))


def _changed(published: Draft, section: str, item: int | None, typed: Typed) -> Typed:
    """The fields typed otherwise than the published call has them; their make-up is not shown."""
    try:
        page = sheet.opened(published, section, item)
    except (CallFileInvalid, Problem):
        page = None
    shown = page.shown if page else {}
    told = {}
    for name, text in typed.items():
        last = name.rpartition(".")[2]
        if name in ("seen", "act") or last in sheet.MAKE_UP or last == "_":
            continue
        if values.typed(text) != values.typed(shown.get(name, "")):
            told[name] = text
    return told


def _shown(
    request: Request, actor: Actor, call: Call, amends: bool, rows: list[tuple[str, str]], typed: Typed
) -> Response:
    """`typed` under its empty name says which page it was typed on."""
    return render(
        request,
        actor,
        "calls/editor/frozen.html",
        status=409,
        call=call,
        rows=rows,
        where=typed[""],
        typed={name: text for name, text in typed.items() if name not in ("", "act")},
        amends=amends,
    )
