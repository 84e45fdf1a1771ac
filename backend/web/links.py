"""Links between slices: a later one says where its part of a subject is, an earlier one's page shows it.

    @related("application", "link.application.decision", order=20, steps=("step.decision.funded", …))
    def decision(tx: Tx, application: Application) -> Related | None: …

A provider answers for one subject, in one statement narrowed to what the reader may open: no link is shown
that would be refused. Pages of one subject ask for them (never lists).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from backend.core.i18n import codes
from backend.core.tx import Tx


@dataclass(frozen=True)
class Related:
    """Where a link leads; `note` (a code) says how it stands, `step` (a code) what happens next.

    A step has words `<step>` and `<step>.text`; the last provider that gives one speaks for the subject.
    """

    path: str
    note: str = ""
    step: str = ""
    kind: str = "ok"
    code: str = ""


Provider = Callable[[Tx, Any], Related | None]


@dataclass(frozen=True)
class _Registered:
    order: int
    code: str
    steps: tuple[str, ...]
    provide: Provider


_PROVIDERS: dict[tuple[str, str], _Registered] = {}


def related(subject: str, code: str, order: int, steps: Sequence[str] = ()) -> Callable[[Provider], Provider]:
    """Register a provider for a kind of subject; `code` and `code.sub` are the link's words."""

    def register(provide: Provider) -> Provider:
        _PROVIDERS[subject, code] = _Registered(order, code, tuple(steps), provide)
        return provide

    return register


def links_of(tx: Tx, subject: str, row: Any) -> list[Related]:
    """The links of a subject that the reader may follow, in their order."""
    asked = sorted(
        (one for (kind, _), one in _PROVIDERS.items() if kind == subject), key=lambda one: one.order
    )
    given = ((one.code, one.provide(tx, row)) for one in asked)
    return [Related(found.path, found.note, found.step, found.kind, code) for code, found in given if found]


def step_of(links: Sequence[Related]) -> Related | None:
    """What happens next, as the furthest slice tells it."""
    return next((link for link in reversed(links) if link.step), None)


@codes
def link_codes() -> Iterable[str]:
    """The codes of the registered links, for the check of translations."""
    for one in _PROVIDERS.values():
        yield from (one.code, f"{one.code}.sub")
        for step in one.steps:
            yield from (step, f"{step}.text")
