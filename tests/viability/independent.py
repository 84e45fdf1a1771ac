"""The model written a second time, plainly, from docs/viability.md: fractions, one month after another.

Nothing of the slice is imported but the plan's dataclasses; rounding is Decimal's.
"""

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

MONTHS, AHEAD = 60, 13
WIDE = Context(prec=4000)


def rounded(value):
    value = Fraction(value)
    exact = WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))
    twice = value * 2
    if twice.denominator == 1 and value.denominator == 2:  # a true half is written exactly
        exact = Decimal(twice.numerator) / 2
    return int(exact.to_integral_value(rounding=ROUND_HALF_UP, context=WIDE))


def share(part):
    return Fraction(part, 10_000)


def sold(product, plan, month, delay):
    """Units of a product in a month, a fraction."""
    age = month - delay
    if age < 1:
        return Fraction(0)
    place = (plan.terms.start_month - 1 + month - 1) % 12
    units = Fraction(product.volume) * Fraction(product.season[place], 100)
    if age <= len(product.ramp):
        units *= share(product.ramp[age - 1])
    for _ in range((age - 1) // 12):
        units *= 1 + share(product.growth)
    return units


def inflated(plan, month):
    level = Fraction(1)
    for _ in range((month - 1) // 12):
        level *= 1 + share(plan.terms.inflation)
    return level


def overlap(days, ago):
    """The share of a month that ended `ago` months ago which lies within the last `days`."""
    return Fraction(min(max(days - 30 * ago, 0), 30), 30)


def within(amounts, days, agos):
    """What of the months' amounts lies within the last (or next) `days`; `agos`: (month, months ago)."""
    return rounded(sum(amounts[at] * overlap(days, ago) for at, ago in agos if 30 * ago < days))


def table(plan, price=10_000, volume=10_000, cost=10_000, delay=0):
    """Rows of the cash table by month, 0 the start."""
    last = range(MONTHS + AHEAD + 1)
    sales, costs = [0], [0]
    for month in last[1:]:
        level = inflated(plan, month) * share(volume)
        units = [(one, sold(one, plan, month, delay)) for one in plan.products]
        sales.append(rounded(sum(level * share(price) * one.price * unit for one, unit in units)))
        costs.append(rounded(sum(level * share(cost) * one.cost * unit for one, unit in units)))
    stock = [
        within(costs, plan.stock_days, [(at, at - month - 1) for at in last[month + 1 :]])
        for month in last[: MONTHS + 1]
    ]
    bought = [stock[0], *(costs[at] + stock[at] - stock[at - 1] for at in range(1, MONTHS + 1))]
    debts, rows, cash, need = debt(plan.financing.loan), [], 0, 0
    for month in range(MONTHS + 1):
        past = [(at, month - at) for at in range(month + 1)]
        claims = within(sales, plan.customers_days, past)
        owed = within(bought, plan.suppliers_days, past)
        now = claims + stock[month] - owed
        level = inflated(plan, month) * share(cost) if month else 0
        interest, principal = debts.get(month, (0, 0))
        row = {
            "sales": sales[month],
            "costs": costs[month],
            "fixed": rounded(plan.fixed * level),
            "wages": rounded(plan.wages * level),
            "need": now,
            "need_change": now - need,
            "renewals": renewed(plan, month),
            "interest": interest,
            "principal": principal,
        }
        need = now
        moved = row["sales"] - sum(
            row[name]
            for name in ("costs", "fixed", "wages", "need_change", "renewals", "interest", "principal")
        )
        if month == 0:
            money = plan.financing
            moved += money.own_cash + money.own_in_kind + money.partners
            moved += money.loan.amount if money.loan else 0
            moved -= sum(line.amount for line in plan.investments)
        cash += moved
        row |= {"net": moved, "cash_without": cash, "cash": cash + plan.financing.grant}
        rows.append(row)
    return rows


def debt(loan):
    """Interest and principal by month."""
    if loan is None:
        return {}
    n, i = loan.months - loan.grace, Fraction(loan.rate, 120_000)
    if i:
        factor = Fraction(0)
        for month in range(1, n + 1):
            factor += 1 / (1 + i) ** month
        each = rounded(loan.amount / factor)
    else:
        each = rounded(Fraction(loan.amount, n))
    owed, found = loan.amount, {}
    for month in range(1, loan.months + 1):
        interest = rounded(owed * i)
        principal = 0 if month <= loan.grace else min(owed, max(0, each - interest))
        if month == loan.months:
            principal = owed
        owed -= principal
        if month <= MONTHS:
            found[month] = (interest, principal)
    return found


def renewed(plan, month):
    total = 0
    for line in plan.investments:
        ends = month and month % (12 * line.life) == 0 and month < MONTHS
        if line.kind == "investment" and ends:
            total += rounded(line.amount * inflated(plan, month)) - line.salvage
    return total


def flows(plan, rows, *, grant):
    """Yearly flows with what is left at the end."""
    start = -sum(line.amount for line in plan.investments) - rows[0]["need"]
    found = [start + (plan.financing.grant if grant else 0)]
    for number in range(5):
        months = rows[12 * number + 1 : 12 * number + 13]
        found.append(
            sum(
                row["sales"]
                - row["costs"]
                - row["fixed"]
                - row["wages"]
                - row["need_change"]
                - row["renewals"]
                for row in months
            )
        )
    found[-1] += rows[-1]["need"] + sum(one.salvage for one in plan.investments if one.kind == "investment")
    return found
