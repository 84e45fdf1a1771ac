"""Agreement against published figures and against plain re-implementations."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backend.reviews.panel.agreement import FEWEST, alpha
from backend.reviews.panel.icc import icc

from . import independent

# K. Krippendorff, « Computing Krippendorff's Alpha-Reliability » (2011), section D: 4 observers, 12 units.
KRIPPENDORFF = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
# P. E. Shrout and J. L. Fleiss, Psychological Bulletin 86 (1979), table 2: 6 targets, 4 judges.
SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def columns(rows):
    """(unit, observer, value) from observers × units with holes."""
    return [(u, o, v) for o, row in enumerate(rows) for u, v in enumerate(row) if v is not None]


def cells(table):
    return [(i, j, v) for i, row in enumerate(table) for j, v in enumerate(row)]


def units(ratings):
    found = {}
    for unit, _, value in ratings:
        found.setdefault(unit, []).append(value)
    return list(found.values())


def test_alpha_of_the_published_example():
    ordinal, interval = (alpha(columns(KRIPPENDORFF), metric) for metric in ("ordinal", "interval"))
    assert f"{ordinal.value:.3f}" == "0.815"
    assert f"{interval.value:.3f}" == "0.849"
    assert (ordinal.units, ordinal.ratings) == (11, 40)
    assert ordinal.lower < ordinal.value < ordinal.upper <= 1


@pytest.mark.parametrize(
    ("metric", "published"),
    [("nominal", "0.743"), ("ordinal", "0.815"), ("interval", "0.849"), ("ratio", "0.797")],
)
def test_the_re_implementation_is_held_to_the_published_example_too(metric, published):
    assert f"{independent.alpha(units(columns(KRIPPENDORFF)), metric):.3f}" == published


panels = st.lists(
    st.lists(st.one_of(st.none(), st.integers(0, 4)), min_size=4, max_size=4), min_size=2, max_size=12
)


@given(panels, st.sampled_from(["ordinal", "interval"]))
def test_alpha_is_that_of_its_definition(table, metric):
    ratings = [(u, o, v) for u, row in enumerate(table) for o, v in enumerate(row) if v is not None]
    twice = [values for values in units(ratings) if len(values) > 1]
    assume(len({value for values in twice for value in values}) > 1)
    found = alpha(ratings, metric, draws=10)
    assert found.value == pytest.approx(independent.alpha(units(ratings), metric), abs=1e-9)
    assert (found.units, found.ratings) == (len(twice), sum(map(len, twice)))
    shifted = alpha([(u, f"o{o}", 25 * v + 1000) for u, o, v in reversed(ratings)], metric, draws=10)
    assert shifted.value == pytest.approx(found.value, abs=1e-9), (
        "names, order, unit and origin do not matter"
    )


def test_alpha_says_nothing_of_nothing():
    assert alpha([], "interval").value is None
    assert alpha([(1, 1, 3), (2, 2, 4)], "ordinal").value is None, "no dossier read twice"
    alike = alpha([(u, o, 3) for u in range(9) for o in range(3)], "interval")
    assert (alike.value, alike.lower, alike.units, alike.ratings) == (None, None, 9, 27)


def test_few_dossiers_have_no_interval_and_chance_has_one_around_nil():
    few = alpha([(u, o, u) for u in range(FEWEST - 1) for o in range(2)], "interval")
    assert (few.value, few.lower, few.upper) == (1.0, None, None)
    random = np.random.default_rng(3)
    noise = [(u, o, float(random.normal())) for u in range(80) for o in range(3)]
    found = alpha(noise, "interval", seed=1)
    assert found.lower < 0 < found.upper
    assert found == alpha(noise[::-1], "interval", seed=1)
    assert found.lower != alpha(noise, "interval", seed=2).lower


def test_resamples_that_are_all_alike_leave_no_interval():
    """One dossier of seven differs: a third of the resamples miss it."""
    ratings = [(u, o, 3) for u in range(6) for o in range(2)] + [(6, 0, 1), (6, 1, 4)]
    found = alpha(ratings, "ordinal")
    assert found.value is not None
    assert found.lower is None


@pytest.mark.parametrize("bad", [[(1, 1, 2), (1, 1, 3)], [(1, 1, math.nan), (1, 2, 3)], [(1, 1, math.inf)]])
def test_a_rating_given_twice_or_not_a_number_is_refused(bad):
    with pytest.raises(ValueError, match="rat"):
        alpha(bad, "interval")


def test_icc_of_the_published_example():
    """Shrout and Fleiss's table 4, and McGraw and Wong's names for it."""
    found = icc(cells(SHROUT_FLEISS))
    assert {form: f"{one.value:.2f}" for form, one in found.items()} == {
        "1": "0.17", "A,1": "0.29", "C,1": "0.71", "k": "0.44", "A,k": "0.62", "C,k": "0.91",
    }  # fmt: skip
    assert all((one.files, one.ratings, one.readers) == (6, 24, 4) for one in found.values())


def test_icc_intervals_of_the_published_example():
    """As R's psych::ICC prints them for the same table (its ICC2k is ICC(A,1) stepped up: not compared)."""
    found = icc(cells(SHROUT_FLEISS))
    printed = {form: (f"{one.lower:.2f}", f"{one.upper:.2f}") for form, one in found.items() if form != "A,k"}
    assert printed == {
        "1": ("-0.13", "0.72"), "A,1": ("0.02", "0.76"), "C,1": ("0.34", "0.95"),
        "k": ("-0.88", "0.91"), "C,k": ("0.68", "0.99"),
    }  # fmt: skip
    assert {form for form, one in found.items() if one.method == "satterthwaite"} == {"A,1", "A,k"}
    assert {form for form, one in found.items() if one.method == "exact"} == {"1", "k", "C,1", "C,k"}


tables = st.integers(2, 4).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 100), min_size=k, max_size=k), min_size=3, max_size=8)
)


@settings(max_examples=60)
@given(tables)
def test_icc_is_that_of_its_mean_squares(table):
    n, k = len(table), len(table[0])
    msr, msc, mse, msw = independent.analysis_of_variance(table)
    assume(min(msr, mse, msw) > 1e-6)
    found = icc(cells(table))
    expected = {
        "1": (msr - msw) / (msr + (k - 1) * msw),
        "k": (msr - msw) / msr,
        "A,1": (msr - mse) / (msr + (k - 1) * mse + k * (msc - mse) / n),
        "C,1": (msr - mse) / (msr + (k - 1) * mse),
        "C,k": (msr - mse) / msr,
    }
    for form, value in expected.items():
        assert found[form].value == pytest.approx(value, abs=1e-9)
    for one in found.values():
        if one.value is not None and one.lower is not None and one.form != "A,k":
            assert one.lower - 1e-9 <= one.value <= one.upper + 1e-9


@settings(max_examples=40)
@given(tables)
def test_the_form_for_unequal_groups_is_the_one_way_form_when_they_are_equal(table):
    """Evaluators with different names in each dossier: the design is incomplete, the groups are equal."""
    *_, msw = independent.analysis_of_variance(table)
    assume(msw > 1e-6)
    complete = icc(cells(table))
    apart = icc([(i, f"{i}/{j}", v) for i, j, v in cells(table)])
    assert set(apart) == {"1", "k"}
    for form, one in apart.items():
        assert one.value == pytest.approx(complete[form].value, abs=1e-9)
        assert one.readers == pytest.approx(len(table[0]))
        if one.lower is not None:
            for bound, other in ((one.lower, complete[form].lower), (one.upper, complete[form].upper)):
                # far below zero they differ by their last digits: to nine figures of their own size
                assert bound is not None
                assert other is not None
                assert bound == pytest.approx(other, rel=1e-9, abs=1e-9)


def test_unequal_groups_by_hand():
    """Groups (1, 3), (5, 5, 8), (9): N 6, n₀ = (6 − 14/6)/2 = 11/6; MSB, MSW from the sums below."""
    ratings = [("a", 1, 1), ("a", 2, 3), ("b", 1, 5), ("b", 2, 5), ("b", 3, 8), ("c", 3, 9)]
    grand = 31 / 6
    msb = (2 * (2 - grand) ** 2 + 3 * (6 - grand) ** 2 + (9 - grand) ** 2) / 2
    msw = (1 + 1 + 1 + 1 + 4) / 3
    found = icc(ratings)["1"]
    assert found.value == pytest.approx((msb - msw) / (msb + (11 / 6 - 1) * msw))
    assert found.method == "thomas-hultquist"
    assert found.readers == pytest.approx(11 / 6)


def test_icc_says_nothing_of_nothing():
    assert icc([]) == {}
    assert icc([(1, 1, 5), (1, 2, 6)]) == {}, "one dossier"
    assert icc([(1, 1, 5), (2, 2, 6)]) == {}, "nobody read the same"
    same = icc([(u, o, 50) for u in range(4) for o in range(3)])
    assert all(one.value is None and one.lower is None for one in same.values())
    agreed = icc([(u, o, 10 * u) for u in range(4) for o in range(3)])
    assert agreed["A,1"].value == agreed["1"].value == 1
    assert agreed["A,1"].lower is None
