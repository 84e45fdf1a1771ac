"""The life of an appeal: filed, studied, reported on, settled by a session; or withdrawn before its vote."""

from collections.abc import Iterable
from datetime import date, timedelta

from ...committees.models import Motion, MotionState
from ...core.calendar import local
from ...core.errors import Problem, problem
from ...core.events import declare
from ...core.i18n import codes
from ...core.machine import Machine, T
from ...core.tx import Tx
from ..models import Appeal, AppealState, Decision, DecisionOutcome, DecisionState
from . import policy  # noqa: F401 (rules declare themselves)

APPEAL_LATE = problem("appeal_late", 409)
APPEAL_STANDING = problem("appeal_standing", 409)
NOT_CONTESTABLE = problem("appeal_not_contestable", 409)
NOT_INDEPENDENT = problem("appeal_handler", 409)
ELSEWHERE = problem("appeal_session", 409)
ON_AGENDA = problem("appeal_on_agenda", 409)
NOT_ON_AGENDA = problem("appeal_not_on_agenda", 409)
AT_VOTE = problem("appeal_at_vote", 409)
NOT_VOTED = problem("appeal_not_voted", 409)
STUDIED = problem("appeal_studied", 409)

declare("appeal.filed", "appeal.document_added", "appeal.scheduled", "appeal.put_off", "appeal.put_to_vote")

FILED, ASSIGNED, REPORTED = AppealState.FILED, AppealState.ASSIGNED, AppealState.REPORTED
CONTESTABLE = (DecisionOutcome.REFUSED, DecisionOutcome.WAITING)


def last_day(decision: Decision, days: int) -> date | None:
    """The last day of the window, on Casablanca's clock: the day of the decision does not count."""
    return local(decision.decided_at).date() + timedelta(days=days) if decision.decided_at else None


def motion_of(tx: Tx, appeal: Appeal) -> Motion | None:
    return tx.session.get(Motion, appeal.motion_id) if appeal.motion_id else None


def moot(tx: Tx, appeal: Appeal) -> bool:
    """What it contests stands no more: promoted, replaced, lapsed."""
    return tx.session.get_one(Decision, appeal.decision_id).state is not DecisionState.ADOPTED


def _not_at_vote(_tx: Tx, appeal: Appeal) -> Problem | None:
    return AT_VOTE() if appeal.motion_id else None


def _carried(tx: Tx, appeal: Appeal) -> Problem | None:
    motion = motion_of(tx, appeal)
    return None if motion and motion.state is MotionState.ADOPTED else NOT_VOTED()


def _lost_or_moot(tx: Tx, appeal: Appeal) -> Problem | None:
    motion = motion_of(tx, appeal)
    lost = motion is not None and motion.state is MotionState.REJECTED
    return None if lost or (moot(tx, appeal) and not open_motion(tx, appeal)) else NOT_VOTED()


def open_motion(tx: Tx, appeal: Appeal) -> bool:
    motion = motion_of(tx, appeal)
    return motion is not None and motion.state is MotionState.OPEN


APPEALS = Machine(
    Appeal.state,
    # verb         from               to                     event               may               requires
    T("assign", {FILED, ASSIGNED}, ASSIGNED, "appeal.assigned", "appeal.assign"),
    T("report", {ASSIGNED}, REPORTED, "appeal.reported", "appeal.report"),
    T("uphold", {REPORTED}, AppealState.UPHELD, "appeal.upheld", "appeal.run", (_carried,)),
    T("dismiss", {REPORTED}, AppealState.DISMISSED, "appeal.dismissed", "appeal.run", (_lost_or_moot,)),
    T(
        "withdraw",
        {FILED, ASSIGNED, REPORTED},
        AppealState.WITHDRAWN,
        "appeal.withdrawn",
        "appeal.withdraw",
        (_not_at_vote,),
    ),
)


@codes
def words() -> Iterable[str]:
    yield from (f"state.appeal.{state}" for state in AppealState)
    yield from (f"verb.appeal.{verb}" for verb in APPEALS.transitions)
    yield from (f"event.appeal.{name}" for name in (*EVENTS, "scheduled", "put_off", "put_to_vote"))
    yield from ("motion.appeal_funded", "motion.appeal_waiting", "agenda.appeal", "field.appeal_amount")


EVENTS = (
    "filed", "document_added", "assigned", "reported", "upheld", "dismissed", "withdrawn",
)  # fmt: skip
