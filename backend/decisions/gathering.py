"""From a call's ranked dossiers to a problem of portfolio, and back to a verdict on each, with reasons."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ..applications.facts import Facts, facts
from ..applications.models import Application
from ..calls.callfile import CallFile
from ..calls.callfile.models import Constraint, Grid
from ..calls.callfile.selecting import selection_of
from ..calls.models import Call
from ..calls.rules.evaluate import Outcome, trace
from ..core.tx import Tx
from .models import Decision, DecisionOutcome
from .portfolio import Candidate, Verdict, allocate, reason
from .portfolio.problem import Bound, File, Problem
from .portfolio.rank import faults
from .portfolio.told import Study
from .standing import STANDING

GRANTED = (DecisionOutcome.FUNDED, DecisionOutcome.CONDITIONAL)
SIDES = {"at_least": "floor", "at_most": "ceiling"}


@dataclass(frozen=True)
class Dossier:
    """A ranked dossier before a session, or one that was granted money before (`held`, centimes)."""

    candidate: Candidate
    facts: Facts
    income: int
    held: int = 0

    @property
    def key(self) -> str:
        """As the problem names it."""
        return str(self.candidate.id)

    def benefit(self, objective: str) -> int:
        """What a call may want as large as can be; nothing where the dossier does not say."""
        if objective == "score":
            return self.candidate.score
        jobs = self.facts.get(f"results.{'jobs' if objective == 'income' else objective}")
        count = jobs if isinstance(jobs, int) else 0
        return count * self.income if objective == "income" else count


@dataclass(frozen=True)
class Setting:
    """How the money is shared out: the call's own way, or another that somebody looks at."""

    envelope: int
    portfolio: bool
    objective: str
    minimum: Fraction | None
    constraints: tuple[Constraint, ...]

    @classmethod
    def of(cls, file: CallFile, envelope: int) -> "Setting":
        """As the call says."""
        chosen = selection_of(file)
        portfolio = chosen.method == "portfolio"
        return cls(envelope, portfolio, chosen.objective, chosen.minimum, chosen.constraints)

    @property
    def order(self) -> list[str]:
        """Keys of the bounds as the call writes them: the last ones give way first."""
        return [f"{one.code}.{side}" for one in self.constraints for side in SIDES.values()]


def dossiers(
    tx: Tx, call: Call, ranked: Sequence[tuple[int, Any]], hidden: Collection[UUID] = ()
) -> list[Dossier]:
    """The undecided ones (ranked rows), and those granted money before, without the hidden ones."""
    held = dict[UUID, Decision]()
    asked = select(Decision).where(
        Decision.call_id == call.id, Decision.state.in_(STANDING), Decision.outcome.in_(GRANTED)
    )
    for decision in tx.session.scalars(asked):
        if decision.application_id not in hidden:
            held[decision.application_id] = decision
    ids = [*held, *(row.application_id for _, row in ranked)]
    loaded = tx.session.scalars(
        select(Application)
        .where(Application.id.in_(ids))
        .options(joinedload(Application.call), joinedload(Application.organisation))
    ).all()
    known = facts(tx, loaded)
    incomes = {one.id: (one.content.get("results") or {}).get("income_centimes") or 0 for one in loaded}
    found = [
        Dossier(
            Candidate(id_, one.rank, one.score_hundredths, {}, one.amount_centimes),
            known[id_],
            incomes[id_],
            one.amount_centimes,
        )
        for id_, one in held.items()
    ]
    return found + [
        Dossier(_candidate(rank, row), known[row.application_id], incomes[row.application_id])
        for rank, row in ranked
    ]


def _candidate(rank: int, row: Any) -> Candidate:
    return Candidate(
        row.application_id, rank, row.ranked_hundredths, row.criteria, row.requested_centimes, row.floors
    )


def problem(found: Sequence[Dossier], setting: Setting, grid: Grid) -> Problem:
    """Of the dossiers that the grid lets through, and of those granted before."""
    able = [one for one in found if one.held or (one.candidate.requested and not faults(one.candidate, grid))]
    files = []
    for one in able:
        asked = one.candidate.requested
        least = asked if one.held or setting.minimum is None else max(1, ceil(asked * setting.minimum))
        benefit = one.benefit(setting.objective)
        rank, score = one.candidate.rank, one.candidate.score
        files.append(File(one.key, rank, score, benefit, asked, least, bool(one.held)))
    bounds = [bound for one in setting.constraints for bound in _bounds(one, able)]
    envelope = max(setting.envelope, sum(one.held for one in able))  # what is granted is granted
    return Problem(tuple(files), envelope, tuple(bounds))


def _bounds(one: Constraint, able: Iterable[Dossier]) -> Iterable[Bound]:
    among = frozenset(
        dossier.key
        for dossier in able
        if one.among is None or trace(one.among.node, dossier.facts, {}).outcome is Outcome.PASS
    )
    if one.at_least is not None:
        yield Bound(one.code, "floor", one.at_least.measure, one.at_least.value, among)
    if one.at_most is not None:
        yield Bound(one.code, "ceiling", one.at_most.measure, one.at_most.value, among)


def by_rank(found: Sequence[Dossier], setting: Setting, grid: Grid) -> list[Verdict]:
    """The plain cut of the ranking, on what is left of the envelope."""
    left = setting.envelope - sum(one.held for one in found)
    return allocate([one.candidate for one in found if not one.held], left, grid)


def verdicts(found: Sequence[Dossier], setting: Setting, grid: Grid, study: Study) -> list[Verdict]:
    """What the best portfolio says of each undecided dossier, and why."""
    granted = study.solution.granted if study.solution else {}
    names = {one.code: dict(one.label) for one in setting.constraints}
    left = setting.envelope - sum(one.held for one in found)
    made = []
    for one in found:
        if one.held:
            continue
        candidate, amount = one.candidate, granted.get(one.key, 0)
        if below := faults(candidate, grid):
            outcome, reasons = DecisionOutcome.REFUSED, below
        elif amount:
            outcome, reasons = DecisionOutcome.FUNDED, _why_in(one, amount, study, names)
        else:
            outcome, reasons = DecisionOutcome.WAITING, _why_out(one, left, setting, study, names)
        made.append(Verdict(candidate.id, candidate.rank, candidate.score, outcome, amount, reasons))
    return made


Names = dict[str, dict[str, str]]


def _why_in(one: Dossier, amount: int, study: Study, names: Names) -> list[dict[str, Any]]:
    candidate = one.candidate
    found = [reason("in_portfolio", rank=candidate.rank, score=candidate.score, inputs=study.inputs)]
    found += [reason("needed_for_constraint", constraint=names[code]) for code in codes_of(study.needed, one)]
    if amount < candidate.requested:
        found.append(reason("reduced_amount", granted=amount, asked=candidate.requested))
    return found


def _why_out(one: Dossier, left: int, setting: Setting, study: Study, names: Names) -> list[dict[str, Any]]:
    candidate = one.candidate
    if candidate.requested * (setting.minimum or 1) > left:
        return [reason("envelope_exhausted", left=left, asked=candidate.requested)]
    because = codes_of(study.displaced, one)
    if because:
        return [
            reason("displaced_by_constraint", constraint=names[code], inputs=study.inputs) for code in because
        ]
    return [reason("outside_portfolio", rank=candidate.rank, score=candidate.score, inputs=study.inputs)]


def codes_of(by_dossier: Any, one: Dossier) -> list[str]:
    """The constraints (not their two sides) that weigh on a dossier."""
    return list(dict.fromkeys(key.rpartition(".")[0] for key in by_dossier.get(one.key, ())))
