"""Whole centimes from exact fractions. Every rounding of the model is this one."""

from collections.abc import Sequence

BP = 10_000
"""One, in hundredths of a percent (basis points): the unit of every share and rate."""

DAYS = 30
"""Days of a month, as traders count payment delays."""


def half_up(numerator: int, denominator: int) -> int:
    """The nearest whole number of `numerator / denominator`, halves away from zero; denominator > 0.

    >>> half_up(5, 2), half_up(-5, 2), half_up(7, 3)
    (3, -3, 2)
    """
    if numerator >= 0:
        return (2 * numerator + denominator) // (2 * denominator)
    return -((denominator - 2 * numerator) // (2 * denominator))


def last_days(amounts: Sequence[int], at: int, days: int) -> int:
    """The part of monthly `amounts` (centimes) within the last `days` before the end of month `at`.

    A month has 30 days and its amount spreads evenly over them: 45 days are that month and half of the one
    before. Months before the first hold nothing.
    """
    whole, rest = divmod(days, DAYS)
    found = sum(amounts[max(at - whole + 1, 0) : at + 1])
    if rest and at >= whole:
        found += half_up(amounts[at - whole] * rest, DAYS)
    return found


def next_days(amounts: Sequence[int], after: int, days: int) -> int:
    """The part of monthly `amounts` within the first `days` after the end of month `after`."""
    whole, rest = divmod(days, DAYS)
    found = sum(amounts[after + 1 : after + 1 + whole])
    if rest and after + 1 + whole < len(amounts):
        found += half_up(amounts[after + 1 + whole] * rest, DAYS)
    return found
