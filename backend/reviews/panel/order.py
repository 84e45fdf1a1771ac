"""The order of a call's dossiers, from their marks: the one of `scoring.worth`, with what decided each place.

Scores and means are in whole hundredths of a point, as they are shown: two dossiers that look alike are
equal, and the next criterion decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from ..scoring import drawn, figures, worth

Marks = Mapping[str, int]
"""Criterion: level."""
FIRST, SCORE, DRAW = "first", "score", "draw"
TOTAL = "total"
"""Among what a dossier is below: the call's pass mark."""


@dataclass(frozen=True)
class Criterion:
    """`floor` is the least mean level that is not below it."""

    code: str
    weight: int
    floor: int | None = None


@dataclass(frozen=True)
class Rules:
    """What an order depends on beside the marks. Weights add up to 100; `pass_mark` is in points."""

    scale_max: int
    criteria: tuple[Criterion, ...]
    tie_break: tuple[str, ...] = ()
    pass_mark: int = 0


@dataclass(frozen=True)
class Place:
    """A ranked dossier: its score, the means of its criteria, and what put it after the one above.

    `after` is `first`, `score`, the criterion that decided, or `draw`; `draw` is the dossier's lot where lots
    decided between it and a neighbour. `below` are the floors that it does not reach (`total`: the pass
    mark): it keeps its rank and cannot be funded.
    """

    rank: int
    file: str
    score: int
    means: Mapping[str, int]
    below: tuple[str, ...]
    after: str
    draw: str | None = None


@dataclass(frozen=True)
class Order:
    """Ranked dossiers best first; those that nobody has read, by number."""

    ranked: tuple[Place, ...]
    unread: tuple[str, ...]


@dataclass(frozen=True)
class _Candidate:
    file: str
    score: int
    ties: tuple[int, ...]
    means: Mapping[str, int]
    below: tuple[str, ...]
    lot: str


def rank(
    rules: Rules,
    reviews: Mapping[str, Sequence[Marks]],
    seed: str,
    corrected: Mapping[str, int] | None = None,
) -> Order:
    """The order of the dossiers that `reviews` names (each with its signed reviews, maybe none).

    The score is the mean of the totals, or `corrected` when given, both in hundredths of a point.
    """
    found = [
        _candidate(rules, file, mine, seed, None if corrected is None else corrected[file])
        for file, mine in reviews.items()
        if mine
    ]
    found.sort(key=lambda one: worth(one.score, one.ties, one.lot))
    return Order(_placed(rules, found), tuple(sorted(file for file, mine in reviews.items() if not mine)))


def _candidate(
    rules: Rules, file: str, reviews: Sequence[Marks], seed: str, corrected: int | None
) -> _Candidate:
    kept = figures(rules, reviews)
    score = kept.score if corrected is None else corrected
    below = [*kept.floors, *([TOTAL] if score < rules.pass_mark * 100 else [])]
    return _Candidate(file, score, tuple(kept.ties), kept.criteria, tuple(below), drawn(seed, file))


def _placed(rules: Rules, found: Sequence[_Candidate]) -> tuple[Place, ...]:
    def key(one: _Candidate) -> tuple[int, ...]:
        return one.score, *one.ties

    steps = (SCORE, *rules.tie_break)
    placed: list[Place] = []
    before: tuple[int, ...] | None = None
    for mine, equal in groupby(found, key=key):
        together = list(equal)
        after = FIRST
        if before is not None:
            after = next(step for step, a, b in zip(steps, before, mine, strict=True) if a != b)
        before = mine
        for at, one in enumerate(together):
            shown = one.lot if len(together) > 1 else None
            reason = DRAW if at else after
            placed.append(Place(len(placed) + 1, one.file, one.score, one.means, one.below, reason, shown))
    return tuple(placed)
