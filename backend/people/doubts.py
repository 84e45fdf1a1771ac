"""What an organisation says of itself that is to be looked at again: it blocks nothing."""

from .identifiers import doubtful_register_number, read_ice, read_rib
from .models import Organisation


def doubts(row: Organisation) -> list[str]:
    """Codes of `lifecycle.DOUBTS`, by the order of the fields."""
    found = []
    if row.register_number and doubtful_register_number(row.register_number):
        found.append("register_shape")
    if row.ice and read_ice(row.ice).doubtful:
        found.append("ice_check")
    if row.bank_account and read_rib(row.bank_account).doubtful:
        found.append("rib_check")
    return found
