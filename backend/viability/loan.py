"""A loan's payments, to the centime."""

from dataclasses import dataclass

from .arith import BP, half_up
from .plan import Loan


@dataclass(frozen=True, slots=True)
class Payment:
    """What is paid at the end of a month, and what is still owed after it, in centimes."""

    month: int
    interest: int
    principal: int
    owed: int

    @property
    def paid(self) -> int:
        return self.interest + self.principal


def annuity(loan: Loan) -> int:
    """The constant payment of a month after the grace, in centimes, rounded: A = P·i / (1 − (1 + i)^−n).

    i = rate / 12 (the proportional monthly rate that Moroccan banks state), n = months − grace; P / n at 0 %.
    Source: any textbook of financial mathematics; FAO RuralInvest, module 3, « Credit requirements ».
    """
    n = loan.months - loan.grace
    if loan.rate == 0:
        return half_up(loan.amount, n)
    unit = 12 * BP  # i = rate / unit, so (1 + i)^n = grown / unit^n
    grown, flat = (unit + loan.rate) ** n, unit**n
    return half_up(loan.amount * loan.rate * grown, unit * (grown - flat))


def schedule(loan: Loan) -> tuple[Payment, ...]:
    """Every payment: interest is what is owed × rate / 12, rounded half up; the last one settles the rest."""
    each, owed, payments = annuity(loan), loan.amount, []
    for month in range(1, loan.months + 1):
        interest = half_up(owed * loan.rate, 12 * BP)
        if month == loan.months:
            principal = owed
        elif month <= loan.grace:
            principal = 0
        else:
            principal = max(0, min(owed, each - interest))
        owed -= principal
        payments.append(Payment(month, interest, principal, owed))
    return tuple(payments)
