"""The same quantities, as slow and plain as their definitions: what the panel's modules are held to."""

from collections import Counter
from itertools import permutations

import numpy as np


def alpha(units, metric):
    """Krippendorff's α from the coincidence matrix, pair by pair (Krippendorff 2011, « Computing … »)."""
    units = [unit for unit in units if len(unit) >= 2]
    coincidences = Counter()
    for unit in units:
        for one, other in permutations(range(len(unit)), 2):
            coincidences[unit[one], unit[other]] += 1 / (len(unit) - 1)
    margins = Counter()
    for (one, _), times in coincidences.items():
        margins[one] += times
    n = sum(margins.values())
    categories = sorted(margins)

    def distance(c, k):
        if metric == "nominal":
            return float(c != k)
        if metric == "interval":
            return (c - k) ** 2
        if metric == "ratio":
            return ((c - k) / (c + k)) ** 2
        low, high = min(c, k), max(c, k)
        between = sum(margins[g] for g in categories if low <= g <= high)
        return (between - (margins[c] + margins[k]) / 2) ** 2

    seen = sum(times * distance(c, k) for (c, k), times in coincidences.items())
    expected = sum(margins[c] * margins[k] * distance(c, k) for c in categories for k in categories if c != k)
    return 1 - (n - 1) * seen / expected


def analysis_of_variance(table):
    """Mean squares of rows, columns, error and within rows, by sums over every cell."""
    n, k = len(table), len(table[0])
    grand = sum(map(sum, table)) / (n * k)
    rows = [sum(row) / k for row in table]
    columns = [sum(row[j] for row in table) / n for j in range(k)]
    msr = sum((rows[i] - grand) ** 2 for i in range(n) for _ in range(k)) / (n - 1)
    msc = sum((columns[j] - grand) ** 2 for _ in range(n) for j in range(k)) / (k - 1)
    mse = sum((table[i][j] - rows[i] - columns[j] + grand) ** 2 for i in range(n) for j in range(k))
    msw = sum((table[i][j] - rows[i]) ** 2 for i in range(n) for j in range(k)) / (n * (k - 1))
    return msr, msc, mse / ((n - 1) * (k - 1)), msw


def mixed_model(ratings, file, evaluator, error):
    """μ, each dossier's μ + effect with its standard error, each evaluator's effect; and −2 log REML.

    From the dense covariance of the ratings: generalised least squares, then the normal conditional law.
    """
    files = sorted({f for f, _, _ in ratings})
    people = sorted({e for _, e, _ in ratings})
    y = np.array([v for _, _, v in ratings])
    z = np.array([[f == one for one in files] for f, _, _ in ratings], dtype=float)
    w = np.array([[e == one for one in people] for _, e, _ in ratings], dtype=float)
    v = file * z @ z.T + evaluator * w @ w.T + error * np.eye(len(y))
    inverse = np.linalg.inv(v)
    ones = np.ones(len(y))
    information = ones @ inverse @ ones
    mean = (ones @ inverse @ y) / information
    residual = inverse @ (y - mean)
    # μ̂ + û is linear in y; its error is (μ + u) − (μ̂ + û).
    projector = inverse - np.outer(inverse @ ones, ones @ inverse) / information
    scores = mean + file * z.T @ residual
    gain = file * z.T
    missed = file * np.eye(len(files)) - gain @ projector @ gain.T
    cross = gain @ inverse @ ones
    # Var(μ̂ − μ) = 1/I; Cov(û − u, μ̂ − μ) = −cross/I.
    spread = missed + (1 - cross[:, None] - cross[None, :]) / information
    deviance = np.linalg.slogdet(v)[1] + np.log(information) + (y - mean) @ residual
    effects = evaluator * w.T @ residual
    return mean, scores, np.sqrt(np.diag(spread)), effects, deviance
