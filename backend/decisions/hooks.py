"""What later slices tell decisions: whether a grant is agreed on, what follows when another replaces it."""

from collections.abc import Callable, Collection
from uuid import UUID

from ..core.tx import Tx
from .models import Decision

Agreed = Callable[[Tx, Decision], bool]
Replaced = Callable[[Tx, Decision, Decision], None]
Released = Callable[[Tx, Collection[UUID]], None]

_agreed: list[Agreed] = []
_replaced: list[Replaced] = []
_released: list[Released] = []


def agreement(call: Agreed) -> Agreed:
    """Declare: whether its amount was agreed to in writing."""
    if call not in _agreed:
        _agreed.append(call)
    return call


def after_replacement(call: Replaced) -> Replaced:
    """Declare: what becomes of what rests on a decision when another takes its place, in the same commit."""
    if call not in _replaced:
        _replaced.append(call)
    return call


def after_release(call: Released) -> Released:
    """Declare: what follows when the letters on these decisions leave, in the same commit."""
    if call not in _released:
        _released.append(call)
    return call


def agreed(tx: Tx, decision: Decision) -> bool:
    """Both have signed for it: its amount moves no more."""
    return any(call(tx, decision) for call in _agreed)


def replaced(tx: Tx, old: Decision, new: Decision) -> None:
    """Tell that `new` stands where `old` did."""
    for call in _replaced:
        call(tx, old, new)


def released(tx: Tx, decision_ids: Collection[UUID]) -> None:
    """Tell that the holders know of these decisions from now on."""
    for call in _released:
        call(tx, decision_ids)
