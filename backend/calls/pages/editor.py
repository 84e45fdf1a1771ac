"""The call editor's pages: a call opened as data, a question a page, with its words and faults beside."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from backend.core.actor import Actor
from backend.core.errors import NOT_FOUND, Problem
from backend.core.tx import transaction
from backend.web.deps import PageActor
from backend.web.forms import Typed, see_other
from backend.web.render import language_of, render

from .. import queries
from ..callfile import CallFileInvalid, Issue
from ..callfile.cautions import cautions
from ..editor import acts, draft, options, sheet, starting
from ..editor.draft import Draft
from ..editor.faults import located
from ..editor.rereading import text_at
from ..editor.sheet import Sheet
from ..editor.spec import HINTED, SECTIONS, label_of
from ..editor.text import commented, data_of
from ..lifecycle import CALL_FROZEN
from . import frozen

router = APIRouter()
SHOWN = 30
"""Faults listed at once."""


@dataclass(frozen=True)
class Asked:
    """Who asks for which page of which call."""

    request: Request
    actor: Actor
    call_id: UUID
    section: str
    item: int | None

    @property
    def text(self) -> Response:
        """Where a text that the pages cannot show is mended."""
        return see_other(f"/das/calls/{self.call_id}/edit/text")


@router.get("/das/calls/{call_id}/edit")
def edit_call(request: Request, actor: PageActor, call_id: UUID) -> Response:
    """The pages of a draft, each with what is still to be mended."""
    return frozen.or_erratum(request, actor, call_id, lambda: _overview(request, actor, call_id))


def _overview(request: Request, actor: Actor, call_id: UUID) -> Response:
    with transaction(actor) as tx:
        opened = draft.opened(tx, call_id)
        faults = located(opened.issues)
        counts = {section.code: sum(one.section == section.code for one in faults) for section in SECTIONS}
        readable = _readable(opened)
        warned = located(cautions(opened.file)) if opened.file else []
        return render(
            request,
            actor,
            "calls/editor/overview.html",
            draft=opened,
            sections=SECTIONS,
            counts=counts,
            faults=sheet.links(opened, faults[:SHOWN]),
            cautions=sheet.links(opened, warned[:SHOWN]),
            readable=readable,
            again=_to_reread(opened, language_of(request, actor)) if readable else [],
            commented=commented(opened.source) and opened.kept is not None,
        )


def _to_reread(opened: Draft, lang: str) -> list[tuple[str, str, str]]:
    """(address, field, what stands there) of what a copied call must have read again."""
    kept = opened.kept.to_reread if opened.kept else None
    places = [Issue("<call>", 0, 0, place, "invalid") for place in kept or ()]
    data = data_of(opened.source) if places else {}
    return [
        (href, fault.place(lang), text_at(data, fault.path, lang))
        for href, fault in sheet.links(opened, located(places))
    ]


@router.get("/das/calls/{call_id}/edit/{section}")
def edit_section(
    request: Request, actor: PageActor, call_id: UUID, section: str, saved: str = ""
) -> Response:
    """One page of the editor."""
    asked = Asked(request, actor, call_id, section, None)
    return frozen.or_erratum(request, actor, call_id, lambda: _shown(asked, saved))


@router.get("/das/calls/{call_id}/edit/{section}/{item}")
def edit_item(
    request: Request, actor: PageActor, call_id: UUID, section: str, item: str, saved: str = ""
) -> Response:
    """The page of one rule, one document, one criterion."""
    asked = Asked(request, actor, call_id, section, _position(item))
    return frozen.or_erratum(request, actor, call_id, lambda: _shown(asked, saved))


@router.post("/das/calls/{call_id}/edit/{section}")
def save_section(request: Request, actor: PageActor, call_id: UUID, section: str, form: Typed) -> Response:
    """Keep what was typed on the page, and do what the pressed button says."""
    return _saved(Asked(request, actor, call_id, section, None), form)


@router.post("/das/calls/{call_id}/edit/{section}/preview")
def preview_section(request: Request, actor: PageActor, call_id: UUID, section: str, form: Typed) -> Response:
    """The words and faults of the page as it is being typed; nothing is kept."""
    return _live(Asked(request, actor, call_id, section, None), "preview", form)


@router.post("/das/calls/{call_id}/edit/{section}/redraw")
def redraw_section(request: Request, actor: PageActor, call_id: UUID, section: str, form: Typed) -> Response:
    """The same with the fields: another choice asks for other ones."""
    return _live(Asked(request, actor, call_id, section, None), "redraw", form)


@router.post("/das/calls/{call_id}/edit/{section}/{item}")
def save_item(
    request: Request, actor: PageActor, call_id: UUID, section: str, item: str, form: Typed
) -> Response:
    """Keep what was typed on the page of one item, and do what the pressed button says."""
    return _saved(Asked(request, actor, call_id, section, _position(item)), form)


@router.post("/das/calls/{call_id}/edit/{section}/{item}/preview")
def preview_item(
    request: Request, actor: PageActor, call_id: UUID, section: str, item: str, form: Typed
) -> Response:
    """The words and faults of an item as it is being typed; nothing is kept."""
    return _live(Asked(request, actor, call_id, section, _position(item)), "preview", form)


@router.post("/das/calls/{call_id}/edit/{section}/{item}/redraw")
def redraw_item(
    request: Request, actor: PageActor, call_id: UUID, section: str, item: str, form: Typed
) -> Response:
    """The same with the fields."""
    return _live(Asked(request, actor, call_id, section, _position(item)), "redraw", form)


def _position(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        raise NOT_FOUND(thing="call")
    return int(text)


def _readable(opened: Draft) -> bool:
    try:
        data_of(opened.source)
    except CallFileInvalid:
        return False
    return True


def _shown(asked: Asked, saved: str) -> Response:
    with transaction(asked.actor) as tx:
        opened = draft.opened(tx, asked.call_id)
        try:
            page = sheet.opened(opened, asked.section, asked.item)
        except CallFileInvalid:
            return asked.text
        return _page(asked, page, saved=bool(saved))


def _saved(asked: Asked, typed: dict[str, str]) -> Response:
    """Keep the page if nobody changed it meanwhile; otherwise give back what was typed, and what stands."""
    try:
        with transaction(asked.actor) as tx:
            opened = draft.opened(tx, asked.call_id, to_change=True)
            page = sheet.opened(opened, asked.section, asked.item)
            before = data_of(opened.source)
            stands = sheet.reading(page, queries.definition(opened.call)).words
            if not page.take(typed):
                page.reread(typed)
                return _page(asked, page, conflict=stands, status=412)
            if page.refused:
                page.reread(typed)
                return _page(asked, page, status=422)
            pressed = typed.get("act", "")
            added = acts.act(page.data, pressed)
            if page.data != before:
                draft.save(tx, asked.call_id, page.text())
            draft.reread(tx, opened.call, asked.section, asked.item)
            return see_other(_then(page, pressed, added))
    except CallFileInvalid as invalid:
        return _unreadable(asked, typed, invalid)
    except Problem as refusal:
        if refusal.code != CALL_FROZEN.code:
            raise
        return frozen.page_kept(asked.request, asked.actor, asked.call_id, asked.section, asked.item, typed)


def _then(page: Sheet, pressed: str, added: str | None) -> str:
    """Where one goes on: the next page, what was added, or the same page."""
    if pressed == "next":
        return page.following
    if added and page.section.listed and page.section.listed.key == added.rpartition(".")[0]:
        return f"/das/calls/{page.draft.call.id}/edit/{page.section.code}/{added.rpartition('.')[2]}"
    anchor = added or _anchor(pressed)
    return f"{page.path}?saved=1" + (f"#{anchor}" if anchor else "")


def _anchor(pressed: str) -> str:
    """The place of a button, when it can stand in an address."""
    place = pressed.partition(":")[2].partition(":")[0]
    return place if place.replace(".", "").replace("_", "").isalnum() and place.isascii() else ""


def _unreadable(asked: Asked, typed: dict[str, str], invalid: CallFileInvalid) -> Response:
    """What was typed makes a text that could not be opened again (too large, too deep): it is not kept."""
    with transaction(asked.actor) as tx:
        opened = draft.opened(tx, asked.call_id)
        if not _readable(opened):
            return asked.text
        page = sheet.opened(opened, asked.section, asked.item)
        page.take(typed)
        page.refused |= {f"text.{i}": issue for i, issue in enumerate(invalid.issues[:5])}
        return _page(asked, page, status=422)


def _live(asked: Asked, live: str, typed: dict[str, str]) -> Response:
    """The words of what is being typed; `redraw` gives the fields too (another fact asks for other ones)."""
    with transaction(asked.actor) as tx:
        opened = draft.opened(tx, asked.call_id)
        try:
            page = sheet.opened(opened, asked.section, asked.item)
        except CallFileInvalid:
            return asked.text
        seen = typed.get("seen", page.seen)
        page.take(typed)
        page.seen = seen if seen.isalnum() else page.seen
        return _page(asked, page, template=live)


def _page(
    asked: Asked,
    page: Sheet,
    *,
    template: str = "section",
    conflict: Any = None,
    saved: bool = False,
    status: int = 200,
) -> Response:
    lang = language_of(asked.request, asked.actor)
    said = sheet.reading(page, queries.definition(page.draft.call))
    return render(
        asked.request,
        asked.actor,
        f"calls/editor/{template}.html",
        status=status,
        page=page,
        draft=page.draft,
        typed=page.shown,
        said=said,
        said_at=said.of_items.get,
        total=sheet.totals(page),
        conflict=conflict,
        saved=saved,
        options=options,
        label_of=label_of,
        hinted=HINTED,
        presets=starting.PRESETS,
        lang_code=lang,
        lines_of=lambda: sheet.rule_lines(page, lang),
        comments=commented(page.draft.source) and page.draft.kept is not None,
    )
