"""Where a call stands for everybody: what was decided in it shows only once its results are published.

The seed that parts equal dossiers is everybody's from the moment it is drawn, before anybody has read one.

A call's row says `decided` as soon as the last vote is closed, before anybody was told (docs/decisions/0016):
its state and the version of its row are for those who run or oversee it.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.core.actor import Actor
from backend.core.tx import Tx
from backend.people.models import Role
from backend.people.policy import OVERSEERS

from .lifecycle import Phase, phase
from .models import Call, CallState

INSIDE = (Role.OFFICER, Role.CHAIR, *OVERSEERS)
OVER = (CallState.DECIDED, CallState.ARCHIVED)

Known = Callable[[Tx, Collection[UUID]], Collection[UUID]]
_KNOWN: list[Known] = []


def results(tell: Known) -> Known:
    """Register who knows which of these calls have published results: a later slice."""
    _KNOWN.append(tell)
    return tell


def with_results(tx: Tx, calls: Iterable[Call]) -> frozenset[UUID]:
    """Those of these calls whose results are public; nothing is asked where none can be."""
    ids = [call.id for call in calls if call.state in OVER]
    return frozenset(found for tell in _KNOWN for found in tell(tx, ids)) if ids else frozenset()


@dataclass(frozen=True)
class Draw:
    """What parts the dossiers that every criterion leaves equal, and since when it is known."""

    seed: str
    at: datetime


Tell = Callable[[Tx, UUID], Draw | None]
_DRAWN: list[Tell] = []


def draws(tell: Tell) -> Tell:
    """Register who knows the draw of a call: a later slice."""
    _DRAWN.append(tell)
    return tell


def drawn(tx: Tx, call: Call) -> Draw | None:
    """The draw of the call; none while dossiers are deposited, as nobody reads them yet."""
    if call.state is CallState.DRAFT or phase(call, tx.now) is not Phase.CLOSED:
        return None
    return next((found for tell in _DRAWN if (found := tell(tx, call.id))), None)


def inside(actor: Actor, call: Call) -> bool:
    """She runs the call or oversees it: its row is shown to her as it is."""
    places = actor.provinces(*INSIDE)
    return actor.is_system or None in places or call.province_code in places


def shown_state(call: Call, now: datetime, *, published: bool) -> CallState:
    """The state for everybody else: in review from its closing until its results are published."""
    if call.state in (CallState.DRAFT, CallState.ARCHIVED) or phase(call, now) is not Phase.CLOSED:
        return call.state
    return CallState.DECIDED if published else CallState.IN_REVIEW
