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
AT_ONCE = 250
"""Resamples worked out together: a matrix of them by dossiers stays small."""
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
    value = _told(sample.alphas(np.ones((1, units)))[0]) if units else None
    lower, upper = (None, None) if value is None or units < FEWEST else sample.interval(draws, seed, level)
    return Alpha(metric, value, lower, upper, units, panel.size, level)


def _told(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


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

    def alphas(self, weights: Floats) -> Floats:
        """α of each row, where dossier u counts `weights[·, u]` times; NaN where all ratings are equal."""
        units = len(self.sizes)
        if self.metric == "ordinal":
            distinct = int(self.codes.max()) + 1
            held = np.bincount(self.unit * distinct + self.codes, minlength=units * distinct)
            table = held.reshape(units, distinct).astype(np.float64)  # of which dossier, which rating
            counts = weights @ table
            ranks = np.cumsum(counts, axis=1) - counts / 2
            sums: Floats = ranks @ table.T
            squares: Floats = (ranks * ranks) @ table.T
        else:
            sums = np.bincount(self.unit, self.values, units).astype(np.float64)
            squares = np.bincount(self.unit, self.values * self.values, units).astype(np.float64)
        n = weights @ self.sizes
        seen = (weights * ((self.sizes * squares - sums * sums) / (self.sizes - 1))).sum(axis=-1) / n
        total, square = (weights * sums).sum(axis=-1), (weights * squares).sum(axis=-1)
        expected = (n * square - total * total) / (n * (n - 1))
        told = expected > 1e-12 * np.maximum(1.0, square / n)
        found: Floats = 1 - np.divide(seen, expected, out=np.full_like(n, np.nan), where=told)
        return found

    def interval(self, draws: int, seed: int, level: float) -> tuple[float | None, float | None]:
        """Percentiles of α over resamples of the dossiers; none when over 5 % of them have no α."""
        units = len(self.sizes)
        random = np.random.default_rng(seed)
        drawn = random.multinomial(units, np.full(units, 1 / units), size=draws).astype(np.float64)
        every = np.concatenate([self.alphas(drawn[at : at + AT_ONCE]) for at in range(0, draws, AT_ONCE)])
        found = every[~np.isnan(every)]
        if len(found) < 0.95 * draws:
            return None, None
        low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2])
        return float(low), float(high)
