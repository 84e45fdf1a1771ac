"""Draws: reproducible, equal to the plan when nothing varies, and of the spreads that are stated."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.testing import assert_allclose

from backend.viability import Risk, Spread, project, simulate
from backend.viability.histogram import BARS, Histogram, histogram
from backend.viability.montecarlo import paths
from backend.viability.operations import Shock

from .given import FULL, OIL, figured, plans

STILL = Risk(price=Spread(), volume=Spread(), cost=Spread(), delay=0)
few = settings(max_examples=30)


@few
@given(plan=plans)
def test_no_spread_is_the_plan_itself(plan):
    base = project(plan)
    cash, worth = paths(plan, 3, 0, STILL, base)
    assert_allclose(cash, np.array([base.cash] * 3, float), atol=0.01, rtol=1e-12)
    value = figured(plan).value("npv_with")
    assert worth == pytest.approx([value] * 3, abs=0.51, rel=1e-9)
    found = simulate(plan, draws=3, risk=STILL)
    assert found.solvent == float(min(base.cash) >= 0)
    assert [one for _, one in found.lowest] == [min(base.cash)] * 5


@few
@given(plan=plans)
def test_a_draw_is_the_plan_under_that_shock(plan):
    """Prices ×0.9, volumes ×0.8, costs ×1.1, four months late: as the exact model says, to rounding."""
    risk = Risk(Spread(9000, 9000, 9000), Spread(8000, 8000, 8000), Spread(11000, 11000, 11000), delay=0)
    base = project(plan)
    exact = project(plan, Shock(9000, 8000, 11000, 0))
    cash, worth = paths(plan, 1, 0, risk, base)
    assert_allclose(cash[0], np.array(exact.cash, float), atol=300, rtol=1e-9)
    start = exact.flows(grant=True)
    rate = 1 + plan.terms.discount / 10_000
    assert worth[0] == pytest.approx(sum(one / rate**at for at, one in enumerate(start)), abs=300, rel=1e-9)


@few
@given(plan=plans)
def test_a_late_draw_is_the_plan_begun_late(plan):
    late = Risk(price=Spread(), volume=Spread(), cost=Spread(), delay=4)
    cash, _ = paths(plan, 60, 7, late, project(plan))
    exact = np.array([project(plan, Shock(delay=delay)).cash for delay in range(5)], float)
    same = np.isclose(cash[:, None], exact[None], atol=300, rtol=1e-9).all(axis=2)
    assert same.any(axis=1).all()


def test_the_same_seed_gives_the_same_answer():
    assert simulate(FULL, seed=3) == simulate(FULL, seed=3)
    assert simulate(FULL, seed=3).npv != simulate(FULL, seed=4).npv
    renamed = replace(FULL, products=tuple(replace(one, name="X") for one in FULL.products))
    assert simulate(renamed) == simulate(FULL)
    dearer = replace(FULL, fixed=FULL.fixed + 1)
    assert simulate(dearer).npv != simulate(FULL).npv


def test_answers_recorded_once():
    """PCG64 and these formulas: what a committee was shown can be shown again."""
    found = simulate(OIL, draws=1000, seed=0)
    assert (found.solvent, found.gaining) == RECORDED[:2]
    assert dict(found.npv)[50] == RECORDED[2]


RECORDED = (0.18, 0.432, -6_543_66)


def test_draws_follow_their_spread():
    generator = np.random.Generator(np.random.PCG64(1))
    drawn = Spread(8000, 10_000, 11_000).draw(generator, 200_000)
    assert drawn.min() >= 0.8
    assert drawn.max() <= 1.1
    assert drawn.mean() == pytest.approx((0.8 + 1 + 1.1) / 3, abs=0.001)
    drawn = Spread(8000, 10_000, kind="lognormal").draw(generator, 200_000)
    assert np.median(drawn) == pytest.approx(1, abs=0.005)
    assert np.quantile(drawn, 0.05) == pytest.approx(0.8, abs=0.005)
    assert set(Spread(9000, 9000, 9000).draw(generator, 3)) == {0.9}


@pytest.mark.parametrize(
    "wrong", [{"low": 11_000}, {"high": 9_000}, {"low": -1}, {"low": 0, "kind": "lognormal"}]
)
def test_a_spread_that_is_none_is_refused(wrong):
    with pytest.raises(ValueError, match="spread"):
        Spread(**wrong)


def test_worse_odds_are_worse():
    base = simulate(OIL).solvent
    assert simulate(replace(OIL, wages=OIL.wages * 2)).solvent < base
    rich = replace(OIL, financing=replace(OIL.financing, own_cash=10**9))
    assert simulate(rich).solvent == 1


def test_each_draw_is_in_one_interval_and_zero_is_a_bound():
    found = simulate(FULL)
    for bars, told in ((found.npv_bars, found.npv), (found.lowest_bars, found.lowest)):
        assert sum(bars.counts) == 1000
        assert len(bars.counts) <= BARS
        assert bars.counts[0]
        assert bars.counts[-1]
        assert bars.first % bars.step == 0
        assert str(bars.step).rstrip("0") in ("1", "2", "5")
        assert bars.bounds()[0] <= told[0][1] <= told[-1][1] < bars.bounds()[-1]
    below = sum(
        count
        for count, end in zip(found.lowest_bars.counts, found.lowest_bars.bounds()[1:], strict=True)
        if end <= 0
    )
    assert below == round((1 - found.solvent) * 1000)
    assert histogram(np.array([0.0, 0.4, -0.4])) == Histogram(0, 100, (3,))
    assert histogram(np.array([-1.0, 0.0])) == Histogram(-100, 100, (1, 1))
