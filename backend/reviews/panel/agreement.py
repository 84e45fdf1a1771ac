"""Krippendorff's α for any number of evaluators and missing ratings, ordinal and interval, with its interval.

α = 1 − Dₒ/Dₑ (K. Krippendorff, Content Analysis, 2nd ed. 2004, ch. 11): the disagreement seen within dossiers
over the one expected if ratings fell on dossiers by chance. Ordinal distances between two categories are the
ratings that lie between them, which is the difference of their mid-ranks: ordinal α is interval α on
mid-ranks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .ratings import Floats, Rating, Ratings

Metric = Literal["ordinal", "interval"]
DRAWS = 2000
FEWEST = 6
"""Dossiers rated twice below which resampling them says nothing: no interval is given."""


@dataclass(frozen=True)
class Alpha:
    """α with what it rests on: `units` dossiers rated at least twice, `ratings` on them.

    `value` is None when there is nothing to compare (no dossier rated twice, or the same rating everywhere);
    `lower`, `upper` are None when fewer than `FEWEST` dossiers or too many degenerate resamples leave no
    interval.
    """

    metric: Metric
    value: float | None
    lower: float | None
    upper: float | None
    units: int
    ratings: int
    level: float = 0.95


def alpha(
    ratings: Iterable[Rating], metric: Metric, *, draws: int = DRAWS, seed: int = 0, level: float = 0.95
) -> Alpha:
    """Krippendorff's α and its percentile interval over `draws` seeded resamples of the dossiers."""
    panel = Ratings.of(ratings).shared()
    sample = _Sample.of(panel, metric)
    units = len(panel.files)
    value = sample.alpha(np.ones(units)) if units else None
    lower, upper = (None, None) if value is None or units < FEWEST else sample.interval(draws, seed, level)
    return Alpha(metric, value, lower, upper, units, panel.size, level)


@dataclass(frozen=True)
class _Sample:
    """Ratings of dossiers rated at least twice, ready to be weighted again and again."""

    metric: Metric
    unit: np.ndarray[tuple[int], np.dtype[np.intp]]
    sizes: Floats
    values: Floats  # centred, for interval distances
    codes: np.ndarray[tuple[int], np.dtype[np.intp]]  # places among the distinct values, for ordinal ones

    @classmethod
    def of(cls, panel: Ratings, metric: Metric) -> _Sample:
        _, codes = np.unique(panel.values, return_inverse=True)
        centred = panel.values - (panel.values.mean() if panel.size else 0)
        return cls(metric, panel.file, panel.per_file.astype(np.float64), centred, codes.astype(np.intp))

    def alpha(self, weights: Floats) -> float | None:
        """α when dossier u counts `weights[u]` times; None when all ratings are then equal."""
        units, values = len(self.sizes), self.values
        if self.metric == "ordinal":
            counts = np.bincount(self.codes, weights=weights[self.unit])
            values = (np.cumsum(counts) - counts / 2)[self.codes]
        sums = np.bincount(self.unit, weights=values, minlength=units)
        squares = np.bincount(self.unit, weights=values * values, minlength=units)
        n = float(weights @ self.sizes)
        seen = float(weights @ ((self.sizes * squares - sums * sums) / (self.sizes - 1))) / n
        total = float(weights @ sums)
        expected = (n * float(weights @ squares) - total * total) / (n * (n - 1))
        if expected <= 1e-12 * max(1.0, float(weights @ squares) / n):
            return None
        return 1 - seen / expected

    def interval(self, draws: int, seed: int, level: float) -> tuple[float | None, float | None]:
        """Percentiles of α over resamples of the dossiers; none when over 5 % of them have no α."""
        units = len(self.sizes)
        random = np.random.default_rng(seed)
        drawn = random.multinomial(units, np.full(units, 1 / units), size=draws)
        found = [one for weights in drawn if (one := self.alpha(weights.astype(np.float64))) is not None]
        if len(found) < 0.95 * draws:
            return None, None
        low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2])
        return float(low), float(high)
