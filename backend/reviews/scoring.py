"""The arithmetic of marks: exact fractions inside, one rounding (half up) to hundredths of a point.

A criterion of weight w marked `level` on a scale of 0 … s is worth w × level / s points; a grid's weights add
up to 100, so that a full review is out of 100 points, or 10 000 hundredths.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ..calls.callfile.models import Grid


class Criterion(Protocol):
    """What a mark is worth; `floor` is the least mean level that is not below it."""

    @property
    def code(self) -> str: ...
    @property
    def weight(self) -> int: ...
    @property
    def floor(self) -> int | None: ...


class Scale(Protocol):
    """What a score depends on: a call's grid, or the rules that the file of a ranking holds."""

    @property
    def scale_max(self) -> int: ...
    @property
    def criteria(self) -> Sequence[Criterion]: ...
    @property
    def tie_break(self) -> Sequence[str]: ...


def half_up(value: Fraction) -> int:
    """The nearest integer; a half goes up (values here are never negative)."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def points(criterion: Criterion, level: int, scale_max: int) -> Fraction:
    """What a mark is worth, in hundredths of a point, exactly."""
    return Fraction(criterion.weight * 100 * level, scale_max)


def total_hundredths(grid: Scale, marks: Mapping[str, int]) -> int:
    """The weighted total of the marks given; a criterion without a mark counts for nothing yet."""
    return sum_hundredths(grid.criteria, marks, grid.scale_max)


def sum_hundredths(criteria: Iterable[Criterion], marks: Mapping[str, int], scale_max: int) -> int:
    """What the marks given to these criteria (of a section, of all the grid) are worth together."""
    return half_up(
        sum((points(c, marks[c.code], scale_max) for c in criteria if c.code in marks), Fraction(0))
    )


def unmarked(grid: Scale, marks: Mapping[str, int]) -> list[str]:
    """The criteria still to be marked, in the grid's order."""
    return [criterion.code for criterion in grid.criteria if criterion.code not in marks]


def before_viability(grid: Grid, marks: Mapping[str, int]) -> list[str]:
    """The criteria that an evaluator marks herself before the financial model is shown to her.

    None where the call shows it at once; all of them where it names no criterion of feasibility.
    """
    if grid.viability == "at_once":
        return []
    flagged = [one.code for one in grid.criteria if one.feasibility]
    return [code for code in flagged or [one.code for one in grid.criteria] if code not in marks]


@dataclass(frozen=True)
class Figures:
    """A dossier's standing, in hundredths of a point; `floors` are the criteria below their minimum mark."""

    reviews: int
    score: int
    spread: int
    ties: list[int]
    criteria: dict[str, int]
    floors: list[str]
    discordant: bool = False


def standing(grid: Grid, reviews: Sequence[Mapping[str, int]]) -> Figures:
    """What the signed reviews (their marks) say together; at least one is needed.

    They are discordant when their totals are further apart than the call allows.
    """
    found = figures(grid, reviews)
    return replace(found, discordant=found.spread > grid.discordance * 100)


def figures(grid: Scale, reviews: Sequence[Mapping[str, int]]) -> Figures:
    """What a dossier is ranked by; at least one review is needed.

    The score is the mean of the totals as they are shown, so that a reader finds it again; each criterion's
    mean is that of its exact points. See `worth` for the order.
    """
    totals = [total_hundredths(grid, marks) for marks in reviews]
    n = len(totals)
    means = {
        c.code: half_up(sum((points(c, marks[c.code], grid.scale_max) for marks in reviews), Fraction(0)) / n)
        for c in grid.criteria
    }
    return Figures(
        reviews=n,
        score=half_up(Fraction(sum(totals), n)),
        spread=max(totals) - min(totals),
        ties=[means[code] for code in grid.tie_break],
        criteria=means,
        floors=[c.code for c in grid.criteria if c.floor and sum(m[c.code] for m in reviews) < c.floor * n],
    )


def worth(score: int, ties: Sequence[int], draw: str) -> tuple[int, tuple[int, ...], str]:
    """The one order of a call's dossiers, best first when sorted by it: all in whole hundredths, as shown.

    The score (or the corrected one, where the call ranks by it), then the means of the criteria that break
    ties, then the draw. The database orders by the same columns: tests hold the two together.
    """
    return -score, tuple(-mean for mean in ties), draw


def drawn(seed: str, number: str) -> str:
    """What parts two dossiers that every criterion leaves equal: SHA-256 of the call's seed, then the number.

    The smaller comes first. Anybody redoes it: `printf '%s%s' SEED NUMBER | sha256sum`.
    """
    return sha256(f"{seed}{number}".encode()).hexdigest()
