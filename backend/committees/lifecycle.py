"""The life of a session and of a motion."""

from collections.abc import Iterable

from sqlalchemy import select

from backend.core.errors import Problem, problem
from backend.core.events import declare
from backend.core.i18n import codes
from backend.core.machine import Machine, T
from backend.core.tx import Tx

from .attendance import quorum
from .models import (
    BallotChoice,
    College,
    CommitteeKind,
    CommitteeSession,
    Motion,
    MotionState,
    Presence,
    SessionState,
)

declare(
    "committee.created",
    "seat.added",
    "seat.ended",
    "procedure.set",
    "session.planned",
    "attendance.taken",
    "motion.opened",
    "ballot.cast",
)

NO_QUORUM = problem("no_quorum", 409)
NO_PROCEDURE = problem("no_procedure", 409)
PROCEDURE_BACKDATED = problem("procedure_backdated", 409)
CHAIR_TAKEN = problem("chair_taken", 409)
SEAT_TAKEN = problem("seat_taken", 409)
MOTION_PENDING = problem("motion_pending", 409)
SESSION_NOT_OPEN = problem("session_not_open", 409)
SESSION_CLOSED = problem("session_closed", 409)
MOTION_CLOSED = problem("motion_closed", 409)
SEAT_DOES_NOT_VOTE = problem("seat_does_not_vote", 409)
SEAT_ABSENT = problem("seat_absent", 409)
ALREADY_VOTED = problem("already_voted", 409)
RECUSED = problem("seat_recused", 409)

ENUMS = {
    "committee_kind": CommitteeKind,
    "college": College,
    "presence": Presence,
    "ballot_choice": BallotChoice,
}


@codes
def enum_codes() -> Iterable[str]:
    """Words of the slice's choices."""
    yield from (f"enum.{name}.{value}" for name, kind in ENUMS.items() for value in kind)


def quorate(tx: Tx, session: CommitteeSession) -> Problem | None:
    """Enough voting seats are taken."""
    found = quorum(tx, session)
    return None if found.reached else NO_QUORUM(needed=found.needed, present=found.present, seats=found.seats)


def _no_open_motion(tx: Tx, session: CommitteeSession) -> Problem | None:
    pending = select(Motion.number).where(Motion.session_id == session.id, Motion.state == MotionState.OPEN)
    number = tx.session.scalar(pending.limit(1))
    return MOTION_PENDING(number=number) if number else None


SESSION = Machine(
    CommitteeSession.state,
    T("open", {SessionState.PLANNED}, SessionState.OPEN, "session.opened", "session.run", (quorate,)),
    T("close", {SessionState.OPEN}, SessionState.CLOSED, "session.closed", "session.run", (_no_open_motion,)),
)

MOTION = Machine(
    Motion.state,
    T("adopt", {MotionState.OPEN}, MotionState.ADOPTED, "motion.adopted", "motion.run"),
    T("reject", {MotionState.OPEN}, MotionState.REJECTED, "motion.rejected", "motion.run"),
)
