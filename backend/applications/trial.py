"""The deposited dossiers of a call as another call's draft would read them (see calls/editor/dryrun.py)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from ..calls.callfile import CallFile
from ..calls.editor.dryrun import Judged
from ..calls.models import Call
from ..core.tx import Tx
from ..people.models import Organisation
from . import facts
from .models import Application, ApplicationState, Outcome, RuleResult
from .terms import terms


def dossiers(tx: Tx, call: Call, file: CallFile, most: int) -> tuple[Sequence[Judged], int]:
    """Those that the actor sees, with what the rules said of them at deposit: five statements for any number.

    Facts are those of the days of their own call (seniority, ages, priority chains); who counts as young and
    the envelope are the draft's.
    """
    deposited: Any = select(Application).where(
        Application.call_id == call.id,
        Application.submitted_at.is_not(None),
        Application.state != ApplicationState.WITHDRAWN,
    )
    seen = tx.visible(deposited, "application.read")
    total = tx.session.scalar(select(func.count()).select_from(seen.subquery())) or 0
    asked = (
        seen.join(Organisation, Organisation.id == Application.organisation_id)
        .join(Call, Call.id == Application.call_id)
        .options(contains_eager(Application.organisation), contains_eager(Application.call))
        .order_by(Application.number)
        .limit(most)
    )
    rows = tx.session.scalars(asked).all()
    if not rows:
        return (), total
    tried = replace(terms(call), file=_on_the_days_of(terms(call).file, file))
    members = facts.counted_members(tx, {row.organisation_id: row.organisation for row in rows})
    firsts = facts.priorities(tx, [call]).get(call.id, frozenset())
    told = _told(tx, [row.id for row in rows])
    return [
        Judged(
            row.id,
            row.number,
            row.title,
            facts.of(row, tried, members[row.organisation_id], firsts),
            *told[row.id],
        )
        for row in rows
    ], total


def _on_the_days_of(then: CallFile, draft: CallFile) -> CallFile:
    """The draft as if its window and its day of reference had been those of the earlier call."""
    days = {name: getattr(then, name) for name in ("opens_at", "closes_at", "reference_date")}
    return draft.model_copy(update=days)


Said = tuple[tuple[str, ...], tuple[str, ...], dict[str, dict[str, str]]]


def _told(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Said]:
    """The rules that refused each dossier at deposit, those that could not tell, and the titles of both."""
    found: dict[UUID, Said] = defaultdict(lambda: ((), (), {}))
    asked = (
        select(RuleResult.application_id, RuleResult.rule_code, RuleResult.outcome, RuleResult.facts["title"])
        .where(RuleResult.application_id.in_(ids), RuleResult.refuses, RuleResult.outcome != Outcome.PASS)
        .order_by(RuleResult.application_id, RuleResult.position)
    )
    for key, rule, outcome, title in tx.session.execute(asked):
        failed, unknown, titles = found[key]
        titles = titles | ({rule: title} if title else {})
        if outcome is Outcome.FAIL:
            found[key] = ((*failed, rule), unknown, titles)
        else:
            found[key] = (failed, (*unknown, rule), titles)
    return found
