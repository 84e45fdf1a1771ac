"""What awaits somebody: each slice says what it asks of her, her own page shows the most urgent first.

    @awaits("next.milestone", dated=True)
    def milestones(tx: Tx) -> Iterable[Step]: …

A provider answers for the actor of the transaction, in one statement whatever the number of her projects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from backend.core.calendar import CASABLANCA, local
from backend.core.i18n import codes
from backend.core.tx import Tx

AT_MOST = 8
"""Steps that one provider gives: its first ones."""


@dataclass(frozen=True)
class Step:
    """Something that only she can do. `path` is where she does it, `of` the project or the dossier.

    `due` is the day or the instant by which; None: it waits for her already, and nothing says until when.
    `title` narrows it (a milestone's own words). `code` has words `<code>`, `.text`, `.action`.
    """

    path: str
    of: str
    due: date | datetime | None = None
    title: Mapping[str, str] | str = ""
    code: str = ""

    @property
    def until(self) -> datetime | None:
        """The last instant: a day ends on Casablanca's clock."""
        if self.due is None or isinstance(self.due, datetime):
            return self.due
        return datetime.combine(self.due, time(23, 59), CASABLANCA)

    @property
    def day(self) -> date | None:
        """The day by which, when no hour was set: an instant says its own hour."""
        return None if isinstance(self.due, datetime) else self.due


Provider = Callable[[Tx], Iterable[Step]]

_PROVIDERS: dict[str, tuple[Provider, tuple[str, ...], bool]] = {}


def awaits(*kinds: str, dated: bool = False) -> Callable[[Provider], Provider]:
    """Register a provider; `kinds` are the codes that its steps may have, the first unless a step says.

    Those that are `dated` have one more word, `<code>.due`, before their date.
    """

    def register(provide: Provider) -> Provider:
        _PROVIDERS[kinds[0]] = (provide, kinds, dated)
        return provide

    return register


def steps_of(tx: Tx) -> list[Step]:
    """All that awaits the actor, the most urgent first; what has no date is as if due today."""
    found = [
        step if step.code else replace(step, code=kinds[0])
        for provide, kinds, _ in _PROVIDERS.values()
        for step in provide(tx)
    ]
    today = Step("", "", local(tx.now).date()).until
    return sorted(found, key=lambda step: (step.until or today, step.code, step.path))


@codes
def step_codes() -> Iterable[str]:
    """The codes of the registered steps, for the check of translations."""
    for _, kinds, dated in _PROVIDERS.values():
        for kind in kinds:
            yield from (kind, f"{kind}.text", f"{kind}.action", *([f"{kind}.due"] if dated else []))
