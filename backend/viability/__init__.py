"""The financial model of a small organisation's plan: numbers in, numbers out. See docs/viability.md.

Pure: no database, no web framework; of the platform it knows the kernel's words, money and months only.
`study` is the door: it computes everything that a page shows.
"""

from .arith import BP, half_up
from .model import Projection, project
from .montecarlo import Risk, Simulation, Spread, simulate
from .plan import Fault, Financing, Investment, Loan, Plan, Product, Terms, faults
from .reading import Assumption, Reading, read
from .study import Study, study

__all__ = [
    "BP",
    "Assumption",
    "Fault",
    "Financing",
    "Investment",
    "Loan",
    "Plan",
    "Product",
    "Projection",
    "Reading",
    "Risk",
    "Simulation",
    "Spread",
    "Study",
    "Terms",
    "faults",
    "half_up",
    "project",
    "read",
    "simulate",
    "study",
]
