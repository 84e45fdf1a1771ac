"""The cash table: by hand, and against a second writing of it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.viability import Investment, Loan, Product, Terms, project, study
from backend.viability.arith import half_up, last_days, next_days
from backend.viability.loan import annuity, schedule
from backend.viability.model import depreciation
from backend.viability.operations import Shock
from backend.viability.sensitivity import SHOCKS

from . import independent
from .given import DH, FULL, OIL, plans


def test_rounding_is_half_up_away_from_zero():
    pairs = [(5, 2), (-5, 2), (4, 3), (-4, 3), (5, 3), (-5, 3), (0, 7), (7, 1)]
    assert [half_up(*pair) for pair in pairs] == [3, -3, 1, -1, 2, -2, 0, 7]


def test_days_are_months_of_thirty_spread_evenly():
    amounts = [0, 300, 600, 900]
    assert [last_days(amounts, month, 45) for month in range(4)] == [0, 300, 750, 1200]
    assert last_days(amounts, 3, 365) == 1800
    assert [next_days(amounts, month, 45) for month in range(4)] == [600, 1050, 900, 0]
    assert last_days(amounts, 3, 0) == next_days(amounts, 0, 0) == 0


def test_the_plan_computed_by_hand():
    """Table 1 of docs/viability.md."""
    found = study(OIL, draws=0)
    month = found.base
    assert {(month.sales[at], month.costs[at], month.surplus[at]) for at in range(1, 61)} == {
        (10_000 * DH, 6_000 * DH, 1_500 * DH)
    }
    assert found.base.flows(grant=False) == [-60_000 * DH, *[18_000 * DH] * 5]
    assert found.base.flows(grant=True) == [-24_000 * DH, *[18_000 * DH] * 5]
    assert found.value("npv_without") == 8_234_16
    assert found.value("npv_with") == 44_234_16
    assert found.value("irr_without") == pytest.approx(0.152382, abs=5e-7)
    assert found.value("irr_with") == pytest.approx(0.696655, abs=5e-7)
    assert found.value("payback_without") == 3.3333
    assert found.value("payback_with") == 1.3333
    assert (found.value("lowest_cash_with"), found.value("lowest_month_with")) == (0, 0)
    assert (found.value("lowest_cash_without"), found.value("lowest_month_without")) == (-36_000 * DH, 0)
    assert found.base.cash[-1] == 90_000 * DH
    assert found.value("left_at_start") == 0
    assert found.value("working_capital") == 0
    assert (found.value("jobs"), found.value("cost_per_job"), found.value("grant_per_job")) == (
        4,
        15_000 * DH,
        9_000 * DH,
    )
    for number in range(1, 6):
        assert found.value("break_even", number) == 105_000 * DH
        assert found.value("safety_margin", number) == 1250
        assert found.value("value_added", number) == 36_000 * DH
        assert found.value("net_result", number) == 6_000 * DH
        assert found.value("income_per_member", number) == 200 * DH
        assert found.value("surplus_per_member", number) == 50 * DH
        assert found.figure("dscr", number).reason == "no_debt"


def test_its_shocks_computed_by_hand():
    """Table 2 of docs/viability.md."""
    found = {one.code: one for one in study(OIL, draws=0).effects}
    assert list(found) == ["price_20", "costs_15", "price_10", "volume_20", "delay_6"]
    assert {code: one.npv for code, one in found.items()} == {
        "price_10": -1_255_28,
        "price_20": -46_744_72,
        "volume_20": 7_842_61,
        "costs_15": -13_764_88,
        "delay_6": 22_415_98,
    }
    assert {code: (one.lowest, one.lowest_month) for code, one in found.items()} == {
        "price_10": (0, 0),
        "price_20": (-30_000 * DH, 60),
        "volume_20": (0, 0),
        "costs_15": (0, 0),
        "delay_6": (-15_000 * DH, 6),
    }
    assert found["price_10"].change == found["price_10"].npv - 44_234_16
    assert found["price_10"].npv_without == -37_255_28


def test_working_capital_computed_by_hand():
    """Table 3: customers pay after 45 days, stock of 30 days, suppliers paid after 15."""
    found = project(replace(OIL, customers_days=45, stock_days=30, suppliers_days=15))
    assert found.receivables[:4] == (0, 10_000 * DH, 15_000 * DH, 15_000 * DH)
    assert set(found.stock) == {6_000 * DH}
    assert set(found.payables) == {3_000 * DH}
    assert found.need[:4] == (3_000 * DH, 13_000 * DH, 18_000 * DH, 18_000 * DH)
    assert found.cash[:4] == (-3_000 * DH, -11_500 * DH, -15_000 * DH, -13_500 * DH)
    assert found.flows(grant=True) == [-27_000 * DH, 3_000 * DH, *[18_000 * DH] * 3, 36_000 * DH]


def test_a_loan_computed_by_hand():
    """Table 4: 12 000 DH at 12 % a year over 12 months, without and with three months of grace."""
    loan = Loan(12_000 * DH, 1200, 12)
    assert annuity(loan) == 1_066_19
    paid = schedule(loan)
    assert [(one.interest, one.principal, one.owed) for one in paid[:2]] == [
        (120_00, 946_19, 11_053_81),
        (110_54, 955_65, 10_098_16),
    ]
    assert sum(one.principal for one in paid) == loan.amount
    assert {one.paid for one in paid[:-1]} == {1_066_19}
    assert abs(paid[-1].paid - 1_066_19) <= 12
    late = schedule(replace(loan, grace=3))
    assert [(one.interest, one.principal) for one in late[:3]] == [(120_00, 0)] * 3
    assert annuity(replace(loan, grace=3)) == late[3].paid == 1_400_88
    assert annuity(Loan(1_000, 0, 3)) == 333
    assert [one.principal for one in schedule(Loan(1_000, 0, 3))] == [333, 333, 334]


def test_debt_cover_computed_by_hand():
    plan = replace(
        OIL, financing=replace(OIL.financing, own_cash=12_000 * DH, loan=Loan(12_000 * DH, 1200, 12))
    )
    found = study(plan, draws=0)
    service = sum(one.paid for one in schedule(plan.financing.loan))
    assert found.value("dscr", 1) == pytest.approx(18_000 * DH / service)
    assert round(found.value("dscr", 1), 2) == 1.41
    assert found.value("dscr", 2) is None


def test_depreciation_and_renewals_by_hand():
    lines = (
        Investment(10_000, life=3, salvage=1_000),
        Investment(5_000, life=2, kind="studies"),
        Investment(700, kind="running"),
    )
    plan = replace(OIL, investments=lines, terms=Terms(inflation=1000))
    # 9 000 / 3; bought again after year 3 at 10 000 × 1.1² = 12 100: 11 100 / 3
    assert [depreciation(plan, number) for number in range(1, 6)] == [5_500, 5_500, 3_000, 3_700, 3_700]
    found = project(plan)
    assert {month: one for month, one in enumerate(found.renewals) if one} == {36: 11_100}
    assert found.residual == 1_000
    account = study(plan, draws=0).years
    assert [one.first for one in account] == [700, 0, 0, 0, 0]


def test_a_month_without_season_sells_nothing():
    season = (0, *[100] * 10, 0)
    found = project(replace(OIL, products=(replace(OIL.products[0], season=season),)))
    assert {month for month, sold in enumerate(found.sales) if not sold} == {
        0,
        *range(1, 61, 12),
        *range(12, 61, 12),
    }
    begun = project(
        replace(OIL, products=(replace(OIL.products[0], season=season),), terms=Terms(start_month=3))
    )
    assert [month for month in range(1, 13) if not begun.sales[month]] == [10, 11]  # December, January


def test_a_delay_shifts_what_is_sold():
    plain = replace(FULL, products=tuple(replace(one, season=(100,) * 12) for one in FULL.products))
    plain = replace(plain, terms=replace(plain.terms, inflation=0))
    soon, late = project(plain), project(plain, Shock(delay=6))
    assert late.sales[1:7] == (0,) * 6
    assert late.sales[7:] == soon.sales[1:55]
    assert late.costs[7:] == soon.costs[1:55]
    assert late.fixed == soon.fixed


NAMES = (
    "sales", "costs", "fixed", "wages", "need", "need_change", "renewals", "interest", "principal", "net",
    "cash_without", "cash",
)  # fmt: skip


@pytest.mark.parametrize("shock", [Shock(), *SHOCKS.values()])
def test_the_whole_table_against_a_second_writing(shock):
    found = project(FULL, shock)
    rows = independent.table(FULL, shock.price, shock.volume, shock.cost, shock.delay)
    for name in NAMES:
        assert list(getattr(found, name)) == [row[name] for row in rows], name
    for grant in (True, False):
        assert found.flows(grant=grant) == independent.flows(FULL, rows, grant=grant)


@settings(max_examples=40)
@given(plan=plans, shock=st.sampled_from([Shock(), *SHOCKS.values()]))
def test_any_table_against_a_second_writing(plan, shock):
    found = project(plan, shock)
    rows = independent.table(plan, shock.price, shock.volume, shock.cost, shock.delay)
    for name in NAMES:
        assert list(getattr(found, name)) == [row[name] for row in rows], name
    for grant in (True, False):
        assert found.flows(grant=grant) == independent.flows(plan, rows, grant=grant)


def test_products_of_a_month_are_summed_before_rounding():
    third = Product(price=1, volume=1, cost=0, season=(33,) * 12)
    assert project(replace(OIL, products=(third,) * 2)).sales[1] == 1  # 0.66, not 0 + 0
