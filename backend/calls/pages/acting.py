"""An act tried out before it is confirmed: done, read, undone, so that what refuses it is told beforehand."""

from collections.abc import Callable
from typing import NoReturn, TypeVar

from backend.core.actor import Actor
from backend.core.tx import Tx, transaction

Found = TypeVar("Found")


class _Undone(Exception):
    """Rolls back what was tried."""


def rehearsed(actor: Actor, act: Callable[[Tx], Found]) -> Found:
    """What `act` finds, plain values: nothing of what it did remains. Its refusals are raised as they are."""
    found: list[Found] = []
    try:
        with transaction(actor) as tx:
            found.append(act(tx))
            _undo()
    except _Undone:
        return found[0]


def _undo() -> NoReturn:
    raise _Undone
