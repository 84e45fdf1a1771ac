"""What the clock asks of files."""

from ..core.config import settings
from ..core.events import every
from ..core.tx import Tx
from . import commands


@every(3600, "files.expire")
def expire(tx: Tx) -> None:
    """Uploads that were never finished, with their bytes."""
    commands.expire(tx)


@every(300, "files.scan")
def scan(tx: Tx) -> None:
    """Files received while the scanner was away, or before there was one."""
    if settings().clamav:
        commands.scan_again(tx)
