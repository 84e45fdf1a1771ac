"""What the model starts from: products, costs, investments, who pays, delays. Frozen, whole numbers only.

Money is in centimes, shares and rates in hundredths of a percent (bp), seasons in percent of a normal month.
`at` is where a thing stands in the dossier (`plan.products.0`): faults and figures point there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from .arith import BP

YEARS = 5
"""The horizon: what the committee asks a plan to show."""
MONTHLY = 24
"""Months that are told one by one; the years after them are told whole (every month is computed)."""
FLAT = (100,) * 12
MAX_CENTIMES = 10**13
MAX_VOLUME = 1_000_000
MAX_DAYS = 365


@dataclass(frozen=True, slots=True)
class Product:
    """Something sold: `price` and variable `cost` of a unit in centimes, `volume` in units of a normal month.

    `season`: percent of a normal month sold in January … December. `ramp`: bp of the normal volume reached in
    the first months of selling, all of it afterwards. `growth`: bp a year, from the second year of selling.
    """

    price: int
    volume: int
    cost: int
    season: tuple[int, ...] = FLAT
    ramp: tuple[int, ...] = ()
    growth: int = 0
    name: str = ""
    unit: str = ""
    at: str = "plan.products.0"


@dataclass(frozen=True, slots=True)
class Investment:
    """A line of the budget: `amount` in centimes, `life` in years, `salvage` its worth when it is over.

    An `investment` is bought again when its life ends within the horizon; `studies` are written off over
    their life and not bought again; `running` costs are a charge of the first year.
    """

    amount: int
    life: int = YEARS
    kind: str = "investment"
    salvage: int = 0
    label: str = ""
    at: str = "budget.lines.0"


@dataclass(frozen=True, slots=True)
class Loan:
    """`amount` received at the start, `rate` in bp a year; of its `months`, `grace` pay interest only."""

    amount: int
    rate: int
    months: int
    grace: int = 0


@dataclass(frozen=True, slots=True)
class Financing:
    """Who pays for the start, in centimes."""

    grant: int = 0
    own_cash: int = 0
    own_in_kind: int = 0
    partners: int = 0
    loan: Loan | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What the call sets: `discount` and `inflation` in bp a year, the calendar month of the first month."""

    discount: int = 1000
    inflation: int = 0
    start_month: int = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole. `fixed` and `wages` in centimes a month of the first year; delays and stock in days."""

    products: tuple[Product, ...]
    investments: tuple[Investment, ...] = ()
    financing: Financing = Financing()
    terms: Terms = Terms()
    fixed: int = 0
    wages: int = 0
    customers_days: int = 0
    suppliers_days: int = 0
    stock_days: int = 0
    members: int | None = None
    jobs: int | None = None

    @property
    def invested(self) -> int:
        """All that the budget pays for at the start, in centimes."""
        return sum(line.amount for line in self.investments)

    @property
    def brought(self) -> int:
        """All that is brought at the start but the grant, in centimes; what is given in kind counts."""
        money = self.financing
        loan = money.loan.amount if money.loan else 0
        return money.own_cash + money.own_in_kind + money.partners + loan

    def digest(self) -> str:
        """A fingerprint of the numbers: neither names nor the order of products and lines change it."""
        products = sorted(
            (one.price, one.volume, one.cost, one.season, one.ramp, one.growth) for one in self.products
        )
        lines = sorted((one.amount, one.life, one.kind, one.salvage) for one in self.investments)
        rest = (self.financing, self.terms, self.fixed, self.wages)
        days = (self.customers_days, self.suppliers_days, self.stock_days)
        return sha256(repr((products, lines, rest, days)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that a plan cannot mean: a `code` with words (`viability.fault.…`) and the field it is about.

    A `note` does not prevent the computation.
    """

    code: str
    field: str
    note: bool = False


def faults(plan: Plan) -> tuple[Fault, ...]:
    """Everything wrong with the numbers of a plan, in the order of the dossier. Never raises."""
    found = [*_of_products(plan), *_of_investments(plan), *_of_financing(plan), *_of_plan(plan)]
    return tuple(found)


def blocking(found: tuple[Fault, ...]) -> tuple[Fault, ...]:
    """The faults without which the plan can be computed again."""
    return tuple(fault for fault in found if not fault.note)


def _of_products(plan: Plan) -> Iterator[Fault]:
    if not plan.products:
        yield Fault("no_products", "plan.products")
    for one in plan.products:
        yield from _money(one.price, f"{one.at}.price_centimes", "negative_price")
        yield from _money(one.cost, f"{one.at}.variable_cost_centimes", "negative_cost")
        if one.volume <= 0:
            yield Fault("zero_volume", f"{one.at}.monthly_quantity")
        elif one.volume > MAX_VOLUME:
            yield Fault("volume_too_large", f"{one.at}.monthly_quantity")
        if 0 <= one.price <= one.cost:
            yield Fault("price_below_cost", f"{one.at}.price_centimes", note=True)
        yield from _of_rhythm(one)


def _of_rhythm(one: Product) -> Iterator[Fault]:
    if len(one.season) != 12:
        yield Fault("missing_month", f"{one.at}.season")
    elif not all(0 <= share <= 1000 for share in one.season):
        yield Fault("season_out_of_range", f"{one.at}.season")
    elif not any(one.season):
        yield Fault("season_empty", f"{one.at}.season")
    if len(one.ramp) > MONTHLY or not all(0 <= share <= BP for share in one.ramp):
        yield Fault("ramp_out_of_range", f"{one.at}.ramp_months")
    if not -BP <= one.growth <= BP:
        yield Fault("growth_out_of_range", f"{one.at}.growth_bp")


def _of_investments(plan: Plan) -> Iterator[Fault]:
    for line in plan.investments:
        yield from _money(line.amount, f"{line.at}.amount_centimes", "negative_amount")
        if not 1 <= line.life <= 50:
            yield Fault("life_out_of_range", f"{line.at}.life_years")
        if not 0 <= line.salvage <= max(line.amount, 0):
            yield Fault("salvage_out_of_range", f"{line.at}.salvage_centimes")


def _of_financing(plan: Plan) -> Iterator[Fault]:
    money = plan.financing
    for name in ("grant", "own_cash", "own_in_kind", "partners"):
        field = "indh" if name == "grant" else name
        yield from _money(getattr(money, name), f"financing.{field}_centimes", "negative_amount")
    loan = money.loan
    if loan is None:
        return
    yield from _money(loan.amount, "financing.loan_centimes", "negative_amount")
    if not 0 <= loan.rate <= BP:
        yield Fault("rate_out_of_range", "financing.loan_rate_bp")
    if not 1 <= loan.months <= 360:
        yield Fault("loan_months_out_of_range", "financing.loan_months")
    elif not 0 <= loan.grace < loan.months:
        yield Fault("grace_too_long", "financing.loan_grace_months")
    elif loan.months > YEARS * 12:
        yield Fault("loan_beyond_horizon", "financing.loan_months", note=True)


def _of_plan(plan: Plan) -> Iterator[Fault]:
    yield from _money(plan.fixed, "plan.fixed_centimes", "negative_cost")
    yield from _money(plan.wages, "plan.wages_centimes", "negative_cost")
    for name in ("customers_days", "suppliers_days", "stock_days"):
        if not 0 <= getattr(plan, name) <= MAX_DAYS:
            yield Fault("days_out_of_range", f"plan.{name}")
    if not 1 <= plan.terms.start_month <= 12:
        yield Fault("month_out_of_range", "plan.start_month")
    for name in ("discount", "inflation"):
        if not 0 <= getattr(plan.terms, name) <= BP:
            yield Fault("rate_out_of_range", f"call.{name}_bp")
    for name, field in (("members", "members"), ("jobs", "results.jobs")):
        number = getattr(plan, name)
        if number is not None and number < 0:
            yield Fault("negative_count", field)


def _money(centimes: int, field: str, negative: str) -> Iterator[Fault]:
    if centimes < 0:
        yield Fault(negative, field)
    elif centimes > MAX_CENTIMES:
        yield Fault("money_too_large", field)
