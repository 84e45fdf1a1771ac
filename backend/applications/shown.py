"""The dossiers that an act concerns, by what becomes of them: the first of each group, named."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, defer

from ..core.tx import Tx
from .models import Application

FEW = 50
"""Dossiers of a group that are named; of the others, how many."""


@dataclass(frozen=True)
class Group:
    """Dossiers of which the same becomes; `state` is theirs after the act, none if they stay as they are."""

    code: str
    state: str | None
    rows: Sequence[Application]
    total: int

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.total - len(self.rows)


def groups(tx: Tx, kinds: Mapping[str, tuple[str | None, Collection[UUID]]]) -> list[Group]:
    """The groups that are not empty, by number. One statement for any number of dossiers."""
    first = {code: list(islice(keys, FEW)) for code, (_, keys) in kinds.items()}
    wanted = [key for keys in first.values() for key in keys]
    light = (
        contains_eager(Application.organisation),
        defer(Application.content),
        defer(Application.revision),
    )
    asked = select(Application).join(Application.organisation).options(*light)
    visible = tx.visible(asked.where(Application.id.in_(wanted)), "application.read")
    rows = {row.id: row for row in tx.session.scalars(visible)}
    return [
        Group(code, state, [rows[key] for key in first[code] if key in rows], len(keys))
        for code, (state, keys) in kinds.items()
        if keys
    ]
