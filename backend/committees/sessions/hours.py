"""Hours that a session can have."""

from datetime import datetime

from backend.core.errors import INVALID, FieldError

FIRST, LAST = 2000, 2100
"""Years. Beyond, an hour is a slip of the hand, and calendars cannot add to it."""


def believable(moment: datetime, field: str) -> None:
    """Refused beside its field unless the hour lies in these years."""
    if not FIRST <= moment.year < LAST:
        raise INVALID([FieldError(field, "invalid")])
