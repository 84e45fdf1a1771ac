"""Minutes: written from the records when a session ends, frozen, printed in both languages, signed."""

from .issue import correct, ended
from .reading import Shown, current, shown
from .signing import capacity_of, sign

__all__ = ["Shown", "capacity_of", "correct", "current", "ended", "shown", "sign"]
