"""What the platform holds of a person (law 09-08): each slice says its part, and what forbids erasing her.

    @holds("dossiers")
    def dossiers(tx: Tx, person: Person) -> Iterable[Row]: …

    @blocks_erasure("erasure.live_dossier")
    def live_dossiers(tx: Tx, person: Person) -> Iterable[Blocker]: …

    @erases
    def telephones(tx: Tx, person: Person) -> None: …

Rows are plain values by column, said of the actor to herself alone. Providers of later stages stand in their
`holdings.py`, which the composition root loads.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..core.i18n import codes
from ..core.tx import Tx
from .models import Person

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Blocker:
    """Why she cannot be erased yet: `of` names what (words of the staff or a number), `path` where it is."""

    of: Mapping[str, str] | str
    path: str = ""
    code: str = ""


@dataclass(frozen=True)
class Part:
    """What is held of one kind; `code` has words `holding.<code>`."""

    code: str
    columns: tuple[str, ...]
    rows: list[Row]


Holder = Callable[[Tx, Person], Iterable[Row]]
Refuser = Callable[[Tx, Person], Iterable[Blocker]]
Eraser = Callable[[Tx, Person], None]

_HOLDERS: dict[str, tuple[tuple[str, ...], Holder]] = {}
_BLOCKERS: dict[str, Refuser] = {}
_ERASERS: dict[str, Eraser] = {}


def holds(code: str, *columns: str) -> Callable[[Holder], Holder]:
    """Register what is held of one kind, and its columns in their order (words `holding.column.<name>`)."""

    def register(provide: Holder) -> Holder:
        _HOLDERS[code] = (columns, provide)
        return provide

    return register


def blocks_erasure(code: str) -> Callable[[Refuser], Refuser]:
    """Register a reason (words `<code>` and `<code>.action`) for which a person cannot be erased yet."""

    def register(provide: Refuser) -> Refuser:
        _BLOCKERS[code] = provide
        return provide

    return register


def erases(clear: Eraser) -> Eraser:
    """Register how a slice clears what names or reaches her; the person still has her particulars then."""
    _ERASERS[f"{clear.__module__}.{clear.__name__}"] = clear
    return clear


def clear(tx: Tx, person: Person) -> None:
    """Have every slice clear its part."""
    for one in _ERASERS.values():
        one(tx, person)


def held(tx: Tx, person: Person) -> list[Part]:
    """All that is held of her, one part a kind, empty ones too: nothing held is an answer."""
    return [Part(code, columns, list(provide(tx, person))) for code, (columns, provide) in _HOLDERS.items()]


def blockers(tx: Tx, person: Person) -> list[Blocker]:
    """What has to be settled before she is erased."""
    return [
        Blocker(found.of, found.path, code)
        for code, provide in _BLOCKERS.items()
        for found in provide(tx, person)
    ]


@codes
def holding_codes() -> Iterable[str]:
    """The codes of the registered parts and reasons, for the check of translations."""
    for code, (columns, _) in _HOLDERS.items():
        yield f"holding.{code}"
        yield from (f"holding.column.{name}" for name in columns)
    for code in _BLOCKERS:
        yield from (code, f"{code}.action")
