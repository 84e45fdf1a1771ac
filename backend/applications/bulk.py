"""One act on many dossiers: what it would do, shown first; done only if it still is what was shown."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, update

from ..core.errors import FieldError, problem
from ..core.policy import RULES
from ..core.tx import Tx
from .lifecycle import LIFECYCLE, REASON_REQUIRED, SCREENING_CHANGED
from .models import Application, Outcome, RuleResult
from .receipts import sha256
from .search import Filters, narrowed
from .shown import Group, groups

BULK_TOO_MANY = problem("bulk_too_many", 409)
BULK_NOTHING = problem("bulk_nothing", 409)
MOST = 5_000
"""Dossiers that one act may touch: it is one commit, with one event a dossier."""
VERBS = ("admit", "refuse")
LEFT = ("not_yours", "settled", "rule_refuses", "reason_needed")
"""Why a dossier is left as it is."""


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
    doing: dict[UUID, list[str]] = field(default_factory=dict)  # the rules that refuse, when it refuses
    leaving: dict[str, list[UUID]] = field(default_factory=dict)
    reason: str | None = None

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
        touched = sorted((str(key), rules) for key, rules in self.doing.items())
        return sha256([self.verb, touched, sorted(self.left.items())])[:16]


def preview(tx: Tx, verb: str, chosen: Chosen, reason: str | None = None) -> Preview:
    """What `act` would do now. Two statements, whatever the number of dossiers."""
    rows = tx.session.execute(_asked(tx, chosen)).all()
    if len(rows) > MOST:
        raise BULK_TOO_MANY(most=MOST)
    return _sorted(tx, verb, [(key, state, may) for key, state, may in rows], reason)


def act(tx: Tx, verb: str, chosen: Chosen, seen: str, reason: str | None = None) -> Preview:
    """Do it to all at once, if it would do what the preview with the print `seen` said.

    `fire` asks the rule and the guards of one row; here both are asked of all rows at once, under a lock.
    """
    found = preview(tx, verb, chosen, reason)
    if seen != found.print_:
        raise SCREENING_CHANGED()
    if not found.doing:
        raise BULK_NOTHING()
    transition = LIFECYCLE.transitions[verb]
    held = select(Application).where(
        Application.id.in_(list(found.doing)), Application.state.in_(list(transition.sources))
    )
    locked = tx.visible(held, transition.may).order_by(Application.id).with_for_update(of=Application)
    rows = tx.session.scalars(locked, execution_options={"populate_existing": True}).all()
    if len(rows) != len(found.doing):
        raise SCREENING_CHANGED()  # somebody was faster on one of them
    tx.allowed = True  # the statement above holds only rows on which she may
    _move(tx, rows, found)
    return found


def _move(tx: Tx, rows: Sequence[Application], found: Preview) -> None:
    """One statement for the rows, one for their events (and one for what the events ask for)."""
    transition = LIFECYCLE.transitions[found.verb]
    before = {row.id: row.state for row in rows}
    tx.session.execute(
        update(Application)
        .where(Application.id.in_(list(found.doing)))
        .values(state=transition.target, version=Application.version + 1),
        execution_options={"synchronize_session": False},
    )
    for row in rows:
        said: dict[str, Any] = {}
        if found.verb == "refuse":
            said = {"rules": found.doing[row.id], "reason": found.reason}
        tx.emit(transition.event, row, before=before[row.id], after=transition.target, bulk=True, **said)
        tx.session.expire(row)


def _asked(tx: Tx, chosen: Chosen) -> Select[Any]:
    """Each dossier that she sees: its id, its state, whether she may decide on it."""
    may = func.coalesce(RULES["application.screen"].where(tx.actor), False)
    asked: Any = select(Application.id, Application.state, may)
    asked = tx.visible(chosen.narrow(asked), "application.read")
    return asked.order_by(Application.number).limit(MOST + 1)  # type: ignore[no-any-return]


def _sorted(tx: Tx, verb: str, rows: list[tuple[UUID, str, bool]], reason: str | None) -> Preview:
    sources = LIFECYCLE.transitions[verb].sources
    left: defaultdict[str, list[UUID]] = defaultdict(list)
    able = []
    for key, state, may in rows:
        if not may:
            left["not_yours"].append(key)
        elif state not in sources:
            left["settled"].append(key)
        else:
            able.append(key)
    failing = _failing(tx, able)
    doing: dict[UUID, list[str]] = {}
    for key in able:
        rules = failing.get(key, [])
        if verb == "admit" and rules:
            left["rule_refuses"].append(key)
        elif verb == "refuse" and not rules and not reason:
            left["reason_needed"].append(key)
        else:
            doing[key] = rules
    return Preview(verb, doing, dict(left), reason)


def _failing(tx: Tx, keys: list[UUID]) -> dict[UUID, list[str]]:
    told = tx.session.execute(
        select(RuleResult.application_id, RuleResult.rule_code)
        .where(RuleResult.application_id.in_(keys), RuleResult.refuses, RuleResult.outcome == Outcome.FAIL)
        .order_by(RuleResult.application_id, RuleResult.position)
    )
    found: dict[UUID, list[str]] = {}
    for key, rule in told:
        found.setdefault(key, []).append(rule)
    return found


def concerned(tx: Tx, found: Preview) -> list[Group]:
    """The dossiers that the act changes, then those that it leaves, by reason."""
    target = str(LIFECYCLE.transitions[found.verb].target)
    return groups(
        tx,
        {found.verb: (target, found.doing)} | {why: (None, keys) for why, keys in found.leaving.items()},
    )


def reason_of(text: str | None) -> str | None:
    """The reason that an officer typed for all of them."""
    said = (text or "").replace("\0", "").strip()
    if len(said) > 2000:
        raise REASON_REQUIRED([FieldError("reason", "string_too_long", {"max_length": 2000})])
    return said or None
