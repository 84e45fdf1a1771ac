"""Screening all the submitted dossiers of a call at once, by the results stored when they were submitted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from ..calls.models import Call
from ..core.tx import Tx
from ..people.models import Member
from .completeness import statuses, unfinished
from .lifecycle import LIFECYCLE, SCREENING_CHANGED, SUBMITTED
from .models import Application, Outcome, RuleResult
from .receipts import sha256
from .shown import Group, groups
from .terms import terms


@dataclass(frozen=True)
class Screening:
    """What screening does with each dossier; `unsettled`: a rule cannot tell, an officer looks."""

    admitted: list[UUID] = field(default_factory=list)
    refused: dict[UUID, list[str]] = field(default_factory=dict)
    unsettled: list[UUID] = field(default_factory=list)
    incomplete: dict[UUID, list[str]] = field(default_factory=dict)  # of those refused: what they lack

    @property
    def refused_by_rule(self) -> dict[str, int]:
        """How many dossiers each rule refuses; one dossier may be refused by several."""
        return dict(Counter(rule for rules in self.refused.values() for rule in rules))

    @property
    def print_(self) -> str:
        """What it does, in short: two that are equal do the same to the same dossiers."""
        kinds = (self.admitted, self.refused, self.unsettled, self.incomplete)
        return sha256([sorted(map(str, keys)) for keys in kinds])[:16]


def preview(tx: Tx, call_id: UUID) -> Screening:
    """What `screen_call` would do now."""
    call = tx.get(Call, call_id, "call.read")
    tx.allow("call.screen", call)
    return _sorted(tx, call, tx.session.scalars(_submitted(tx, call_id)).all())


def concerned(tx: Tx, found: Screening) -> list[Group]:
    """The dossiers by what screening does with them: one statement for any number."""
    admits, refuses = (str(LIFECYCLE.transitions[verb].target) for verb in ("admit", "refuse"))
    return groups(
        tx,
        {
            "admit": (admits, found.admitted),
            "refuse": (refuses, found.refused),
            "unsettled": (None, found.unsettled),
        },
    )


def screen_call(tx: Tx, call_id: UUID, seen: str | None = None) -> Screening:
    """Admit or refuse all that the stored results settle, in as many statements for any number of dossiers.

    `seen` is the print of the preview that the officer confirmed: refused when it would do otherwise now.
    """
    call = tx.get(Call, call_id, "call.read")
    tx.allow("call.screen", call)
    held = _submitted(tx, call_id).order_by(None).order_by(Application.id).with_for_update(of=Application)
    rows = {row.id: row for row in tx.session.scalars(held)}
    tx.allowed = True  # the statement above holds only rows on which she may
    found = _sorted(tx, call, list(rows.values()))
    if seen is not None and seen != found.print_:
        raise SCREENING_CHANGED()
    said = {key: _said(found, key) for key in found.refused}
    LIFECYCLE.fire_many(tx, [rows[key] for key in found.admitted], "admit", bulk=True)
    LIFECYCLE.fire_many(tx, [rows[key] for key in said], "refuse", said, bulk=True)
    return found


def _said(found: Screening, key: UUID) -> dict[str, Any]:
    """Why a dossier is refused, as its event keeps it."""
    lacks = {"incomplete": found.incomplete[key]} if key in found.incomplete else {}
    return {"rules": found.refused[key], "reason": None} | lacks


def _submitted(tx: Tx, call_id: UUID) -> Select[Any]:
    asked = select(Application).where(Application.call_id == call_id, Application.state == SUBMITTED)
    light = asked.options(joinedload(Application.organisation))
    return tx.visible(light.order_by(Application.number), "application.screen")


def lacking(tx: Tx, call: Call, rows: Sequence[Application]) -> dict[UUID, list[str]]:
    """What each dossier lacks of what the call asks: one statement for any number of dossiers."""
    counted = select(Member.organisation_id, func.count()).where(
        Member.organisation_id.in_([row.organisation_id for row in rows])
    )
    rows_of = tx.session.execute(counted.group_by(Member.organisation_id)).all()
    members: dict[UUID, int] = dict(rows_of)
    file, found = terms(call).file, {}
    for row in rows:
        states = statuses(row.content, file, row.organisation, members.get(row.organisation_id, 0))
        if errors := unfinished(states):
            found[row.id] = [error.field for error in errors]
    return found


def _sorted(tx: Tx, call: Call, rows: Sequence[Application]) -> Screening:
    """Incomplete ones are refused where the call says so; elsewhere an officer looks and may send back."""
    ids = [one.id for one in rows]
    lacks = lacking(tx, call, rows)
    refuses = terms(call).file.incomplete.then == "refuse"
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
    incomplete = lacks if refuses else {}
    settled = Screening(
        refused={key: failed.get(key, []) for key in ids if key in failed or key in incomplete},
        incomplete=incomplete,
    )
    for key in ids:
        if key not in settled.refused:
            (settled.unsettled if key in unknown or key in lacks else settled.admitted).append(key)
    return settled


def counts(tx: Tx, call_id: UUID) -> dict[str, int]:
    """How many dossiers of the call the reader sees in each state."""
    asked: Any = select(Application.state, func.count()).where(Application.call_id == call_id)
    asked = asked.group_by(Application.state)
    return {str(state): n for state, n in tx.session.execute(tx.visible(asked, "application.read"))}
