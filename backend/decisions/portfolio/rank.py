"""What a ranking and an envelope give, without the database: money goes strictly by rank.

From the first dossier on: below the pass mark, or a criterion's floor, it is refused; while what it asks
fits in what is left, it is funded for what it asks; from the first one that does not fit, that one and every
later one waits. A smaller dossier further down does not jump the queue (no call file says otherwise yet).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from ...calls.callfile.models import Criterion, Grid
from ...reviews.scoring import half_up, points
from ..models import DecisionOutcome

WEAKEST = 2
"""How many of its weakest criteria a refusal names."""


@dataclass(frozen=True)
class Candidate:
    """A ranked dossier: score and criteria's means in hundredths of a point, the amount in centimes."""

    id: UUID
    rank: int
    score: int
    criteria: Mapping[str, int]
    requested: int
    floors: Collection[str] = ()


@dataclass(frozen=True)
class Verdict:
    """What is proposed for a dossier, and why; `rank` counts from 1."""

    id: UUID
    rank: int
    score: int
    outcome: DecisionOutcome
    amount: int = 0
    reasons: list[dict[str, Any]] = field(default_factory=list)


def reason(code: str, **params: Any) -> dict[str, Any]:
    """A reason as kept: its code, and what the sentences need."""
    return {"code": code, "params": params}


def allocate(candidates: Sequence[Candidate], left: int, grid: Grid) -> list[Verdict]:
    """A verdict for each candidate, best first; `left` is what the envelope still holds, in centimes."""
    verdicts: list[Verdict] = []
    full_at: int | None = None
    for candidate in candidates:
        rank = candidate.rank
        below = faults(candidate, grid)
        if below:
            outcome, amount, reasons = DecisionOutcome.REFUSED, 0, below
        elif full_at is None and 0 < candidate.requested <= left:
            left -= candidate.requested
            outcome, amount = DecisionOutcome.FUNDED, candidate.requested
            reasons = [reason("funded_in_rank", rank=rank, score=candidate.score, left=left)]
        else:
            outcome, amount, reasons = DecisionOutcome.WAITING, 0, [_waits(candidate, left, full_at)]
            full_at = rank if full_at is None else full_at
        verdicts.append(Verdict(candidate.id, rank, candidate.score, outcome, amount, reasons))
    return verdicts


def _waits(candidate: Candidate, left: int, full_at: int | None) -> dict[str, Any]:
    if full_at is not None and candidate.requested <= left:
        return reason("rank_order", rank=full_at, left=left)
    return reason("envelope_exhausted", left=left, asked=candidate.requested)


def faults(candidate: Candidate, grid: Grid) -> list[dict[str, Any]]:
    """Why the dossier may not be funded whatever the money: the pass mark, a floor."""
    found = []
    if candidate.score < grid.pass_mark * 100:
        found.append(reason("below_pass_mark", score=candidate.score, pass_mark=grid.pass_mark * 100))
    for criterion in grid.criteria:
        if criterion.floor and criterion.code in candidate.floors:
            floor = half_up(points(criterion, criterion.floor, grid.scale_max))
            mean = candidate.criteria.get(criterion.code, 0)
            found.append(reason("below_floor", floor=floor, **_named(criterion, mean)))
    if found:
        found.append(reason("weakest_criteria", criteria=weakest(candidate.criteria, grid.criteria)))
    return found


def weakest(means: Mapping[str, int], criteria: Iterable[Criterion]) -> list[dict[str, Any]]:
    """The criteria with the smallest part of their points, the grid's order breaking ties."""
    ordered = sorted(criteria, key=lambda c: means.get(c.code, 0) / c.weight)
    return [_named(criterion, means.get(criterion.code, 0)) for criterion in ordered[:WEAKEST]]


def _named(criterion: Criterion, mean: int) -> dict[str, Any]:
    """A criterion as reasons name it: the call's words, the mean and the most it is worth, in hundredths."""
    return {"criterion": dict(criterion.label), "mean": mean, "of": criterion.weight * 100}
