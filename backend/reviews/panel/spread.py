"""Where evaluators differ: by evaluator, by criterion, and the dossiers to read again or to discuss."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from statistics import fmean, stdev
from typing import Any, Literal

import numpy as np

from .agreement import Alpha, alpha
from .icc import Form, Icc, icc
from .ratings import Rating, Ratings


@dataclass(frozen=True)
class EvaluatorSpread:
    """How far one evaluator is from the mean of the dossiers that she shares, in the ratings' own unit.

    `sd` is None for one dossier. The mean of a dossier holds her own rating, so that with m evaluators her
    distance from the others is m/(m − 1) times this one.
    """

    evaluator: Any
    files: int
    mean: float
    sd: float | None


@dataclass(frozen=True)
class CriterionSpread:
    """How one criterion is marked: `within` is the pooled standard deviation inside dossiers, in levels."""

    code: str
    marks: int
    mean: float
    within: float | None
    alpha: Alpha
    icc: dict[Form, Icc]


Destination = Literal["another_reader", "discussion"]
Reason = Literal["over_threshold", "unusual_for_the_call", "across_the_pass_mark"]
"""`over_threshold` is the definition; the others are said of a dossier that is discordant by it."""


@dataclass(frozen=True)
class Discordant:
    """A dossier on which evaluators disagree; `spread`, `sd` and `pooled` are in hundredths of a point.

    `sd` is that of its totals, `pooled` the within-dossier one of all the others (None when it is alone).
    `send_to` says what helps: somebody else's reading while it has fewer than `most`, then a discussion.
    """

    file: Any
    totals: tuple[int, ...]
    spread: int
    sd: float
    pooled: float | None
    reasons: tuple[Reason, ...]
    send_to: Destination


def by_evaluator(ratings: Iterable[Rating]) -> list[EvaluatorSpread]:
    """The mean distance of each evaluator from the dossiers' means, the most severe first."""
    panel = Ratings.of(ratings).shared()
    away = panel.values - panel.file_means[panel.file]
    found = []
    for at, evaluator in enumerate(panel.evaluators):
        mine = [float(one) for one in away[panel.evaluator == at]]
        found.append(
            EvaluatorSpread(evaluator, len(mine), fmean(mine), stdev(mine) if len(mine) > 1 else None)
        )
    return sorted(found, key=lambda one: (one.mean, str(one.evaluator)))


def by_criterion(
    marks: Mapping[str, Sequence[Rating]], *, seed: int = 0, draws: int = 1000
) -> list[CriterionSpread]:
    """Each criterion's marks (levels), in the order given: α is ordinal, levels being an order."""
    found = []
    for code, ratings in marks.items():
        panel = Ratings.of(ratings)
        squares, freedom = _within(panel)
        found.append(
            CriterionSpread(
                code,
                panel.size,
                float(panel.values.mean()) if panel.size else 0.0,
                sqrt(squares.sum() / freedom.sum()) if freedom.sum() else None,
                alpha(ratings, "ordinal", seed=seed, draws=draws),
                icc(ratings),
            )
        )
    return found


def discordant(
    totals: Iterable[tuple[Hashable, Hashable, int]],
    *,
    threshold: int,
    pass_mark: int | None = None,
    most: int = 3,
    unusual: Fraction = Fraction(5, 2),
) -> list[Discordant]:
    """The dossiers to send on, the widest first; totals, threshold and pass mark in hundredths of a point.

    A dossier is discordant when its highest and lowest totals are further apart than `threshold`: the one
    definition, which the call announces, and by which it is sent to another reader (`scoring.standing`). That
    its standard deviation is over `unusual` times the pooled one of all other dossiers (its own left out, so
    that it does not hide itself), or that some put it above the pass mark and others below, is added to its
    reasons and makes none alone.
    """
    given = list(totals)
    panel = Ratings.of((file, evaluator, float(total)) for file, evaluator, total in given)
    by_file: dict[Hashable, list[int]] = {}
    for file, _, total in given:
        by_file.setdefault(file, []).append(total)
    squares, freedom = _within(panel)
    found = []
    for at, file in enumerate(panel.files):
        if freedom[at] == 0:
            continue
        mine = sorted(by_file[file])
        if mine[-1] - mine[0] <= threshold:
            continue
        sd = sqrt(squares[at] / freedom[at])
        others = int(freedom.sum() - freedom[at])
        # The sum of the others' squares, never below nil by rounding.
        pooled = sqrt(max(0.0, float(squares.sum() - squares[at])) / others) if others else None
        reasons: list[Reason] = ["over_threshold"]
        if pooled is not None and pooled > 0 and sd > float(unusual) * pooled:
            reasons.append("unusual_for_the_call")
        if pass_mark is not None and mine[0] < pass_mark <= mine[-1]:
            reasons.append("across_the_pass_mark")
        send_to: Destination = "another_reader" if len(mine) < most else "discussion"
        found.append(Discordant(file, tuple(mine), mine[-1] - mine[0], sd, pooled, tuple(reasons), send_to))
    return sorted(found, key=lambda one: (-one.spread, -one.sd, str(one.file)))


def _within(panel: Ratings) -> tuple[np.ndarray[tuple[int], Any], np.ndarray[tuple[int], Any]]:
    """By dossier, the sum of squares around its mean and its degrees of freedom."""
    files = len(panel.files)
    if not files:
        return np.zeros(0), np.zeros(0)
    away = panel.values - panel.file_means[panel.file]
    return np.bincount(panel.file, weights=away * away, minlength=files), panel.per_file - 1
