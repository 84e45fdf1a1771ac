"""What must hold for any plan."""

from dataclasses import astuple, replace
from math import isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.viability import (
    Financing,
    Investment,
    Loan,
    Plan,
    Product,
    Spread,
    Terms,
    faults,
    project,
    simulate,
    study,
)
from backend.viability.plan import blocking

from .given import FULL, OIL, figured, plans

few = settings(max_examples=30)


def numbers(thing):
    """Every number inside a result."""
    if isinstance(thing, bool) or thing is None or isinstance(thing, str):
        return
    if isinstance(thing, int | float):
        yield thing
    elif isinstance(thing, dict):
        for one in thing.values():
            yield from numbers(one)
    elif isinstance(thing, list | tuple):
        for one in thing:
            yield from numbers(one)
    elif hasattr(thing, "__dataclass_fields__"):
        yield from numbers([getattr(thing, name) for name in thing.__dataclass_fields__])


def scaled(plan, by):
    money, loan = plan.financing, plan.financing.loan
    return replace(
        plan,
        products=tuple(replace(one, price=one.price * by, cost=one.cost * by) for one in plan.products),
        investments=tuple(
            replace(one, amount=one.amount * by, salvage=one.salvage * by) for one in plan.investments
        ),
        financing=Financing(
            money.grant * by,
            money.own_cash * by,
            money.own_in_kind * by,
            money.partners * by,
            loan and replace(loan, amount=loan.amount * by),
        ),
        fixed=plan.fixed * by,
        wages=plan.wages * by,
    )


@few
@given(plan=plans, by=st.integers(2, 50))
def test_scaling_money_scales_the_present_value(plan, by):
    one, many = figured(plan), figured(scaled(plan, by))
    for key in ("npv_with", "npv_without"):
        assert many.value(key) == pytest.approx(one.value(key) * by, abs=by * 200)


@few
@given(plan=plans, more=st.integers(0, 10**6))
def test_more_cost_never_raises_value_nor_rate(plan, more):
    dearer = replace(plan, fixed=plan.fixed + more)
    before, after = figured(plan), figured(dearer)
    for key in ("npv_with", "npv_without", "lowest_cash_with", "lowest_cash_without"):
        assert after.value(key) <= before.value(key)
    for key in ("irr_with", "irr_without"):
        first, second = before.figure(key), after.figure(key)
        flows = after.base.flows(grant=key == "irr_with")
        plain = (
            flows[0] < 0 and min(flows[1:]) >= 0
        )  # an investment, then gains: one rate that means something
        if plain and first.value is not None and second.value is not None:
            assert second.value <= first.value + 1e-9


@few
@given(plan=plans)
def test_the_grant_never_lowers_cash_nor_value(plan):
    found = figured(plan)
    assert found.value("lowest_cash_with") - found.value("lowest_cash_without") == plan.financing.grant
    assert found.value("npv_with") - found.value("npv_without") == plan.financing.grant


@few
@given(plan=plans)
def test_the_order_of_products_and_lines_is_irrelevant(plan):
    turned = replace(plan, products=plan.products[::-1], investments=plan.investments[::-1])
    one, other = figured(turned), figured(plan)
    assert one.base.cash == other.base.cash
    assert turned.digest() == plan.digest()
    assert [each.value for each in one.figures] == [each.value for each in other.figures]
    one, other = simulate(turned, draws=20), simulate(plan, draws=20)
    assert dict(one.npv) == pytest.approx(dict(other.npv), abs=2, rel=1e-9)


@few
@given(plan=plans)
def test_nothing_is_lost_between_the_table_and_its_end(plan):
    """Cash at the end = all that was brought and earned − all that was paid, what is owed on either side
    apart.
    """
    found = project(plan)
    earned = sum(found.surplus) - sum(found.renewals) - sum(found.interest) - sum(found.principal)
    start = plan.brought + plan.financing.grant - plan.invested
    assert found.cash[-1] == start + earned - found.need[-1]


@few
@given(plan=plans)
def test_depreciation_never_exceeds_what_was_bought(plan):
    lines = [one for one in plan.investments if one.kind != "running"]
    found = figured(plan)
    total = sum(one.depreciation for one in found.years)
    bought = sum(one.amount - one.salvage for one in lines) + sum(found.base.renewals)
    assert 0 <= total <= bought


VAST = 10**13
EXTREMES = {
    "nothing but a product": Plan((Product(0, 1, 0),)),
    "all zero": replace(OIL, products=(Product(0, 1, 0),), investments=(), fixed=0, wages=0),
    "everything vast": Plan(
        products=tuple(
            Product(VAST, 1_000_000, VAST - 1, season=(1000,) * 12, growth=10_000, at=f"plan.products.{at}")
            for at in range(20)
        ),
        investments=tuple(Investment(VAST, life=1, at=f"budget.lines.{at}") for at in range(50)),
        financing=Financing(VAST, VAST, VAST, VAST, Loan(VAST, 10_000, 360, 359)),
        terms=Terms(10_000, 10_000, 12),
        fixed=VAST,
        wages=VAST,
        customers_days=365,
        suppliers_days=365,
        stock_days=365,
        members=10_000,
        jobs=10_000,
    ),
    "costs only": replace(OIL, products=(Product(0, 1_000_000, VAST),)),
    "falling to nothing": replace(OIL, products=(replace(OIL.products[0], growth=-10_000),)),
    "a loan of a centime": replace(OIL, financing=Financing(loan=Loan(1, 10_000, 360))),
    "a loan of nothing": replace(OIL, financing=Financing(loan=Loan(0, 500, 1))),
    "no members": replace(OIL, members=0, jobs=0),
    "all years in one month": replace(
        OIL, products=(replace(OIL.products[0], season=(0,) * 11 + (1000,)),), stock_days=365
    ),
}


@pytest.mark.parametrize("name", EXTREMES)
def test_extremes_give_finite_numbers(name):
    plan = EXTREMES[name]
    assert not blocking(faults(plan))
    found = study(plan, draws=200)
    assert all(isfinite(one) for one in numbers([found.figures, found.effects, found.simulation]))
    assert 0 <= found.simulation.solvent <= 1


@few
@given(plan=plans, seed=st.integers(0, 2**32))
def test_any_plan_gives_finite_numbers(plan, seed):
    found = study(plan, draws=30, seed=seed)
    assert all(isfinite(one) for one in numbers([found.figures, found.effects, found.simulation]))


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"products": ()}, "no_products", "plan.products"),
        ({"price": -1}, "negative_price", "plan.products.0.price_centimes"),
        ({"price": VAST + 1}, "money_too_large", "plan.products.0.price_centimes"),
        ({"cost": -1}, "negative_cost", "plan.products.0.variable_cost_centimes"),
        ({"volume": 0}, "zero_volume", "plan.products.0.monthly_quantity"),
        ({"volume": 10**7}, "volume_too_large", "plan.products.0.monthly_quantity"),
        ({"season": (100,) * 11}, "missing_month", "plan.products.0.season"),
        ({"season": (0,) * 12}, "season_empty", "plan.products.0.season"),
        ({"season": (100,) * 11 + (-1,)}, "season_out_of_range", "plan.products.0.season"),
        ({"ramp": (10_001,)}, "ramp_out_of_range", "plan.products.0.ramp_months"),
        ({"growth": 20_000}, "growth_out_of_range", "plan.products.0.growth_bp"),
        ({"investments": (Investment(-1),)}, "negative_amount", "budget.lines.0.amount_centimes"),
        ({"investments": (Investment(1, life=0),)}, "life_out_of_range", "budget.lines.0.life_years"),
        (
            {"investments": (Investment(1, salvage=2),)},
            "salvage_out_of_range",
            "budget.lines.0.salvage_centimes",
        ),
        ({"financing": Financing(grant=-1)}, "negative_amount", "financing.indh_centimes"),
        ({"financing": Financing(loan=Loan(-1, 0, 1))}, "negative_amount", "financing.loan_centimes"),
        ({"financing": Financing(loan=Loan(1, -1, 1))}, "rate_out_of_range", "financing.loan_rate_bp"),
        ({"financing": Financing(loan=Loan(1, 0, 0))}, "loan_months_out_of_range", "financing.loan_months"),
        ({"financing": Financing(loan=Loan(1, 0, 3, 3))}, "grace_too_long", "financing.loan_grace_months"),
        ({"fixed": -1}, "negative_cost", "plan.fixed_centimes"),
        ({"stock_days": 366}, "days_out_of_range", "plan.stock_days"),
        ({"terms": Terms(start_month=13)}, "month_out_of_range", "plan.start_month"),
        ({"terms": Terms(discount=-1)}, "rate_out_of_range", "call.discount_bp"),
        ({"members": -1}, "negative_count", "members"),
    ],
)
def test_what_a_plan_cannot_mean_is_named(change, code, field):
    own = {name: value for name, value in change.items() if name in Product.__slots__}
    rest = {name: value for name, value in change.items() if name not in own}
    plan = replace(OIL, **rest)
    if own:
        plan = replace(plan, products=(replace(OIL.products[0], **own),))
    assert (code, field) in {(one.code, one.field) for one in blocking(faults(plan))}
    with pytest.raises(ValueError, match=code):
        study(plan)


def test_what_may_be_is_only_noted():
    long = replace(OIL, financing=replace(OIL.financing, loan=Loan(1000, 500, 84)))
    assert [(one.code, one.note) for one in faults(long)] == [("loan_beyond_horizon", True)]
    assert [one.code for one in study(long, draws=0).notes] == ["loan_beyond_horizon"]
    assert study(long, draws=0).base.owed[-1] > 0
    cheap = replace(OIL, products=(replace(OIL.products[0], price=60_00),))
    assert [(one.code, one.note) for one in faults(cheap)] == [("price_below_cost", True)]
    assert study(cheap, draws=0).figure("break_even", 1).reason == "no_margin"
    assert faults(FULL) == ()


def test_a_grant_above_the_cost_leaves_no_rate():
    rich = replace(OIL, financing=replace(OIL.financing, grant=70_000_00), wages=4_000_00)
    found = study(rich, draws=0)
    assert found.base.flows(grant=True)[0] > 0 > found.base.flows(grant=True)[1]
    one = found.figure("irr_with")
    assert (one.value, one.reason, len(one.values)) == (None, "nothing_invested", 1)


def test_each_figure_says_what_it_read():
    found = study(FULL, draws=0)
    for one in found.figures:
        assert one.fields
        assert (one.value is None) == (one.reason is not None), one
        assert not any("*" in field for field in found.fields(one))
    assert "plan.products.2.price_centimes" in found.fields(found.figure("npv_with"))
    assert "budget.lines.3.amount_centimes" in found.fields(found.figure("npv_with"))
    assert "financing.indh_centimes" not in found.fields(found.figure("npv_without"))
    assert len(astuple(found.figure("npv_with").inputs[0])) == 4
    assert Spread() == Spread(10_000, 10_000, 10_000)
