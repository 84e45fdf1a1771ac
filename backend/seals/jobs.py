"""Every hour, what happened since is sealed."""

from ..core.events import every
from ..core.seals import seal_now
from ..core.tx import Tx

HOUR = 3600


@every(HOUR, "seals")
def seal(tx: Tx) -> None:
    """Seal the new events; with none, nothing. Two at once wait for each other."""
    seal_now(tx)
