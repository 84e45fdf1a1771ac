"""The mixed-model equations behind `severity`, with the dossiers absorbed.

With γ = variance over error variance and u = √γ·v, the equations of (μ, v of dossiers, v of evaluators) are
C = [XZW]ᵀ[XZW] + diag(0, I, I): a variance of nil needs no special case. A dossier's own block is the number
1 + γ_f·m, so dossiers are eliminated one by one and a matrix of one row an evaluator is left.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .ratings import Floats, Ratings

TOP = 0.9999
"""Highest share γ/(1 + γ) that is tried: nearly no error at all."""
NIL = 1e-6
"""A share below this is reported as a variance of nil: the maximum is at the boundary."""


@dataclass(frozen=True)
class Variances:
    """In squared points."""

    file: float
    evaluator: float
    error: float


class Absorbed:
    """Sums over dossiers that have the same number of readings: all that the likelihood depends on."""

    def __init__(self, panel: Ratings) -> None:
        files, people = len(panel.files), len(panel.evaluators)
        self.rows, self.people = panel.size, people
        self.design = np.zeros((files, 1 + people))  # the mean, then who read the dossier
        np.add.at(self.design, (panel.file, 1 + panel.evaluator), 1.0)
        self.design[:, 0] = panel.per_file
        self.origin = float(panel.values.mean())
        values = panel.values - self.origin
        self.squares = float(values @ values)
        self.sums = np.bincount(panel.file, weights=values, minlength=files)
        given = np.bincount(panel.evaluator, weights=values, minlength=people)
        self.right = np.concatenate(([values.sum()], given))
        read = np.bincount(panel.evaluator, minlength=people).astype(np.float64)
        self.left = np.diag(np.concatenate(([float(panel.size)], read)))
        self.left[0, 1:] = self.left[1:, 0] = read
        self.groups = []
        for size in np.unique(panel.per_file):
            mine = panel.per_file == size
            design, sums = self.design[mine], self.sums[mine]
            self.groups.append(
                (float(size), int(mine.sum()), design.T @ design, design.T @ sums, float(sums @ sums))
            )

    def reduced(self, file: float, evaluator: float) -> tuple[Floats, Floats, float, float]:
        """At these: what is left for (μ, v), its right side, the squares, the log of what is absorbed."""
        left, right, squares, log = self.left.copy(), self.right.copy(), self.squares, 0.0
        for size, count, products, sums, own in self.groups:
            share = file / (1 + file * size)
            left -= share * products
            right -= share * sums
            squares -= share * own
            log += count * float(np.log1p(file * size))
        scale = np.full(1 + self.people, np.sqrt(evaluator))
        scale[0] = 1.0
        left *= scale[:, None] * scale
        left[np.arange(1, 1 + self.people), np.arange(1, 1 + self.people)] += 1.0
        return left, right * scale, squares, log

    def deviance(self, file: float, evaluator: float) -> tuple[float, float]:
        """−2 log restricted likelihood but a constant, the error variance profiled out; and that variance."""
        left, right, squares, log = self.reduced(file, evaluator)
        factor = np.linalg.cholesky(left)
        solved = np.linalg.solve(factor, right)
        error = max(squares - float(solved @ solved), 1e-9 * self.squares) / (self.rows - 1)
        return (self.rows - 1) * float(np.log(error)) + log + 2 * float(np.log(np.diag(factor)).sum()), error


def estimate(panel: Ratings) -> Variances:
    """REML: the best of a coarse grid, then a bounded quasi-Newton search from it. Deterministic."""
    from scipy.optimize import minimize  # type: ignore[import-untyped]

    data = Absorbed(panel)

    def of(shares: Floats) -> float:
        return data.deviance(*_ratios(shares))[0]

    steps = [0.0, 0.1, 0.3, 0.5, 0.7, 0.9]
    starts = [np.array([f, e]) for f in steps for e in steps]
    best = min(starts, key=of)
    found = minimize(
        of, best, method="L-BFGS-B", bounds=[(0, TOP)] * 2, options={"ftol": 1e-12, "gtol": 1e-7}
    )
    shares = np.asarray(found.x if found.fun <= of(best) else best)
    # A maximum at nil is reached from above only nearly: nil itself is tried.
    for at in (0, 1):
        nil = shares.copy()
        nil[at] = 0.0
        if shares[at] < NIL or of(nil) <= of(shares):
            shares = nil
    file, evaluator = _ratios(shares)
    error = data.deviance(file, evaluator)[1]
    return Variances(file * error, evaluator * error, error)


def _ratios(shares: Floats) -> tuple[float, float]:
    file, evaluator = (float(one) for one in shares / (1 - shares))
    return file, evaluator


class Equations:
    """Dossiers and evaluators given the variances: predictions, their errors, and draws."""

    def __init__(self, panel: Ratings, variances: Variances) -> None:
        self._data = data = Absorbed(panel)
        file, evaluator = variances.file / variances.error, variances.evaluator / variances.error
        left, right, _, _ = data.reduced(file, evaluator)
        scale = np.full(1 + data.people, np.sqrt(evaluator))
        scale[0] = 1.0
        inverse = np.linalg.inv(left)
        self._covariance = (inverse + inverse.T) / 2 * scale[:, None] * scale * variances.error
        self._solution = scale * (inverse @ right)  # μ (from the origin) and the evaluators' effects
        self._factor = (
            scale[:, None] * np.linalg.cholesky((inverse + inverse.T) / 2) * np.sqrt(variances.error)
        )
        share = file / (1 + file * panel.per_file)
        # μ + dossier = constant + slope · (μ, evaluators) + its own error, given everything else.
        self._constant = share * data.sums
        self._slope = -share[:, None] * data.design
        self._slope[:, 0] += 1.0
        self._own = share * variances.error

    @property
    def mean(self) -> float:
        """μ, in points."""
        return self._data.origin + float(self._solution[0])

    def scores(self) -> tuple[Floats, Floats]:
        """Each dossier's corrected score and its standard error, in points."""
        spread = np.einsum("ij,jk,ik->i", self._slope, self._covariance, self._slope, optimize=True)
        scores = self._data.origin + self._constant + self._slope @ self._solution
        return scores, np.sqrt(self._own + np.maximum(spread, 0.0))

    def severities(self) -> tuple[Floats, Floats]:
        """Each evaluator's effect and its standard error, in points."""
        return self._solution[1:], np.sqrt(np.maximum(np.diag(self._covariance)[1:], 0.0))

    def ranks(self, draws: int, seed: int) -> np.ndarray[tuple[int, int], np.dtype[np.int32]]:
        """Draws × dossiers: the rank of each in each draw of the joint distribution, 1 for the best."""
        random = np.random.default_rng(seed)
        files = len(self._constant)
        common = self._solution[:, None] + self._factor @ random.standard_normal((len(self._solution), draws))
        own = np.sqrt(self._own)[:, None] * random.standard_normal((files, draws))
        drawn = (self._constant[:, None] + self._slope @ common + own).T
        if not self._own.any():  # dossiers do not differ: any order is as good
            drawn = random.standard_normal((draws, files))
        order = np.argsort(-drawn, axis=1, kind="stable")
        ranks = np.empty((draws, files), dtype=np.int32)
        np.put_along_axis(ranks, order, np.arange(1, files + 1, dtype=np.int32)[None, :], axis=1)
        return ranks
