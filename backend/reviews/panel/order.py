"""The order of a call's dossiers, exactly: fractions, the grid's list of criteria, then a published draw.

Nothing here is rounded: two dossiers whose scores look alike to the hundredth are equal only if they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Literal

Marks = Mapping[str, int]
"""Criterion: level."""
Why = Literal["too_few_reviews", "below_floor_of_criterion", "below_floor_of_total"]
FIRST, SCORE, DRAW = "first", "score", "draw"


@dataclass(frozen=True)
class Criterion:
    """`floor` is the least mean level with which a dossier is ranked."""

    code: str
    weight: int
    floor: int | None = None


@dataclass(frozen=True)
class Rules:
    """What an order depends on beside the marks. Weights add up to 100; floors are least values that pass."""

    scale_max: int
    criteria: tuple[Criterion, ...]
    tie_break: tuple[str, ...] = ()
    total_floor: int | None = None  # points
    minimum_reviews: int = 1

    def total(self, marks: Marks) -> Fraction:
        """The points of one review, of 100."""
        points = sum(one.weight * marks[one.code] for one in self.criteria)
        return Fraction(points, self.scale_max)

    def mean_total(self, reviews: Sequence[Marks]) -> Fraction:
        """The mean of the reviews' totals, in points."""
        return sum(map(self.total, reviews), Fraction(0)) / len(reviews)

    def means(self, reviews: Sequence[Marks]) -> dict[str, Fraction]:
        """The mean level of each criterion."""
        return {
            one.code: Fraction(sum(marks[one.code] for marks in reviews), len(reviews))
            for one in self.criteria
        }


@dataclass(frozen=True)
class Place:
    """A ranked dossier: its score in points, its mean levels, and what put it after the one above.

    `after` is `first`, `score`, the criterion that decided, or `draw`; `draw` is the dossier's lot where lots
    decided between it and a neighbour.
    """

    rank: int
    file: str
    score: Fraction
    means: Mapping[str, Fraction]
    after: str
    draw: str | None = None


@dataclass(frozen=True)
class Unranked:
    """A dossier without a rank: `value` is what it has, `least` what it needs."""

    file: str
    why: Why
    value: Fraction
    least: int
    criterion: str | None = None


@dataclass(frozen=True)
class Order:
    """Ranked dossiers best first, then the others by number."""

    ranked: tuple[Place, ...]
    unranked: tuple[Unranked, ...]


def lot(seed: str, file: str) -> str:
    """What is drawn for a dossier: SHA-256 of the seed, a vertical bar and its number. The lowest goes first.

    Anyone redoes it: `printf '%s' 'SEED|NUMBER' | sha256sum`.
    """
    return hashlib.sha256(f"{seed}|{file}".encode()).hexdigest()


def rank(
    rules: Rules,
    reviews: Mapping[str, Sequence[Marks]],
    seed: str,
    corrected: Mapping[str, int] | None = None,
) -> Order:
    """The order of the dossiers that `reviews` names (each with its signed reviews, maybe none).

    The score is the mean total, or `corrected` (hundredths of a point) when given; ties go by the mean levels
    of `tie_break` in turn, then by lot. Floors of criteria hold on mean levels, that of the total on the
    score.
    """
    found: dict[str, Place] = {}
    unranked = []
    for file, mine in reviews.items():
        if len(mine) < max(1, rules.minimum_reviews):
            least = max(1, rules.minimum_reviews)
            unranked.append(Unranked(file, "too_few_reviews", Fraction(len(mine)), least))
            continue
        score = rules.mean_total(mine) if corrected is None else Fraction(corrected[file], 100)
        place = Place(0, file, score, rules.means(mine), SCORE)
        below = _below(rules, place)
        if below:
            unranked.append(below)
        else:
            found[file] = place
    return Order(_placed(rules, found, seed), tuple(sorted(unranked, key=lambda one: one.file)))


def _below(rules: Rules, place: Place) -> Unranked | None:
    """The first floor, in the grid's order and the total's last, that the dossier does not reach."""
    for one in rules.criteria:
        if one.floor is not None and place.means[one.code] < one.floor:
            return Unranked(
                place.file, "below_floor_of_criterion", place.means[one.code], one.floor, criterion=one.code
            )
    if rules.total_floor is not None and place.score < rules.total_floor:
        return Unranked(place.file, "below_floor_of_total", place.score, rules.total_floor)
    return None


def _placed(rules: Rules, found: Mapping[str, Place], seed: str) -> tuple[Place, ...]:
    def worth(place: Place) -> tuple[Fraction, ...]:
        return (-place.score, *(-place.means[code] for code in rules.tie_break))

    steps = (SCORE, *rules.tie_break)
    placed: list[Place] = []
    for key, equal in groupby(sorted(found.values(), key=worth), key=worth):
        drawn = sorted(((lot(seed, one.file), one) for one in equal), key=lambda pair: pair[0])
        before = worth(placed[-1]) if placed else None
        after = FIRST
        if before is not None:
            after = next(step for step, a, b in zip(steps, before, key, strict=True) if a != b)
        for number, (digest, one) in enumerate(drawn):
            shown = digest if len(drawn) > 1 else None
            reason = DRAW if number else after
            placed.append(Place(len(placed) + 1, one.file, one.score, one.means, reason, shown))
    return tuple(placed)
