"""How a dossier stands by now: its own state, until a later stage says more (« Financé »).

    @stands
    def decided(tx: Tx, keys: Collection[UUID]) -> Mapping[UUID, Standing]: …

A provider answers for any number of dossiers in one statement, narrowed to what the reader may see.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from ..core.tx import Tx
from .models import Application, ApplicationState


class Standing(NamedTuple):
    """A code with words, and the kind of tag that shows it."""

    code: str
    kind: str


Provider = Callable[[Tx, Collection[UUID]], Mapping[UUID, Standing]]
_PROVIDERS: dict[str, Provider] = {}


def stands(provide: Provider) -> Provider:
    """Register what a later stage says of dossiers that were admitted."""
    _PROVIDERS[f"{provide.__module__}.{provide.__name__}"] = provide
    return provide


def standings(tx: Tx, applications: Iterable[Application]) -> dict[UUID, Standing]:
    """Of the dossiers of which a later stage says something, what: the others stand as their state says."""
    keys = [one.id for one in applications if one.state is ApplicationState.ELIGIBLE]
    found: dict[UUID, Standing] = {}
    for provide in _PROVIDERS.values() if keys else ():
        found |= provide(tx, keys)
    return found
