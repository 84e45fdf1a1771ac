"""Ready states of the value chains for the tests of later stages."""

from datetime import date

from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from backend.value_chains.commands import load_chains, set_priorities
from tests.world import HERE

CODES = ("argan", "beekeeping", "craft-weaving")


def chains() -> None:
    """The vendored chains, loaded."""
    with transaction(SYSTEM) as tx:
        load_chains(tx)


def priorities(
    codes: tuple[str, ...] = CODES, province: str = HERE, from_on: date = date(2022, 1, 1)
) -> None:
    """The province's list."""
    chains()
    with transaction(SYSTEM) as tx:
        set_priorities(tx, province, codes, from_on)
