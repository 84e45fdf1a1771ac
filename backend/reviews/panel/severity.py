"""Scores corrected for severe and lenient evaluators, with how sure their order is.

The model is additive: total = μ + dossier + evaluator + error, dossiers and evaluators being random (normal,
independent). Variances are estimated by restricted maximum likelihood (REML; D. A. Harville, JASA 72, 1977),
both effects predicted given them (empirical Bayes, C. R. Henderson's mixed-model equations), so that few
readings are drawn towards the mean of all, and an evaluator's severity towards nil. Dossiers are absorbed:
what is solved has one row an evaluator. Ranks come from seeded draws of dossiers and evaluators together from
their joint distribution given the marks. That the variances are estimated too is not in the intervals: a
small panel's are a little short.

It supposes that who reads what does not depend on a dossier's worth, and that a severe evaluator is so
everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from . import UNSURE
from .ratings import Floats, Rating, Ratings, components
from .reml import Equations, Variances, estimate

DRAWS = 2000
FEWEST_FILES = 5
"""Dossiers shared with others below which an evaluator's severity is hardly known."""
LEAST_FREEDOM = 10
"""Residual degrees of freedom below which chance is hardly told from the rest: see docs/reliability.md."""
Refused = Literal["no_file_read_twice", "one_evaluator", "no_variation"]
Code = Literal[
    "few_files", "not_connected", "near_saturated", "no_severity_found", "no_difference_between_files"
]


class NotEstimable(ValueError):
    """The marks cannot tell dossiers, evaluators and chance apart; `code` says why."""

    def __init__(self, code: Refused) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Warned:
    """What to know before the corrected scores are used, and about whom or what."""

    code: Code
    evaluators: tuple[Any, ...] = ()
    files: tuple[Any, ...] = ()


@dataclass(frozen=True)
class FileScore:
    """A dossier, raw beside corrected, in points; `rank` is the expected one, from `rank_low` to `rank_high`.

    `se` is the standard error of the corrected score given the variances. The interval holds the rank with
    the probability of the model's `level`.
    """

    file: Any
    reviews: int
    raw: float
    corrected: float
    se: float
    rank: float
    rank_low: int
    rank_high: int


@dataclass(frozen=True)
class Severity:
    """An evaluator: `effect` is what she gives above or below (severe: negative) the panel, in points.

    `shared` counts the dossiers that somebody else read too.
    """

    evaluator: Any
    files: int
    shared: int
    effect: float
    se: float


@dataclass(frozen=True)
class Corrected:
    """The model's answer: files best first by corrected score, evaluators the most severe first."""

    files: tuple[FileScore, ...]
    evaluators: tuple[Severity, ...]
    mean: float
    variances: Variances
    warnings: tuple[Warned, ...]
    level: float

    @property
    def unsure(self) -> bool:
        """Are the ranks' intervals not to be believed?"""
        return any(one.code in UNSURE for one in self.warnings)

    @property
    def untold(self) -> bool:
        """Are variances so little known that no corrected score nor severity is worth telling?"""
        return any(one.code == "near_saturated" for one in self.warnings)


def correct(
    ratings: Iterable[Rating], *, draws: int = DRAWS, seed: int = 0, level: float = 0.90
) -> Corrected:
    """Fit the model to totals in points, the same way for the same seed. NotEstimable when nothing tells."""
    panel = Ratings.of(ratings)
    _refuse(panel)
    variances = estimate(panel)
    equations = Equations(panel, variances)
    ranks = equations.ranks(draws, seed)
    low, high = np.quantile(ranks, [(1 - level) / 2, (1 + level) / 2], axis=0, method="inverted_cdf")
    scores, errors = equations.scores()
    expected = ranks.mean(axis=0)
    files = [
        FileScore(
            file,
            int(panel.per_file[at]),
            float(panel.file_means[at]),
            float(scores[at]),
            float(errors[at]),
            float(expected[at]),
            int(low[at]),
            int(high[at]),
        )
        for at, file in enumerate(panel.files)
    ]
    evaluators = _severities(panel, equations)
    return Corrected(
        tuple(sorted(files, key=lambda one: (-one.corrected, str(one.file)))),
        tuple(sorted(evaluators, key=lambda one: (one.effect, str(one.evaluator)))),
        equations.mean,
        variances,
        tuple(_warnings(panel, evaluators, variances)),
        level,
    )


def _refuse(panel: Ratings) -> None:
    if len(panel.evaluators) == 1:
        raise NotEstimable("one_evaluator")
    if len(panel.files) < 2 or panel.per_file.max() < 2:
        raise NotEstimable("no_file_read_twice")
    if np.ptp(panel.values) == 0:
        raise NotEstimable("no_variation")


def _severities(panel: Ratings, equations: Equations) -> list[Severity]:
    effects, errors = equations.severities()
    read = np.bincount(panel.evaluator, minlength=len(panel.evaluators))
    together: Floats = (panel.per_file[panel.file] > 1).astype(np.float64)
    shared = np.bincount(panel.evaluator, weights=together, minlength=len(panel.evaluators))
    return [
        Severity(evaluator, int(read[at]), int(shared[at]), float(effects[at]), float(errors[at]))
        for at, evaluator in enumerate(panel.evaluators)
    ]


def _warnings(panel: Ratings, evaluators: list[Severity], variances: Variances) -> list[Warned]:
    found = []
    if few := [one.evaluator for one in evaluators if one.shared < FEWEST_FILES]:
        found.append(Warned("few_files", evaluators=tuple(few)))
    pairs = zip(panel.file.tolist(), panel.evaluator.tolist(), strict=True)
    groups = components(pairs)
    if len(groups) > 1:  # the largest is the rest: the others are named
        for files, people in groups[1:]:
            found.append(
                Warned(
                    "not_connected",
                    tuple(panel.evaluators[at] for at in sorted(people)),
                    tuple(panel.files[at] for at in sorted(files)),
                )
            )
    if panel.size - len(panel.files) - len(evaluators) + len(groups) < LEAST_FREEDOM:
        found.append(Warned("near_saturated"))
    if variances.evaluator == 0:
        found.append(Warned("no_severity_found"))
    if variances.file == 0:
        found.append(Warned("no_difference_between_files"))
    return found
