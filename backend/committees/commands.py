"""What is done to committees and in their sessions, by one name whatever the file it stands in."""

from .orders import correct_committee, create_committee, file_order
from .seating import SeatTerms, add_seat, correct_seat, end_seat, holder_of, renew_seat, terms_of
from .sessions import (
    cast,
    close_motion,
    close_session,
    open_motion,
    open_session,
    plan_session,
    take_attendance,
)
from .standing_rules import Terms, procedure_terms, set_composition, set_procedure

__all__ = [
    "SeatTerms",
    "Terms",
    "add_seat",
    "cast",
    "close_motion",
    "close_session",
    "correct_committee",
    "correct_seat",
    "create_committee",
    "end_seat",
    "file_order",
    "holder_of",
    "open_motion",
    "open_session",
    "plan_session",
    "procedure_terms",
    "renew_seat",
    "set_composition",
    "set_procedure",
    "take_attendance",
    "terms_of",
]
