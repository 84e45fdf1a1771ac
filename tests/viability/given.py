"""Plans for tests: the one computed by hand in docs/viability.md, and any plan."""

from dataclasses import replace

from hypothesis import strategies as st

from backend.viability import Financing, Investment, Loan, Plan, Product, Study, Terms, project
from backend.viability.figures import figures, years

DH = 100

OIL = Plan(
    products=(Product(price=100 * DH, volume=100, cost=60 * DH, name="Huile", unit="litre"),),
    investments=(Investment(60_000 * DH, life=5, label="Presse"),),
    financing=Financing(grant=36_000 * DH, own_cash=24_000 * DH),
    terms=Terms(discount=1000, inflation=0, start_month=1),
    fixed=1_000 * DH,
    wages=1_500 * DH,
    members=10,
    jobs=4,
)
"""A month: sales 10 000, variable costs 6 000, charges 2 500, left 1 500 DH."""

FULL = replace(
    OIL,
    products=(
        Product(
            price=400_00,
            volume=61,
            cost=221_37,
            season=(150, 150, 100, 50, 0, 0, 50, 100, 133, 150, 150, 150),
            ramp=(2500, 5000, 7500),
            growth=350,
            name="Huile",
            at="plan.products.0",
        ),
        Product(price=120_00, volume=83, cost=70_05, growth=-200, name="Amlou", at="plan.products.2"),
    ),
    investments=(
        Investment(200_000 * DH, life=10, at="budget.lines.0"),
        Investment(30_001_33, life=3, salvage=1_000 * DH, at="budget.lines.1"),
        Investment(5_000 * DH, kind="studies", life=2, at="budget.lines.2"),
        Investment(4_321_00, kind="running", at="budget.lines.3"),
    ),
    financing=Financing(
        grant=150_000 * DH,
        own_cash=30_000 * DH,
        own_in_kind=10_000 * DH,
        partners=9_000 * DH,
        loan=Loan(40_000 * DH, rate=625, months=48, grace=6),
    ),
    terms=Terms(discount=875, inflation=210, start_month=9),
    fixed=1_500_50,
    wages=6_000 * DH,
    customers_days=45,
    suppliers_days=20,
    stock_days=37,
    members=12,
    jobs=8,
)
"""Everything at once: seasons, ramp-up, growth, four kinds of lines, a loan with grace, every delay."""

money = st.integers(0, 10**7)
percent = st.integers(0, 300)
bp = st.integers(0, 10_000)

products = st.builds(
    Product,
    price=st.integers(0, 10**6),
    volume=st.integers(1, 5_000),
    cost=st.integers(0, 10**6),
    season=st.tuples(*[percent] * 12).filter(any),
    ramp=st.lists(bp, max_size=6).map(tuple),
    growth=st.integers(-2_000, 3_000),
)
lines = st.builds(
    lambda amount, life, kind, part: Investment(amount, life, kind, amount * part // 100),
    money,
    st.integers(1, 12),
    st.sampled_from(["investment", "studies", "running"]),
    st.integers(0, 100),
)
loans = st.builds(
    lambda amount, rate, months, grace: Loan(amount, rate, months, min(grace, months - 1)),
    money,
    st.integers(0, 3_000),
    st.integers(1, 120),
    st.integers(0, 24),
)
plans = st.builds(
    Plan,
    products=st.lists(products, min_size=1, max_size=4).map(tuple),
    investments=st.lists(lines, max_size=4).map(tuple),
    financing=st.builds(
        Financing,
        grant=money,
        own_cash=money,
        own_in_kind=money,
        partners=money,
        loan=st.none() | loans,
    ),
    terms=st.builds(
        Terms,
        discount=st.integers(0, 3_000),
        inflation=st.integers(0, 800),
        start_month=st.integers(1, 12),
    ),
    fixed=money,
    wages=money,
    customers_days=st.integers(0, 365),
    suppliers_days=st.integers(0, 365),
    stock_days=st.integers(0, 365),
    members=st.none() | st.integers(0, 200),
    jobs=st.none() | st.integers(0, 200),
)


def figured(plan):
    """A study without its shocks nor draws, which are six times its cost: for what concerns figures alone."""
    base = project(plan)
    accounts = years(base)
    return Study(plan, (), base, accounts, figures(base, accounts), effects=(), simulation=None)
