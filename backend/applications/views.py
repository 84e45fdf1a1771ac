"""Saved views: a narrowed list under a name, for the officer who keeps it. Its address can be given away."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from ..core.errors import FieldError, problem
from ..core.events import declare
from ..core.policy import rule
from ..core.shapes import written
from ..core.tx import Tx
from ..people.models import Role
from ..people.policy import OVERSEERS, has_role, is_self
from . import wanted
from .models import SavedView

MOST = 40
VIEW_NAME_TAKEN = problem("view_name_taken", 409)
VIEWS_TOO_MANY = problem("views_too_many", 409)
READERS = (Role.OFFICER, *OVERSEERS)

declare("saved_view.kept", "saved_view.renamed", "saved_view.removed")
rule("saved_view.read", SavedView, lambda a: is_self(a, SavedView.person_id))
rule("saved_view.keep", SavedView, lambda a: is_self(a, SavedView.person_id) & has_role(a, *READERS))
rule("saved_view.edit", SavedView, lambda a: is_self(a, SavedView.person_id))


def mine(tx: Tx) -> Sequence[SavedView]:
    """The reader's own views, by name."""
    asked = select(SavedView).order_by(func.lower(SavedView.name), SavedView.id)
    return tx.session.scalars(tx.visible(asked, "saved_view.read")).all()


def keep(tx: Tx, name: str, query: Mapping[str, Any]) -> SavedView:
    """Keep what narrows the list under a name of her own; refused when it cannot be read."""
    asked = wanted.read(query)
    _ = asked.sound
    name = _named(tx, name)
    held = tx.session.scalar(select(func.count()).where(SavedView.person_id == tx.actor.id)) or 0
    if held >= MOST:
        raise VIEWS_TOO_MANY(most=MOST)
    made = SavedView(person_id=tx.actor.id, name=name, query=asked.typed, created_at=tx.now)
    tx.add(made, "saved_view.keep")
    tx.emit("saved_view.kept", made, title=name)
    return made


def rename(tx: Tx, view_id: UUID, name: str) -> SavedView:
    """Another name; the same one again changes nothing."""
    view = tx.get(SavedView, view_id, "saved_view.edit")
    name = written(name.replace("\0", ""), "name", 100)
    if name != view.name:
        view.name = _named(tx, name)
        tx.emit("saved_view.renamed", view, title=name)
        tx.session.flush()
    return view


def remove(tx: Tx, view_id: UUID) -> None:
    """The view goes; dossiers are not touched."""
    view = tx.get(SavedView, view_id, "saved_view.edit")
    tx.emit("saved_view.removed", view, title=view.name)
    tx.session.delete(view)
    tx.session.flush()


def address(view: SavedView) -> str:
    """The list that the view shows: whoever opens it sees what her own rules let her."""
    return wanted.read(view.query).address()


def _named(tx: Tx, name: str) -> str:
    name = written(name.replace("\0", ""), "name", 100)
    taken = select(SavedView.id).where(SavedView.person_id == tx.actor.id, SavedView.name == name)
    with tx.session.no_autoflush:
        if tx.session.scalar(taken):
            raise VIEW_NAME_TAKEN([FieldError("name", "view_name_taken")], name=name)
    return name
