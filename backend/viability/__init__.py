"""The financial model of a small organisation's plan: numbers in, numbers out. See docs/viability.md.

Pure: no database, no web framework; of the platform it knows the kernel's words, money and months only.
`study` is the door: it computes everything that a page shows.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .arith import BP, half_up
from .model import Projection, project
from .plan import Fault, Financing, Investment, Loan, Plan, Product, Terms, faults
from .reading import Assumption, Reading, read
from .study import Study, study

if TYPE_CHECKING:
    from .montecarlo import Risk, Simulation, Spread, simulate

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

DRAWN = ("Risk", "Simulation", "Spread", "simulate")


def __getattr__(name: str) -> Any:
    """What draws is loaded when it is first asked for, numpy with it."""
    if name in DRAWN:
        return getattr(import_module(f"{__name__}.montecarlo"), name)
    raise AttributeError(name)
