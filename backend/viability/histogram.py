"""How draws are spread: counts in intervals of one round width, zero among their bounds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BARS = 32
"""Intervals at the most: what a phone's width shows."""


@dataclass(frozen=True, slots=True)
class Histogram:
    """`counts[i]` draws from `first + i × step` (included) to the next bound, in centimes; none is left out.

    `first` is a multiple of `step`, so that no interval holds both losses and gains.
    """

    first: int
    step: int
    counts: tuple[int, ...]

    def bounds(self) -> list[int]:
        """Where the intervals begin, and where the last one ends."""
        return [self.first + place * self.step for place in range(len(self.counts) + 1)]


def histogram(values: NDArray[np.float64]) -> Histogram:
    """Of at least one value in centimes; `step` is the least 1, 2 or 5 × 10^k dirhams that makes BARS do."""
    whole = np.rint(values)
    low, high = int(whole.min()), int(whole.max())
    power = 100
    while True:
        for step in (power, 2 * power, 5 * power):
            first, last = low // step, high // step
            if last - first < BARS:
                places = np.floor(whole / step).astype(np.int64) - np.int64(first)
                counts = np.bincount(places.clip(0, last - first), minlength=last - first + 1)
                return Histogram(first * step, step, tuple(int(one) for one in counts))
        power *= 10
