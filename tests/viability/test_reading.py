"""From a dossier's content to a plan: what is missing, wrong or assumed."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.viability import Loan, read, study
from backend.viability.plan import blocking

CONTENT = {
    "plan": {
        "products": [
            {},
            {
                "name": "Huile",
                "unit": "litre",
                "price_centimes": 10_000,
                "monthly_quantity": 100,
                "variable_cost_centimes": 6_000,
                "season": [100] * 11 + [200],
                "ramp_months": 3,
                "growth_bp": 500,
            },
        ],
        "fixed_centimes": 100_000,
        "wages_centimes": 150_000,
        "customers_days": 30,
        "suppliers_days": 15,
        "stock_days": 10,
        "start_month": 4,
    },
    "budget": {
        "lines": [
            {"label": "Presse", "kind": "investment", "amount_centimes": 6_000_000, "life_years": 8},
            {"label": "Intrants", "kind": "running", "amount_centimes": 100_000},
        ]
    },
    "financing": {
        "indh_centimes": 3_600_000,
        "own_cash_centimes": 1_500_000,
        "own_in_kind_centimes": 500_000,
        "partners_centimes": 100_000,
        "loan_centimes": 400_000,
        "loan_rate_bp": 600,
        "loan_months": 36,
        "loan_grace_months": 6,
    },
    "results": {"jobs_women": 3, "jobs_men": 1},
}


def changed(path, value):
    """The content with one field set, or removed when it is None."""
    content = copy.deepcopy(CONTENT)
    place = content
    *way, last = path.split(".")
    for step in way:
        place = place[int(step)] if step.isdigit() else place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return content


def test_a_whole_dossier_is_read():
    found = read(CONTENT, members=10, discount=800, inflation=200)
    assert (found.missing, found.faults, found.assumptions) == ((), (), ())
    plan = found.plan
    (oil,) = plan.products
    assert oil.at == "plan.products.1"  # an empty row keeps its place
    assert (oil.season[-1], oil.ramp, oil.growth) == (200, (2500, 5000, 7500), 500)
    assert plan.financing.loan == Loan(400_000, 600, 36, 6)
    assert [(one.kind, one.life) for one in plan.investments] == [("investment", 8), ("running", 5)]
    assert (plan.jobs, plan.members, plan.terms.start_month) == (4, 10, 4)
    assert study(plan, draws=10).figure("npv_with").value is not None


def test_nothing_says_what_is_missing():
    found = read({})
    assert found.plan is None
    assert found.missing == ("plan.products", "budget.lines")
    assert found.faults == ()
    assert {one.code for one in found.assumptions} >= {"fixed", "wages", "grant"}


@pytest.mark.parametrize(
    ("path", "missing"),
    [
        ("plan.products.1.price_centimes", "plan.products.1.price_centimes"),
        ("plan.products.1.monthly_quantity", "plan.products.1.monthly_quantity"),
        ("plan.products.1.variable_cost_centimes", "plan.products.1.variable_cost_centimes"),
        ("budget.lines.0.amount_centimes", "budget.lines.0.amount_centimes"),
        ("financing.loan_rate_bp", "financing.loan_rate_bp"),
        ("financing.loan_months", "financing.loan_months"),
        ("plan.products", "plan.products"),
        ("budget", "budget.lines"),
    ],
)
def test_what_is_missing_is_named(path, missing):
    found = read(changed(path, None))
    assert found.plan is None
    assert found.missing == (missing,)
    assert found.faults == ()


@pytest.mark.parametrize(
    ("path", "code", "value"),
    [
        ("plan.products.1.season", "season", 100),
        ("plan.products.1.ramp_months", "ramp", 0),
        ("plan.products.1.growth_bp", "growth", 0),
        ("plan.fixed_centimes", "fixed", 0),
        ("plan.wages_centimes", "wages", 0),
        ("plan.customers_days", "customers_days", 0),
        ("plan.suppliers_days", "suppliers_days", 0),
        ("plan.stock_days", "stock_days", 0),
        ("plan.start_month", "start_month", 1),
        ("budget.lines.0.life_years", "life", 5),
        ("financing.loan_grace_months", "grace", 0),
        ("financing.indh_centimes", "grant", 0),
    ],
)
def test_what_is_assumed_is_told(path, code, value):
    found = read(changed(path, None), discount=800, inflation=0)
    assert found.plan is not None
    assert [(one.code, one.value, one.field) for one in found.assumptions] == [(code, value, path)]


def test_rates_of_the_call_are_assumed_without_one():
    found = read(CONTENT)
    assert [(one.code, one.value) for one in found.assumptions] == [("discount", 1000), ("inflation", 0)]
    assert found.plan.terms.discount == 1000


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("plan.products.1.price_centimes", -5, "negative_price"),
        ("plan.products.1.monthly_quantity", 0, "zero_volume"),
        ("plan.products.1.monthly_quantity", 1.5, "not_a_number"),
        ("plan.products.1.monthly_quantity", True, "not_a_number"),
        ("plan.products.1.price_centimes", "100", "not_a_number"),
        ("plan.products.1.price_centimes", 10**400, "not_a_number"),
        ("plan.products.1.season", [100] * 11, "missing_month"),
        ("plan.products.1.season", [100] * 11 + [None], "missing_month"),
        ("plan.products.1.season", "été", "missing_month"),
        ("plan.products.1.ramp_months", 99, "ramp_out_of_range"),
        ("plan.products.1.ramp_months", -1, "ramp_out_of_range"),
        ("financing.loan_months", 0, "loan_months_out_of_range"),
        ("financing.loan_grace_months", 36, "grace_too_long"),
        ("budget.lines.0.life_years", 0, "life_out_of_range"),
    ],
)
def test_what_is_wrong_is_named_with_its_field(path, value, code):
    found = read(changed(path, value))
    assert found.plan is None
    assert found.missing == ()
    assert [(one.code, one.field) for one in found.faults] == [(code, path)]


def test_a_loan_longer_than_the_horizon_is_computed_and_said():
    found = read(changed("financing.loan_months", 120))
    assert [(one.code, one.note) for one in found.faults] == [("loan_beyond_horizon", True)]
    assert study(found.plan, draws=0).value("dscr", 5) > 0


def test_jobs_not_said_are_unknown():
    assert read(changed("results", {})).plan.jobs is None
    assert read(changed("results", {"jobs_men": 2})).plan.jobs == 2


def paths(content, at=""):
    """Every place of the content, sections and rows included."""
    pairs = content.items() if isinstance(content, dict) else enumerate(content)
    for key, value in pairs:
        yield f"{at}{key}"
        if isinstance(value, dict | list):
            yield from paths(value, f"{at}{key}.")


PLACES = sorted(paths(CONTENT), key=lambda path: -path.count("."))
"""The deepest first, so that a place is still there when something is put into it."""
junk = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=2),
    st.sampled_from([[], {}, [None], [{}], {"0": 1}, ["x"], [[]], {"price_centimes": 1}, 10**30, -1, 0]),
)


@settings(max_examples=60)
@given(put=st.dictionaries(st.sampled_from(PLACES), junk, max_size=4))
def test_any_content_is_read_without_raising(put):
    """A dossier in which anything stands anywhere: near a whole one, so that many of them are studied."""
    content = copy.deepcopy(CONTENT)
    for path in sorted(put, key=PLACES.index):
        *way, name = path.split(".")
        place = content
        for step in way:
            place = place[int(step) if isinstance(place, list) else step]
        place[int(name) if isinstance(place, list) else name] = put[path]
    found = read(content)
    if found.plan is not None:
        assert study(found.plan, draws=2).figures
    else:
        assert found.missing or blocking(found.faults)


@pytest.mark.parametrize("value", [None, 1, "x", [], [1], {}, {"products": 1, "lines": {}}])
def test_sections_that_are_none_are_read(value):
    found = read(dict.fromkeys(("plan", "budget", "financing", "results"), value))
    assert found.plan is None
