"""Present value, rates of return and payback: known answers, pyxirr, and exact algebra."""

from fractions import Fraction
from math import isfinite

import numpy as np
import pytest
import pyxirr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backend.viability.returns import irr, npv, payback

amounts = st.integers(-(10**8), 10**8)
flows = st.lists(amounts, min_size=6, max_size=6)


@pytest.mark.parametrize(
    ("series", "rates"),
    [
        ([-100_00, 110_00], [0.10]),
        ([-100_00, 230_00, -132_00], [0.10, 0.20]),
        ([-100_00, 220_00, -121_00], [0.10]),  # the same rate twice
        ([-1000, 3600, -4310, 1716], [0.10, 0.20, 0.30]),
        ([-100_00, 100_00, -100_00], []),  # two changes of sign, no rate
        ([100_00, 100_00], []),
        ([-100_00, -1], []),
        ([0, 0, 0], []),
        ([], []),
        ([-100_00, 100_00], [0.0]),
        ([-100_00, 50_00], [-0.5]),
        ([0, -100_00, 110_00, 0], [0.10]),
        ([-16_00, 32_00, -16_00], [0.0]),
        ([-1, 0, 0, 0, 0, 10**13], [10 ** (13 / 5) - 1]),
        ([-(10**13), 0, 0, 0, 0, 1], [10 ** (-13 / 5) - 1]),
        ([4, -12, 9], [0.5]),
        ([-2, 7, -7, 2], [-0.5, 0.0, 1.0]),
        ([-1, 4, -4, 1], [-0.6180339887498949, 0.0, 1.618033988749895]),  # a root where an interval ends
        ([-16, 33, -16], [-0.22069555463432966, 0.28319555463432966]),
    ],
)
def test_every_rate_is_found(series, rates):
    assert irr(series) == pytest.approx(rates, abs=1e-9, rel=1e-9)


def test_rates_close_to_each_other_are_told_apart():
    first, second = Fraction(11, 10), Fraction(11001, 10000)
    series = [Fraction(1), -(first + second), first * second]
    scale = 10**5
    assert irr([int(one * scale) for one in series]) == pytest.approx([0.10, 0.1001], abs=1e-9)


def test_present_value_computed_by_hand():
    assert npv([-60_000_00, *[18_000_00] * 5], 1000) == 8_234_16
    assert npv([-100_00, 110_00], 1000) == 0
    assert npv([-1, 1, 1], 0) == 1
    assert npv([1, 1], 10_000) == 2  # 1.5 is rounded half up
    assert npv([-1, -1], 10_000) == -2


@pytest.mark.parametrize(
    ("series", "years"),
    [
        ([-60_000, *[18_000] * 5], Fraction(10, 3)),
        ([-100, 50, 50, 10], Fraction(2)),
        ([-100, 150, -100, 100], Fraction(5, 2)),  # below zero again after the second year
        ([-100, 50], None),
        ([0, 10], Fraction(0)),
        ([5, 10], Fraction(0)),
        ([0, -10, 20], Fraction(3, 2)),
    ],
)
def test_payback_is_interpolated_and_for_good(series, years):
    assert payback(series) == years


@given(series=flows, discount=st.integers(0, 5000))
def test_present_value_is_that_of_pyxirr(series, discount):
    theirs = pyxirr.npv(discount / 10_000, series)
    assert npv(series, discount) == pytest.approx(theirs, abs=0.51, rel=1e-12)


@given(first=st.integers(1, 10**8), later=st.lists(st.integers(0, 10**8), min_size=1, max_size=5))
def test_the_rate_of_an_investment_is_that_of_pyxirr(first, later):
    assume(any(later))
    series = [-first, *later]
    (rate,) = irr(series)
    theirs = pyxirr.irr(series)
    assume(theirs is not None)  # it gives up on rates of many thousands of percent
    assert rate == pytest.approx(theirs, abs=1e-7, rel=1e-7)


def _net(series, rate):
    return sum(flow / (1 + rate) ** year for year, flow in enumerate(series))


@settings(max_examples=300)
@given(series=flows)
def test_rates_are_those_of_the_polynomial(series):
    """numpy's companion matrix finds the same roots; those that count twice or nearly so may slip from it."""
    found = irr(series)
    assert all(isfinite(one) and one > -1 for one in found)
    assert list(found) == sorted(found)
    assume(any(series))
    roots = np.roots(series[::-1])
    near = [abs(one.imag) / abs(one) for one in roots if one.real > 0]
    assume(all(one == 0 or one > 1e-3 for one in near))
    real = sorted(1 / one.real - 1 for one in roots if one.imag == 0 and one.real > 1e-12)
    distinct = [
        one for at, one in enumerate(real) if not at or abs(one - real[at - 1]) > 1e-4 * (1 + abs(one))
    ]
    assume(len(distinct) == len(real))
    assert found == pytest.approx(real, rel=1e-6, abs=1e-6)


@given(series=flows, factor=st.integers(1, 1000))
def test_scaling_money_changes_no_rate_nor_payback(series, factor):
    scaled = [flow * factor for flow in series]
    assert irr(scaled) == pytest.approx(irr(series), rel=1e-9, abs=1e-9)
    assert payback(scaled) == payback(series)
    assert npv(scaled, 1000) == pytest.approx(npv(series, 1000) * factor, abs=factor)
