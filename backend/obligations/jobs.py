"""The scan of statutory clocks (`alerts` says how), and what other slices ask of obligations."""

from ..core.events import every
from ..core.tx import Tx
from . import alerts, links  # noqa: F401 (links declare themselves)


@every(3600, "clocks")
def scan(tx: Tx) -> None:
    """Officers are told of what is due in fifteen days, in five, today, and each week it is late."""
    alerts.tell(tx)
