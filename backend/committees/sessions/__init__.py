"""Running a session: planning and convening, the agenda, the roll, opening to closing, motions and votes."""

from .agenda import add_item, drop_item, finish_item, move_item, take_item
from .ballots import cast, record_papers
from .motions import close_motion, open_motion, recused_on, withdraw_motion
from .planning import cancel_session, convene, move_session, plan_second, plan_session
from .roll import take_attendance
from .sitting import adjourn_session, close_session, lapse_session, open_session, resume_session

__all__ = [
    "add_item",
    "adjourn_session",
    "cancel_session",
    "cast",
    "close_motion",
    "close_session",
    "convene",
    "drop_item",
    "finish_item",
    "lapse_session",
    "move_item",
    "move_session",
    "open_motion",
    "open_session",
    "plan_second",
    "plan_session",
    "record_papers",
    "recused_on",
    "resume_session",
    "take_attendance",
    "take_item",
    "withdraw_motion",
]
