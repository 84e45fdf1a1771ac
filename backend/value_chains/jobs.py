"""The sectors and chains offer themselves to the register of organisations, an earlier stage."""

from ..people import activities
from . import catalogue


def _chains() -> list[activities.Chain]:
    return [activities.Chain(row["code"], row["sector"], row["name"]) for row in catalogue.rows()]


activities.sectors = catalogue.sectors
activities.chains = _chains
