"""From a ranking to the committee's act: proposed in an open session, voted, adopted or set aside."""

from .deviate import LEAST, Change, deviate
from .following import WHY, end, lock_call, promote
from .propose import LeftOut, Proposal, propose
from .setting_aside import set_aside
from .vote import adopt, close_vote, postpone, put_to_vote, recused_seats, set_aside_unvoted, vote

__all__ = [
    "LEAST",
    "WHY",
    "Change",
    "LeftOut",
    "Proposal",
    "adopt",
    "close_vote",
    "deviate",
    "end",
    "lock_call",
    "postpone",
    "promote",
    "propose",
    "put_to_vote",
    "recused_seats",
    "set_aside",
    "set_aside_unvoted",
    "vote",
]
