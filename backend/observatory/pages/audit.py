"""The trail as pages: what happened, and each row's changes."""

import json
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from ...core.events import Event
from ...core.i18n import localized
from ...core.paging import Page
from ...core.tx import transaction
from ...territory import queries as territory
from ...web.deps import EntryActor
from ...web.forms import day_of, uuid_of
from ...web.render import language_of, render
from .. import told
from ..policy import AUDITORS
from ..queries import trail

router = APIRouter()
Text = Annotated[str, Query(max_length=80)]
KNOWN = ("subject", "by", "name", "since", "until", "cursor", "lang")
"""Filters of the trail, its place in it and the page's language."""


@router.get("/audit")
def audit_page(  # noqa: PLR0913, PLR0917 (FastAPI passes them by name)
    request: Request,
    actor: EntryActor,
    subject: Text = "",
    by: Text = "",
    name: Text = "",
    since: Text = "",
    until: Text = "",
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
) -> Response:
    """Events, the latest first. A filter that cannot be read is named, and nothing is listed in its stead."""
    typed = {"subject": subject.strip(), "by": by.strip(), "name": name, "since": since, "until": until}
    filters, unread = _filters(typed)
    unread += [(key, "unknown") for key in request.query_params if key not in KNOWN]
    lang = language_of(request, actor)
    with transaction(actor) as tx:
        places = {row.code: localized(lang, row.name) for row in territory.provinces(tx)}
        page = Page[Event]([], None) if unread else trail.events(tx, filters, cursor, 50)
        names = trail.names_in(tx, page.items)
        return render(
            request,
            actor,
            "observatory/audit.html",
            typed=typed,
            unread=unread,
            names=trail.names_of_events(),
            places=places,
            signers=trail.signers(tx, page.items),
            events=[
                (
                    event,
                    told.subject(event, lang),
                    told.told(event, lang, names.get(event.subject_id)),
                    _raw(event.data),
                )
                for event in page.items
            ],
            following=f"/audit?{urlencode(typed | {'cursor': page.next})}" if page.next else None,
            reads_rows=bool(actor.provinces(*AUDITORS)),
        )


def _filters(typed: dict[str, str]) -> tuple[trail.Filters, list[tuple[str, str]]]:
    """What the trail is narrowed to, and the filters that say nothing that can be read: (which, why)."""
    days = {key: day_of(typed[key]) for key in ("since", "until")}
    found = trail.Filters(
        subject_id=uuid_of(typed["subject"]),
        actor=typed["by"] or None,
        name=typed["name"] or None,
        since=days["since"],
        until=days["until"],
    )
    unread = [(key, "day") for key in days if typed[key] and not days[key]]
    if typed["subject"] and not found.subject_id:
        unread.append(("subject", "subject"))
    if found.name and found.name not in trail.names_of_events():
        unread.append(("name", "name"))
    if found.since and found.until and found.since > found.until:
        unread.append(("until", "order"))
    return found, unread


@router.get("/audit/rows/{table}/{row_id}")
def row_page(
    request: Request,
    actor: EntryActor,
    table: Annotated[str, Path(max_length=63)],
    row_id: Annotated[str, Path(max_length=80)],
) -> Response:
    """What a row was and became, change by change."""
    lang = language_of(request, actor)
    with transaction(actor) as tx:
        story = trail.row_story(tx, table, row_id)
    changes = [
        (change, _in_words(change, story, table, lang), _raw(_untold(change, lang)))
        for change in story.changes
    ]
    return render(
        request,
        actor,
        "observatory/row.html",
        what=told.table(table, lang),
        row_id=row_id,
        changes=changes,
        more=story.more,
    )


def _in_words(
    change: trail.Change, story: trail.RowStory, table: str, lang: str
) -> list[tuple[str, str, str]]:
    """(column, before, after) of each column that has words, those that it points to by their names."""

    def said(value: Any, column: str) -> str:
        if isinstance(value, str) and value in story.names:
            name = story.names[value]
            return name if isinstance(name, str) else localized(lang, dict(name))
        return told.value(value, column, table, lang)

    lines = [
        (told.column(column, lang), said(old, column), said(new, column))
        for column, old, new in change.columns
    ]
    return [line for line in lines if line[0] and (line[1] or line[2])]


def _untold(change: trail.Change, lang: str) -> dict[str, Any]:
    """What only the platform reads, as it is stored: shown folded away."""
    return {
        column: {"before": old, "after": new}
        for column, old, new in change.columns
        if not told.column(column, lang)
    }


def _raw(data: dict[str, Any]) -> str:
    """The event's fields as they are stored."""
    return json.dumps(data, ensure_ascii=False, indent=1) if data else ""
