"""What a draft's rules would have made of the dossiers of an earlier call: tried, never recorded.

Dossiers are a later slice's affair: it puts the function that reads them in `dossiers`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import defer

from backend.core.errors import problem
from backend.core.i18n import LANGUAGES, codes
from backend.core.tx import Tx

from ..callfile import CallFile
from ..models import Call
from ..rules import CATALOGUE, Facts, Outcome, Result, evaluate_all

MOST = 5_000
"""Dossiers tried at once; more are counted and said."""

DRY_RUN_NEEDS_VALID = problem("dry_run_needs_valid", 409)


class Verdict(StrEnum):
    """What the rules make of a dossier: none refuses it, one does, or one that may cannot be told."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Judged:
    """A deposited dossier as the trial needs it: its facts, and how each rule judged it then."""

    id: UUID
    number: str
    title: str
    facts: Facts
    refused_by: tuple[str, ...]
    unsettled_by: tuple[str, ...]
    titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # of those rules, as said then

    @property
    def verdict(self) -> Verdict:
        if self.refused_by:
            return Verdict.FAIL
        return Verdict.UNKNOWN if self.unsettled_by else Verdict.PASS


Dossiers = Callable[[Tx, Call, CallFile, int], tuple[Sequence[Judged], int]]


def _none(_tx: Tx, _call: Call, _file: CallFile, _most: int) -> tuple[Sequence[Judged], int]:
    return (), 0


dossiers: Dossiers = _none
"""The deposited dossiers of a call that the actor may see, with their facts as this other file reads them
(but on the days of their own call), and how many there are in all. The composition root puts it here."""


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How many dossiers a rule passes, fails, cannot tell; and the facts that it lacked, most often first."""

    code: str
    title: Mapping[str, str]
    refuses: bool
    passed: int
    failed: int
    unknown: int
    missing: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A dossier that the draft would judge otherwise, and why.

    `because`: the rules that decide it now; where none refuses it any more, what they say who did before.
    `gone`: titles of the rules that held it back and are none of the draft's.
    """

    dossier: Judged
    before: Verdict
    after: Verdict
    because: tuple[Result, ...]
    gone: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DryRun:
    """The whole trial. `total` counts the dossiers that there are, `tried` those that were judged."""

    against: Call
    total: int
    tried: int
    verdicts: Mapping[Verdict, int]
    rules: tuple[RuleCount, ...]
    changes: tuple[Change, ...]


def earlier(tx: Tx, call: Call) -> Sequence[Call]:
    """The calls of the province against whose dossiers a draft may be tried, the last first."""
    asked = (
        select(Call)
        .options(defer(Call.definition, raiseload=True))
        .where(Call.province_code == call.province_code, Call.published_at.is_not(None), Call.id != call.id)
        .order_by(Call.closes_at.desc(), Call.id)
        .limit(50)
    )
    return tx.session.scalars(tx.visible(asked, "call.read")).all()


def dry_run(tx: Tx, file: CallFile, against_id: UUID) -> DryRun:
    """Judge the dossiers of an earlier call by the rules of this file; nothing is written."""
    against = tx.get(Call, against_id, "call.read")
    found, total = dossiers(tx, against, file, MOST)
    return judge(against, file, found, total)


def judge(against: Call, file: CallFile, found: Sequence[Judged], total: int) -> DryRun:
    """Count what every rule says of every dossier. Pure."""
    rules = file.every_rule()
    tallies: list[Counter[Outcome]] = [Counter() for _ in rules]
    missing: list[Counter[str]] = [Counter() for _ in rules]
    verdicts: Counter[Verdict] = Counter()
    changes = []
    for dossier in found:
        results = evaluate_all(rules, dossier.facts)
        for i, result in enumerate(results):
            tallies[i][result.outcome] += 1
            missing[i].update(result.missing)
        after = _verdict(results)
        verdicts[after] += 1
        if after is not dossier.verdict:
            changes.append(_changed(dossier, results, after))
    counted = tuple(
        RuleCount(
            rule.code, rule.title, rule.fails == "refuse", tally[Outcome.PASS], tally[Outcome.FAIL],
            tally[Outcome.UNKNOWN], tuple(lacks.most_common()),
        )
        for rule, tally, lacks in zip(rules, tallies, missing, strict=True)
    )  # fmt: skip
    return DryRun(against, total, len(found), verdicts, counted, tuple(changes))


def _verdict(results: Sequence[Result]) -> Verdict:
    if any(result.refuses for result in results):
        return Verdict.FAIL
    unsettled = any(one.outcome is Outcome.UNKNOWN and one.rule.fails == "refuse" for one in results)
    return Verdict.UNKNOWN if unsettled else Verdict.PASS


def _changed(dossier: Judged, results: Sequence[Result], after: Verdict) -> Change:
    """Why: the rules that make the verdict; when none does, what became of those that held it back."""
    wanted = {Verdict.FAIL: Outcome.FAIL, Verdict.UNKNOWN: Outcome.UNKNOWN}.get(after)
    because = tuple(one for one in results if one.outcome is wanted and one.rule.fails == "refuse")
    if because:
        return Change(dossier, dossier.verdict, after, because)
    held_back = (*dossier.refused_by, *dossier.unsettled_by)
    still = {one.rule.code: one for one in results}
    because = tuple(still[code] for code in held_back if code in still)
    gone = tuple(dossier.titles.get(code, {}) for code in held_back if code not in still)
    return Change(dossier, dossier.verdict, after, because, tuple(title for title in gone if title))


def as_json(run: DryRun) -> dict[str, Any]:
    """The trial as plain data, with words in both languages."""
    return {
        "against": str(run.against.id),
        "total": run.total,
        "tried": run.tried,
        "verdicts": {verdict.value: run.verdicts.get(verdict, 0) for verdict in Verdict},
        "rules": [_rule_json(rule) for rule in run.rules],
        "changes": [_change_json(change) for change in run.changes],
    }


def _rule_json(rule: RuleCount) -> dict[str, Any]:
    missing = [
        {"fact": code, "name": {lang: CATALOGUE[code].label(lang) for lang in LANGUAGES}, "count": count}
        for code, count in rule.missing
    ]
    counts = {"passed": rule.passed, "failed": rule.failed, "unknown": rule.unknown}
    return {
        "code": rule.code,
        "title": dict(rule.title),
        "refuses": rule.refuses,
        **counts,
        "missing": missing,
    }


def _change_json(change: Change) -> dict[str, Any]:
    because = [
        {
            "code": why.rule.code,
            "title": dict(why.rule.title),
            "reason": {lang: why.reason(lang) for lang in LANGUAGES},
        }
        for why in change.because
    ]
    dossier = change.dossier
    return {
        "application_id": str(dossier.id),
        "number": dossier.number,
        "title": dossier.title,
        "before": change.before.value,
        "after": change.after.value,
        "refused_by": list(dossier.refused_by),
        "because": because,
        "no_longer_asked": [dict(title) for title in change.gone],
    }


@codes
def verdict_codes() -> list[str]:
    """Words of the verdicts."""
    return [f"edit.verdict.{verdict}" for verdict in Verdict]
