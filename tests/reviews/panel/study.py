"""Simulated panels whose truth is known: what the correction is worth. The table of docs/reliability.md.

`.venv/bin/python -m tests.reviews.panel.study` prints it again (every panel is seeded);
`--panels N` takes fewer.
"""

import argparse
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import kendalltau

from backend.reviews.panel.agreement import alpha
from backend.reviews.panel.icc import icc
from backend.reviews.panel.severity import correct

PANELS = 200


@dataclass(frozen=True)
class Case:
    """A kind of panel; standard deviations in points. `shape` says how it departs from the model."""

    files: int = 120
    people: int = 12
    readers: int = 2
    severity: float = 8.0
    worth: float = 10.0
    error: float = 8.0
    shape: str = "plain"


CASES = {
    "no severity": Case(severity=0),
    "slight (4 points)": Case(severity=4),
    "marked (8 points)": Case(),
    "strong (12 points)": Case(severity=12),
    "three readers": Case(readers=3),
    "small: 30 files, 6 evaluators": Case(files=30, people=6),
    "large: 600 files, 40 evaluators, 3 readers": Case(files=600, people=40, readers=3),
    "unbalanced: 1 to 4 readers, unequal loads": Case(shape="unbalanced"),
    "two panels that share nobody": Case(shape="disconnected"),
    "the same, one of them with files 10 points better": Case(severity=8.0, shape="apart"),
    "two evaluators very severe, the others alike": Case(severity=8, shape="outliers"),
    "marks on the grid (0–4), cut at both ends": Case(shape="grid"),
    "complete: everybody reads all 30 files": Case(files=30, people=5, readers=5),
}
WEIGHTS = (25, 20, 20, 15, 10, 10)


@dataclass(frozen=True)
class Panel:
    """Ratings and each dossier's true worth."""

    truth: dict[int, float]
    ratings: list[tuple[int, int, float]]

    def fit(self, draws: int = 200) -> Any:
        return correct(self.ratings, draws=draws)

    def compared(self, fitted: Any = None, draws: int = 200) -> tuple[float, float]:
        """Kendall's τ-b with the truth: of the mean, of the corrected score."""
        found = (fitted or self.fit(draws)).files
        truth = [self.truth[one.file] for one in found]
        # No order at all (no difference found between dossiers) is worth nil.
        return tuple(
            float(np.nan_to_num(kendalltau(truth, scores).statistic))
            for scores in ([round(one.raw, 9) for one in found], [round(one.corrected, 9) for one in found])
        )  # type: ignore[return-value]


def panel(case: Case, seed: int) -> Panel:
    """One simulated panel; the same for the same seed."""
    random = np.random.default_rng([seed, 2026])
    worth = random.normal(60, case.worth, case.files)
    severity = random.normal(0, case.severity, case.people)
    if case.shape == "apart":
        worth[1::2] += 10
    if case.shape == "outliers":
        severity = np.zeros(case.people)
        severity[:2] = -20
    ratings = []
    for file in range(case.files):
        for person in _readers(case, file, random):
            value = worth[file] + severity[person] + random.normal(0, case.error)
            ratings.append(
                (file, int(person), _marked(value, random) if case.shape == "grid" else round(value, 2))
            )
    return Panel(dict(enumerate(worth.tolist())), ratings)


def _readers(case: Case, file: int, random: np.random.Generator) -> Any:
    everybody = np.arange(case.people)
    if case.shape in {"disconnected", "apart"}:
        half = case.people // 2
        return random.choice(everybody[:half] if file % 2 else everybody[half:], case.readers, replace=False)
    if case.shape == "unbalanced":
        eager = np.linspace(1, 6, case.people)
        return random.choice(everybody, int(random.integers(1, 5)), replace=False, p=eager / eager.sum())
    return random.choice(everybody, case.readers, replace=False)


def _marked(value: float, random: np.random.Generator) -> float:
    """What a grid of six criteria marked 0 to 4 makes of a judgement: whole levels, none beyond the ends."""
    levels = np.clip(np.round((value + random.normal(0, 10, len(WEIGHTS))) / 25), 0, 4)
    return float(np.dot(WEIGHTS, levels) / 4)


def row(name: str, panels: int) -> str:
    """A line of the table: both τ, the mean gain with its standard error, how often, what intervals hold."""
    raw, corrected, held = [], [], []
    for seed in range(panels):
        one = panel(CASES[name], seed)
        found = one.fit(400)
        before, after = one.compared(found)
        raw.append(before)
        corrected.append(after)
        best = sorted(one.truth, key=lambda file: -one.truth[file])
        rank = {file: at for at, file in enumerate(best, 1)}
        held.append(np.mean([each.rank_low <= rank[each.file] <= each.rank_high for each in found.files]))
    gain = np.array(corrected) - np.array(raw)
    error = gain.std(ddof=1) / np.sqrt(panels)
    return (
        f"| {name} | {np.mean(raw):.3f} | {np.mean(corrected):.3f} | {gain.mean():+.3f} ± {error:.3f} |"
        f" {np.mean(gain > 0):.0%} | {np.mean(held):.0%} |"
    )


def coverage(files: int, readers: int, panels: int) -> str:
    """How often 95 % intervals hold the true agreement; readers never the same, a quarter missing last."""
    held: dict[str, list[bool]] = {"alpha": [], "icc": [], "uneven": []}
    true = 100 / 164  # variances 10² between files, 8² within
    for seed in range(panels):
        random = np.random.default_rng([seed, files, readers])
        worth = random.normal(60, 10, files)
        ratings = [
            (f, f"{f}/{r}", float(worth[f] + random.normal(0, 8)))
            for f in range(files)
            for r in range(readers)
        ]
        found = alpha(ratings, "interval", draws=500, seed=seed)
        one = icc(ratings)["1"]
        uneven = icc([each for each in ratings if random.random() > 0.25])["1"]
        for name, (low, high) in {
            "alpha": (found.lower, found.upper),
            "icc": (one.lower, one.upper),
            "uneven": (uneven.lower, uneven.upper),
        }.items():
            held[name].append(low is not None and high is not None and low <= true <= high)
    return f"| {files} × {readers} | " + " | ".join(f"{np.mean(one):.0%}" for one in held.values()) + " |"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--panels", type=int, default=PANELS)
    panels = options.parse_args().panels
    print("| Panel | τ of the mean | τ corrected | gain | better in | 90 % rank interval holds |")
    print("|---|---|---|---|---|---|")
    for name in CASES:
        print(row(name, panels), flush=True)
    print(
        "\n| Dossiers × readers | α, resampled | ICC(1), F | ICC(1), a quarter missing |\n|---|---|---|---|"
    )
    for files, readers in ((20, 2), (40, 3), (150, 2)):
        print(coverage(files, readers, 2 * panels), flush=True)


if __name__ == "__main__":
    main()
