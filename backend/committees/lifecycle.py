"""The life of a session, of a motion and of minutes."""

from collections.abc import Iterable

from sqlalchemy import select

from backend.core.errors import Problem, problem
from backend.core.events import declare
from backend.core.i18n import codes
from backend.core.machine import Machine, T
from backend.core.tx import Tx

from . import hooks
from .attendance import quorum
from .dialogue import lifecycle as dialogue  # noqa: F401 (its machines are declared with these)
from .models import (
    BallotChoice,
    Breach,
    Capacity,
    College,
    CommitteeKind,
    CommitteeSession,
    ItemKind,
    Minutes,
    MinutesState,
    Motion,
    MotionKind,
    MotionState,
    Presence,
    Secrecy,
    SessionState,
    SignatureLevel,
    Standing,
)

declare(
    "committee.created",
    "seat.added",
    "seat.ended",
    "seat.renewed",
    "seat.corrected",
    "seat.ending",
    "committee.corrected",
    "committee.order_filed",
    "composition.set",
    "procedure.set",
    "session.planned",
    "session.convened",
    "session.moved",
    "agenda.changed",
    "item.taken",
    "item.done",
    "attendance.taken",
    "motion.opened",
    "ballot.cast",
    "minutes.issued",
    "minutes.signed_by",
)

NO_QUORUM = problem("no_quorum", 409)
QUORUM_REACHED = problem("quorum_reached", 409)
NOT_YET = problem("session_not_yet", 409)
NO_PROCEDURE = problem("no_procedure", 409)
PROCEDURE_BACKDATED = problem("procedure_backdated", 409)
COMPOSITION_BACKDATED = problem("composition_backdated", 409)
COMPOSITION_BROKEN = problem("composition_broken", 409)
ORDER_KIND = problem("order_kind", 415)
CHAIR_TAKEN = problem("chair_taken", 409)
SEAT_TAKEN = problem("seat_taken", 409)
MOTION_PENDING = problem("motion_pending", 409)
UNDECIDED = problem("files_undecided", 409)
SESSION_NOT_OPEN = problem("session_not_open", 409)
SESSION_CLOSED = problem("session_closed", 409)
SESSION_PAST = problem("session_in_the_past", 409)
NOTICE_SHORT = problem("notice_too_short", 409)
AGENDA_EMPTY = problem("agenda_empty", 409)
AGENDA_FROZEN = problem("agenda_frozen", 409)
SECOND_REFUSED = problem("second_convocation_refused", 409)
MOTION_CLOSED = problem("motion_closed", 409)
SEAT_DOES_NOT_VOTE = problem("seat_does_not_vote", 409)
SEAT_ABSENT = problem("seat_absent", 409)
MANDATE_OVER = problem("mandate_over", 409)
ALREADY_VOTED = problem("already_voted", 409)
RECUSED = problem("seat_recused", 409)
SECRECY = problem("secrecy_refused", 409)
OWN_HAND = problem("secret_ballot_own_hand", 409)
MINUTES_SETTLED = problem("minutes_settled", 409)
NOT_A_SIGNER = problem("not_a_signer", 409)

ENUMS = {
    "committee_kind": CommitteeKind,
    "college": College,
    "breach": Breach,
    "secrecy": Secrecy,
    "standing": Standing,
    "presence": Presence,
    "ballot_choice": BallotChoice,
    "item_kind": ItemKind,
    "motion_kind": MotionKind,
    "signature_level": SignatureLevel,
    "capacity": Capacity,
}


@codes
def enum_codes() -> Iterable[str]:
    """Words of the slice's choices."""
    yield from (f"enum.{name}.{value}" for name, kind in ENUMS.items() for value in kind)


def quorate(tx: Tx, session: CommitteeSession) -> Problem | None:
    """Enough voting seats have a voice."""
    found = quorum(tx, session)
    return None if found.reached else NO_QUORUM(needed=found.needed, present=found.present, seats=found.seats)


def without_quorum(tx: Tx, session: CommitteeSession) -> Problem | None:
    """The hour is there, and too few seats have a voice."""
    if tx.now < session.scheduled_at:
        return NOT_YET(scheduled_at=session.scheduled_at.isoformat())
    found = quorum(tx, session)
    return QUORUM_REACHED(needed=found.needed, present=found.present) if found.reached else None


def _no_open_motion(tx: Tx, session: CommitteeSession) -> Problem | None:
    pending = select(Motion.number).where(Motion.session_id == session.id, Motion.state == MotionState.OPEN)
    number = tx.session.scalar(pending.limit(1))
    return MOTION_PENDING(number=number) if number else None


def _all_decided(tx: Tx, session: CommitteeSession) -> Problem | None:
    """Each file before it was decided, or set aside by a motion."""
    left = hooks.undecided(tx, session)
    return UNDECIDED(count=len(left), files=", ".join(left[:20])) if left else None


PLANNED, OPEN, ADJOURNED = SessionState.PLANNED, SessionState.OPEN, SessionState.ADJOURNED

SESSION = Machine(
    CommitteeSession.state,
    # verb       from         to         event                may            requires
    T("open", {PLANNED}, OPEN, "session.opened", "session.run", (quorate,)),
    T("lapse", {PLANNED}, SessionState.LAPSED, "session.lapsed", "session.run", (without_quorum,)),
    T("cancel", {PLANNED}, SessionState.CANCELLED, "session.cancelled", "session.run"),
    T("adjourn", {OPEN}, ADJOURNED, "session.adjourned", "session.run", (_no_open_motion,)),
    T("resume", {ADJOURNED}, OPEN, "session.resumed", "session.run", (quorate,)),
    T(
        "close",
        {OPEN, ADJOURNED},
        SessionState.CLOSED,
        "session.closed",
        "session.run",
        (_no_open_motion, _all_decided),
    ),
)

MOTION = Machine(
    Motion.state,
    T("adopt", {MotionState.OPEN}, MotionState.ADOPTED, "motion.adopted", "motion.run"),
    T("reject", {MotionState.OPEN}, MotionState.REJECTED, "motion.rejected", "motion.run"),
    T("withdraw", {MotionState.OPEN}, MotionState.WITHDRAWN, "motion.withdrawn", "motion.run"),
)

MINUTES = Machine(
    Minutes.state,
    T("settle", {MinutesState.ISSUED}, MinutesState.SIGNED, "minutes.signed", "minutes.sign"),
    T(
        "replace",
        {MinutesState.ISSUED, MinutesState.SIGNED},
        MinutesState.REPLACED,
        "minutes.replaced",
        "minutes.issue",
    ),
)
