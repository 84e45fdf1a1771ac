"""What is said of a series of timings. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of them lie (0 … 1), linear between two neighbours.

    >>> percentile([1.0, 2.0, 3.0, 4.0], 0.5)
    2.5
    """
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


@dataclass
class Series:
    """The timings of one side, in seconds, by round."""

    rounds: list[list[float]] = field(default_factory=list)

    @property
    def all(self) -> list[float]:
        return [value for one in self.rounds for value in one]

    @property
    def p50(self) -> float:
        """The median of the rounds' medians: a neighbour's busy minute spoils one round, not the figure."""
        return median(median(one) for one in self.rounds)

    @property
    def p95(self) -> float:
        return percentile(self.all, 0.95)


def ratio(ours: Series, limit: Series) -> float:
    """The median over the rounds of our median over the limit's, both of the same minute."""
    pairs = zip(ours.rounds, limit.rounds, strict=True)
    return median(median(mine) / median(theirs) for mine, theirs in pairs)


def interleaved(sides: Mapping[str, Callable[[], object]], rounds: int, each: int) -> dict[str, Series]:
    """Time every side `each` times a round; who goes first alternates from round to round."""
    found = {name: Series() for name in sides}
    names = list(sides)
    for number in range(rounds):
        for name in names if number % 2 == 0 else reversed(names):
            found[name].rounds.append([_timed(sides[name]) for _ in range(each)])
    return found


def _timed(call: Callable[[], object]) -> float:
    begun = perf_counter()
    call()
    return perf_counter() - begun
