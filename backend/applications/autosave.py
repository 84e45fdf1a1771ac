"""Autosave: fields kept one by one as they are typed, merged with what others keep, never over it.

A change says what the field was when it was typed. It is kept when the field still says that; when it says
something else, the change is a conflict and nothing is overwritten. A change that comes again is known by
its id. Eight statements at the most for any number of changes, the actor's included.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic_core import PydanticCustomError
from sqlalchemy import select

from ..core.errors import FieldError
from ..core.tx import Tx
from . import changes as record
from .commands import keep, require_editable, with_call, working
from .fields import Place, Unreadable, place, put, read, same, value_at
from .models import Application, FieldChange
from .sections import clean

MOST = 100
"""Changes sent at once."""


class Fate(StrEnum):
    """What became of a change."""

    KEPT = "kept"
    ALREADY = "already"  # it came before, and was kept then
    CONFLICT = "conflict"  # the field says something else by now
    REFUSED = "refused"  # it is no value of the field


@dataclass(frozen=True)
class Change:
    """A field as somebody changed it, where and when she did; `id` is her browser's."""

    id: UUID
    section: str
    field: str
    was: Any
    value: Any


@dataclass
class Told:
    """What became of a change: why it was refused; what the field says instead, by whom, since when.

    `yours` when it was the same person who changed it, elsewhere: names do not tell, as two may share one.
    """

    change: Change
    fate: Fate
    errors: Sequence[FieldError] = ()
    theirs: Any = None
    by: str | None = None
    at: datetime | None = None
    yours: bool = False


@dataclass
class _Draft:
    """What is being written, section by section, with the rows of history that it makes."""

    written: dict[str, dict[str, Any]]
    known: dict[UUID, UUID]
    rows: list[tuple[Change, Place, Any, Any]] = field(default_factory=list)


def apply(tx: Tx, application_id: UUID, changes: Sequence[Change]) -> tuple[Application, list[Told]]:
    """Keep the changes that can be kept, in their order, and tell what became of each."""
    application = tx.get(Application, application_id, "application.edit", options=with_call())
    require_editable(tx, application)
    draft = _Draft(dict(working(application)), _known(tx, changes))
    told = [_merged(draft, application, change) for change in changes]
    _keep(tx, application, draft)
    _say_whose(tx, application, told)
    return application, told


def _known(tx: Tx, changes: Sequence[Change]) -> dict[UUID, UUID]:
    """Those that came before, with the dossier that they were for."""
    asked = select(FieldChange.id, FieldChange.application_id).where(
        FieldChange.id.in_([one.id for one in changes])
    )
    return dict(tx.session.execute(asked).all())


def _merged(draft: _Draft, application: Application, change: Change) -> Told:
    if change.id in draft.known:
        if draft.known[change.id] != application.id:
            return Told(change, Fate.REFUSED, [FieldError("id", "change_of_another")])
        return Told(change, Fate.ALREADY)
    try:
        where = place(change.section, change.field)
        value = read(where, change.value)
        data = draft.written.get(change.section) or {}
        now = value_at(data, where)
        if same(now, value):
            return Told(change, Fate.KEPT)
        if not same(now, _was(where, change.was)):
            return Told(change, Fate.CONFLICT, theirs=now)
        after = put(change.section, data, where, value)
    except Unreadable as unreadable:
        return Told(change, Fate.REFUSED, unreadable.errors)
    draft.written[change.section] = after
    draft.known[change.id] = application.id
    draft.rows.append((change, where, now, value_at(after, where)))
    return Told(change, Fate.KEPT)


def _was(where: Place, was: Any) -> Any:
    """What it was, read as it was typed and cleaned as it is kept; what cannot be read was never kept."""
    try:
        value = read(where, was)
        return clean(value) or None if isinstance(value, str) else value
    except (Unreadable, PydanticCustomError):
        return was


def _keep(tx: Tx, application: Application, draft: _Draft) -> None:
    """The dossier's new content, a row of history a change, an event a section."""
    for section in dict.fromkeys(change.section for change, *_ in draft.rows):
        keep(application, section, draft.written[section])
        tx.emit("application.saved", application, section=section)
    for change, where, before, after in draft.rows:
        tx.session.add(record.made(tx, application, change.id, change.section, (where.path, before, after)))
    tx.session.flush()


def _say_whose(tx: Tx, application: Application, told: Sequence[Told]) -> None:
    contested = [one for one in told if one.fate is Fate.CONFLICT]
    if not contested:
        return
    found = record.last(tx, application, [(one.change.section, one.change.field) for one in contested])
    for one in contested:
        author = found.get((one.change.section, one.change.field))
        if author:
            one.by, one.at = author.name, author.change.kept_at
            one.yours = author.change.person_id == tx.actor.id
