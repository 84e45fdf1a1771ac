"""Geometry for the charts drawn by the macros: places as percentages, mirrored for right to left.

Charts are SVG whose places are percentages and whose text keeps its size, so that one drawing suits a
phone and a desk. Inside a chart, x runs from the start side, whichever that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

Point = tuple[float, float]


class Span(NamedTuple):
    """A horizontal stretch, in percent: its left edge and its width."""

    x: str
    width: str


def _number(value: float | date) -> float:
    """Numbers as they are, days as ordinals, instants in fractions of a day."""
    if isinstance(value, datetime):
        return value.timestamp() / 86400
    if isinstance(value, date):
        return float(value.toordinal())
    return float(value)


def share(value: float | date, low: float | date, high: float | date) -> float:
    """Where `value` lies between `low` and `high`, from 0 to 1, clamped."""
    start, end = _number(low), _number(high)
    return min(max((_number(value) - start) / ((end - start) or 1.0), 0.0), 1.0)


def percent(fraction: float) -> str:
    """`0.375` → `37.5%`, as short as it can be written."""
    return f"{round(fraction * 100, 2):g}%"


class Axis:
    """Places along the reading direction of one language."""

    def __init__(self, rtl: bool) -> None:
        self.rtl = rtl
        self.sign = -1 if rtl else 1

    def at(self, value: float | date, low: float | date = 0, high: float | date = 100) -> str:
        """The x of a point."""
        fraction = share(value, low, high)
        return percent(1 - fraction if self.rtl else fraction)

    def span(
        self, start: float | date, end: float | date, low: float | date = 0, high: float | date = 100
    ) -> Span:
        """The x and width of a stretch."""
        first, last = share(start, low, high), share(end, low, high)
        return Span(percent(1 - last if self.rtl else first), percent(last - first))

    def line(self, points: Iterable[Point], x: Point, y: Point, *, steps: bool = False) -> str:
        """The `points` of a polyline in a 100 × 100 box; `steps` for survival curves."""
        placed: list[Point] = []
        for px, py in points:
            left = share(px, *x) * 100
            top = (1 - share(py, *y)) * 100
            if steps and placed:
                placed.append((100 - left if self.rtl else left, placed[-1][1]))
            placed.append((100 - left if self.rtl else left, top))
        return " ".join(f"{px:.2f},{py:.2f}" for px, py in placed)

    def area(
        self, upper: Sequence[Point], lower: Sequence[Point], x: Point, y: Point, *, steps: bool = False
    ) -> str:
        """The polygon between two lines over the same box."""
        there = self.line(upper, x, y, steps=steps)
        back = self.line(lower, x, y, steps=steps).split()[::-1]
        return f"{there} {' '.join(back)}"


def months_between(start: date, end: date) -> list[date]:
    """The first day of each month from `start` (excluded unless itself the first) to `end`."""
    found: list[date] = []
    year, month = start.year, start.month
    while (day := date(year, month, 1)) <= end:
        if day >= start:
            found.append(day)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found
