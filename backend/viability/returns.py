"""What a series of yearly flows is worth: present value, rates of return, time to be paid back.

`flows[0]` is paid at the start, `flows[t]` at the end of year t, in centimes.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import sqrt

from .arith import BP, half_up

Poly = list[Fraction]
"""Coefficients from the constant one upwards."""


def npv(flows: Sequence[int], discount: int) -> int:
    """Net present value in centimes, rounded half up once: Σ flows[t] / (1 + d)^t, d in bp a year.

    Source: FAO RuralInvest, module 3 (financial analysis); Gittinger, Economic Analysis of Agricultural
    Projects.
    """
    rate, last = BP + discount, len(flows) - 1
    worth = sum(flow * BP**t * rate ** (last - t) for t, flow in enumerate(flows))
    return half_up(worth, rate**last)


def irr(flows: Sequence[int]) -> tuple[float, ...]:
    """Every rate above −100 % a year at which the present value is nil, ascending; 0.25 is 25 %.

    Roots x = 1 / (1 + r) > 0 of Σ flows[t]·x^t. Descartes' rule tells when there is none or just one;
    otherwise Sturm's theorem counts the distinct ones in exact arithmetic, so that none is missed.
    Source: textbook algebra; several rates may exist as soon as the flows change sign more than once.
    """
    while flows and flows[-1] == 0:
        flows = flows[:-1]
    while flows and flows[0] == 0:
        flows = flows[1:]
    signs = [flow > 0 for flow in flows if flow]
    changes = sum(one != other for one, other in pairwise(signs))
    if not changes:
        return ()
    poly = [Fraction(flow) for flow in flows]
    chain = [poly]
    if changes > 1:
        chain = _sturm(poly)
        if len(chain[-1]) > 1:  # a root counts twice: the same roots, each once
            chain = _sturm(_divided(poly, chain[-1])[0])
    top = max(abs(one) for one in poly)
    low, high = 1 / (1 + top / abs(poly[0])), 1 + top / abs(poly[-1])
    found = _isolated(chain, low, high) if changes > 1 else [(low, high)]
    return tuple(sorted(1 / _bisected(chain[0], *one) - 1 for one in found))


def payback(flows: Sequence[int]) -> Fraction | None:
    """Years after which the sum of the flows is no longer below zero, for good; None when that never comes.

    Interpolated within its year, a year's flow coming evenly: t + missing after year t / flow of year t + 1.
    Source: textbook (délai de récupération), not discounted.
    """
    total, sums = 0, []
    for flow in flows:
        total += flow
        sums.append(total)
    if total < 0:
        return None
    owing = [year for year, left in enumerate(sums) if left < 0]
    if not owing:
        return Fraction(0)
    return owing[-1] + Fraction(-sums[owing[-1]], flows[owing[-1] + 1])


def _sturm(poly: Poly) -> list[Poly]:
    """The polynomial, its derivative, minus each remainder; the last is their common divisor."""
    chain = [poly, [one * power for power, one in enumerate(poly)][1:]]
    while True:
        rest = _divided(chain[-2], chain[-1])[1]
        if not rest:
            return chain
        top = max(abs(one) for one in rest)
        chain.append([-one / top for one in rest])


def _divided(poly: Poly, by: Poly) -> tuple[Poly, Poly]:
    """Quotient and remainder; the remainder has no leading zeros, nothing when it is nil."""
    rest, quotient = list(poly), [Fraction(0)] * (len(poly) - len(by) + 1)
    for place in reversed(range(len(quotient))):
        factor = quotient[place] = rest[place + len(by) - 1] / by[-1]
        for power, one in enumerate(by):
            rest[place + power] -= factor * one
    rest = rest[: len(by) - 1]
    while rest and rest[-1] == 0:
        rest.pop()
    return quotient, rest


def _at(poly: Poly, x: Fraction) -> Fraction:
    value = Fraction(0)
    for one in reversed(poly):
        value = value * x + one
    return value


def _changes(chain: list[Poly], x: Fraction) -> int:
    signs = [value > 0 for value in (_at(poly, x) for poly in chain) if value]
    return sum(one != other for one, other in pairwise(signs))


def _isolated(chain: list[Poly], low: Fraction, high: Fraction) -> list[tuple[Fraction, Fraction]]:
    """Intervals (low, high] of one root each; cut at the geometric mean, as rates may be of any size."""
    found, waiting = [], [(low, high, _changes(chain, low), _changes(chain, high))]
    while waiting:
        low, high, at_low, at_high = waiting.pop()
        middle = Fraction(sqrt(low) * sqrt(high))
        if at_low - at_high == 1 or (at_low > at_high and not low < middle < high):
            found.append((low, high))
        elif at_low > at_high:
            between = _changes(chain, middle)
            waiting += [(low, middle, at_low, between), (middle, high, between, at_high)]
    return found


def _bisected(poly: Poly, low: Fraction, high: Fraction) -> float:
    """The only root in (low, high], to the last bit of a float but one or two."""
    sign = _at(poly, high)
    if sign == 0:
        return float(high)
    top = max(abs(one) for one in poly)
    scaled = [float(one / top) * (1 if sign > 0 else -1) for one in reversed(poly)]
    below, above = float(low), float(high)
    while below < (middle := sqrt(below) * sqrt(above)) < above:
        value = 0.0
        for one in scaled:
            value = value * middle + one
        below, above = (below, middle) if value > 0 else (middle, above)
    return middle
