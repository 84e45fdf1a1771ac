"""Screening all the submitted dossiers of a call at once, by the results stored when they were submitted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, update

from ..calls.models import Call
from ..core.tx import Tx
from .lifecycle import LIFECYCLE, SCREENING_CHANGED, SUBMITTED
from .models import Application, Outcome, RuleResult
from .receipts import sha256


@dataclass(frozen=True)
class Screening:
    """What screening does with each dossier; `unsettled`: a rule cannot tell, an officer looks."""

    admitted: list[UUID] = field(default_factory=list)
    refused: dict[UUID, list[str]] = field(default_factory=dict)
    unsettled: list[UUID] = field(default_factory=list)

    @property
    def refused_by_rule(self) -> dict[str, int]:
        """How many dossiers each rule refuses; one dossier may be refused by several."""
        return dict(Counter(rule for rules in self.refused.values() for rule in rules))

    @property
    def print_(self) -> str:
        """What it does, in short: two that are equal do the same to the same dossiers."""
        return sha256([sorted(map(str, keys)) for keys in (self.admitted, self.refused, self.unsettled)])[:16]


def preview(tx: Tx, call_id: UUID) -> Screening:
    """What `screen_call` would do now."""
    tx.allow("call.screen", tx.get(Call, call_id, "call.read"))
    return _sorted(tx, tx.session.scalars(_submitted(tx, call_id)).all())


def screen_call(tx: Tx, call_id: UUID, seen: str | None = None) -> Screening:
    """Admit or refuse all that the stored results settle, in as many statements for any number of dossiers.

    `seen` is the print of the preview that the officer confirmed: refused when it would do otherwise now.
    `fire` asks the rule and the guards of one row; here both are asked of all rows at once.
    """
    tx.allow("call.screen", tx.get(Call, call_id, "call.read"))
    rows = list(tx.session.scalars(_submitted(tx, call_id).with_for_update(of=Application)))
    tx.allowed = True  # the statement above holds only rows on which she may
    found = _sorted(tx, [row.id for row in rows])
    if seen is not None and seen != found.print_:
        raise SCREENING_CHANGED()
    _move(tx, rows, "admit", {key: [] for key in found.admitted})
    _move(tx, rows, "refuse", found.refused)
    return found


def _submitted(tx: Tx, call_id: UUID) -> Select[Any]:
    asked = select(Application).where(Application.call_id == call_id, Application.state == SUBMITTED)
    return tx.visible(asked.order_by(Application.number), "application.screen")


def _sorted(tx: Tx, found: Sequence[UUID | Application]) -> Screening:
    ids = [one.id if isinstance(one, Application) else one for one in found]
    told = tx.session.execute(
        select(RuleResult.application_id, RuleResult.rule_code, RuleResult.outcome)
        .where(RuleResult.application_id.in_(ids), RuleResult.refuses, RuleResult.outcome != Outcome.PASS)
        .order_by(RuleResult.application_id, RuleResult.position)
    ).all()
    failed: dict[UUID, list[str]] = {}
    unknown: set[UUID] = set()
    for key, rule, outcome in told:
        if outcome is Outcome.FAIL:
            failed.setdefault(key, []).append(rule)
        else:
            unknown.add(key)
    settled = Screening(refused={key: failed[key] for key in ids if key in failed})
    for key in ids:
        if key not in failed:
            (settled.unsettled if key in unknown else settled.admitted).append(key)
    return settled


def _move(tx: Tx, rows: Sequence[Application], verb: str, chosen: dict[UUID, list[str]]) -> None:
    """One statement for the rows, one for their events (and one for what the events ask for)."""
    if not chosen:
        return
    transition = LIFECYCLE.transitions[verb]
    tx.session.execute(
        update(Application)
        .where(Application.id.in_(list(chosen)), Application.state.in_(list(transition.sources)))
        .values(state=transition.target, version=Application.version + 1),
        execution_options={"synchronize_session": False},
    )
    for row in rows:
        if row.id in chosen:
            said = {"rules": chosen[row.id], "reason": None} if verb == "refuse" else {}
            tx.emit(transition.event, row, before=SUBMITTED, after=transition.target, bulk=True, **said)
            tx.session.expire(row)


def counts(tx: Tx, call_id: UUID) -> dict[str, int]:
    """How many dossiers of the call the reader sees in each state."""
    asked: Any = select(Application.state, func.count()).where(Application.call_id == call_id)
    asked = asked.group_by(Application.state)
    return {str(state): n for state, n in tx.session.execute(tx.visible(asked, "application.read"))}
