"""What an officer asked to complete, and what of it was touched since."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from ..core.events import Event
from ..core.tx import Tx
from .models import Application, ApplicationState, CompletionRequest

HOLDERS = {
    "organisation": ("organisation.edited", "organisation.merged"),
    "members": (
        "members.replaced",
        "members.imported",
        "member.removed",
        "member.restored",
        "member.identity_kept",
    ),
}
"""Sections that are kept with the organisation, not in the dossier: what says that one changed."""
PAPER = "documents."


def wanted(tx: Tx, application: Application) -> list[str]:
    """Of a dossier sent back, the items asked that still are as they were deposited, in their order."""
    if application.state is not ApplicationState.RETURNED:
        return []
    asked = select(CompletionRequest).where(CompletionRequest.application_id == application.id)
    request = tx.session.scalars(asked).one_or_none()
    return _untouched(tx, application, request) if request else []


def _untouched(tx: Tx, application: Application, request: CompletionRequest) -> list[str]:
    of_holder = not HOLDERS.keys().isdisjoint(request.items)
    happened = holder_changes(tx, application, request.asked_at) if of_holder else frozenset()
    content = application.content
    working = content if application.revision is None else application.revision
    return [
        item
        for item in request.items
        if (
            happened.isdisjoint(HOLDERS[item])
            if item in HOLDERS
            else _said(content, item) == _said(working, item)
        )
    ]


def holder_changes(tx: Tx, application: Application, since: datetime) -> frozenset[str]:
    """What happened to the particulars and the members of its organisation after an instant."""
    names = [name for ones in HOLDERS.values() for name in ones]
    asked = select(Event.name).where(
        Event.subject_id == application.organisation_id, Event.name.in_(names), Event.at > since
    )
    return frozenset(tx.session.scalars(asked.distinct()))


def _said(content: Mapping[str, Any], item: str) -> Any:
    """What the dossier says of an item: a section, or the files of one paper."""
    if not item.startswith(PAPER):
        return content.get(item) or {}
    provided = (content.get("documents") or {}).get("provided") or ()
    return [one for one in provided if one["code"] == item.removeprefix(PAPER)]
