"""One act on many dossiers: what it would do, shown first; done only if it still is what was shown."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import load_only

from ..core.errors import FORBIDDEN, NOT_FOUND, WRONG_STATE, FieldError, problem
from ..core.tx import Tx
from . import completion
from .completion import Owed
from .lifecycle import (
    COMPLETION_NOT_OFFERED,
    COMPLETION_ONCE,
    LIFECYCLE,
    REASON_REQUIRED,
    RULE_REFUSES,
    SCREENING_CHANGED,
    refusing_each,
)
from .models import Application
from .receipts import sha256
from .search import Filters, narrowed
from .shown import Group, groups

BULK_TOO_MANY = problem("bulk_too_many", 409)
BULK_NOTHING = problem("bulk_nothing", 409)
MOST = 5_000
"""Dossiers that one act may touch: it is one commit, with one event a dossier."""
VERBS = ("admit", "return", "refuse")
LEFT = (
    "not_yours", "settled", "rule_refuses", "reason_needed",
    "completion_not_offered", "completion_once", "nothing_lacking",
)  # fmt: skip
"""Why a dossier is left as it is."""
WHY = {
    FORBIDDEN.code: "not_yours",
    NOT_FOUND.code: "settled",
    WRONG_STATE.code: "settled",
    RULE_REFUSES.code: "rule_refuses",
    COMPLETION_NOT_OFFERED.code: "completion_not_offered",
    COMPLETION_ONCE.code: "completion_once",
}
"""The same from the machine's refusal."""


@dataclass(frozen=True)
class Chosen:
    """The dossiers ticked one by one, or all that the filters leave."""

    picked: tuple[UUID, ...] = ()
    filters: Filters | None = None

    def narrow(self, asked: Select[Any]) -> Select[Any]:
        if self.filters is not None:
            return narrowed(asked, self.filters)
        return asked.where(Application.id.in_(self.picked))


@dataclass(frozen=True)
class Preview:
    """What the act does: to which dossiers, and why not to the others (by reason)."""

    verb: str
    doing: dict[UUID, list[str]] = field(default_factory=dict)  # the rules that refuse, or what is asked
    leaving: dict[str, list[UUID]] = field(default_factory=dict)
    reason: str | None = None  # of a completion request: what its holder reads with it
    owed: dict[UUID, Owed] = field(default_factory=dict)  # what may be asked of each, when it asks

    @property
    def left(self) -> dict[str, int]:
        """How many it leaves as they are, by reason."""
        return {reason: len(keys) for reason, keys in self.leaving.items()}

    @property
    def total(self) -> int:
        return len(self.doing) + sum(self.left.values())

    @property
    def print_(self) -> str:
        """Two that are equal do the same to the same dossiers."""
        touched = sorted((str(key), rules, self._day(key)) for key, rules in self.doing.items())
        return sha256([self.verb, touched, sorted(self.left.items())])[:16]

    def _day(self, key: UUID) -> str | None:
        return self.owed[key].due_on.isoformat() if key in self.owed else None


def preview(
    tx: Tx, verb: str, chosen: Chosen, reason: str | None = None, items: Collection[str] = ()
) -> Preview:
    """What `act` would do now: what the machine refuses is asked of it. As many statements for any number.

    `items` are asked of every dossier that is sent back, beside what it lacks.
    """
    seen = tx.visible(chosen.narrow(select(Application.id)), "application.read")
    keys = tx.session.scalars(seen.order_by(Application.number).limit(MOST + 1)).all()
    if len(keys) > MOST:
        raise BULK_TOO_MANY(most=MOST)
    refused = LIFECYCLE.refusals(tx, keys, verb)
    left: defaultdict[str, list[UUID]] = defaultdict(list)
    for key in keys:
        if key in refused:
            left[WHY[refused[key].code]].append(key)
    able = [key for key in keys if key not in refused]
    failing = refusing_each(tx, able) if verb == "refuse" else {}
    if verb == "refuse" and not reason:
        left["reason_needed"] += [key for key in able if key not in failing]
        able = [key for key in able if key in failing]
    owed = completion.owed(tx, able, items) if verb == "return" else {}
    if verb == "return":
        failing = {key: list(one.items) for key, one in owed.items() if one.items}
        left["nothing_lacking"] += [key for key in able if key not in failing]
        able = [key for key in able if key in failing]
    doing = {key: failing.get(key, []) for key in able}
    return Preview(verb, doing, {why: found for why, found in left.items() if found}, reason, owed)


def act(
    tx: Tx, verb: str, chosen: Chosen, seen: str, reason: str | None = None, items: Collection[str] = ()
) -> Preview:
    """Do it to all at once, if it would do what the preview with the print `seen` said."""
    found = preview(tx, verb, chosen, reason, items)
    if seen != found.print_:
        raise SCREENING_CHANGED()
    if not found.doing:
        raise BULK_NOTHING()
    if verb == "return":
        asked = {key: found.owed[key] for key in found.doing}
        completion.ask_many(tx, asked, dict.fromkeys(asked, reason or ""))
        return found
    light = load_only(Application.id, Application.province_code, Application.state, Application.version)
    rows = tx.session.scalars(select(Application).where(Application.id.in_(found.doing)).options(light)).all()
    said = {key: {"rules": rules, "reason": reason} for key, rules in found.doing.items()}
    LIFECYCLE.fire_many(tx, rows, verb, said if verb == "refuse" else None, bulk=True)
    return found


def concerned(tx: Tx, found: Preview) -> list[Group]:
    """The dossiers that the act changes, then those that it leaves, by reason."""
    target = str(LIFECYCLE.transitions[found.verb].target)
    return groups(
        tx,
        {found.verb: (target, found.doing)} | {why: (None, keys) for why, keys in found.leaving.items()},
    )


def offered(found: Preview) -> list[str]:
    """What may be asked of at least one of the dossiers that may be sent back, in the order of a dossier."""
    sections = [name for one in found.owed.values() for name in one.askable]
    return list(dict.fromkeys(sorted(sections, key=lambda item: item.startswith("documents."))))


def reason_of(text: str | None) -> str | None:
    """The reason that an officer typed for all of them."""
    said = (text or "").replace("\0", "").strip()
    if len(said) > 2000:
        raise REASON_REQUIRED([FieldError("reason", "string_too_long", {"max_length": 2000})])
    return said or None
