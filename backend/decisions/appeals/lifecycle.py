"""The life of an appeal: filed, studied, reported on, settled by a session; or withdrawn before its vote."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select

from ...applications.models import Application
from ...calls.models import Call
from ...committees.models import Motion, MotionState
from ...core.errors import Problem, problem
from ...core.events import declare
from ...core.i18n import codes
from ...core.machine import Machine, T
from ...core.tx import Tx
from ..models import Appeal, AppealState, Decision, DecisionOutcome, DecisionState, Letter, LetterState
from ..told import appeal_ends
from . import policy  # noqa: F401 (rules declare themselves)

APPEAL_LATE = problem("appeal_late", 409)
APPEAL_STANDING = problem("appeal_standing", 409)
NOT_CONTESTABLE = problem("appeal_not_contestable", 409)
AGREED = problem("appeal_convention_signed", 409)
NOT_INDEPENDENT = problem("appeal_handler", 409)
ELSEWHERE = problem("appeal_session", 409)
ON_AGENDA = problem("appeal_on_agenda", 409)
NOT_ON_AGENDA = problem("appeal_not_on_agenda", 409)
AT_VOTE = problem("appeal_at_vote", 409)
NOT_VOTED = problem("appeal_not_voted", 409)
STUDIED = problem("appeal_studied", 409)

declare("appeal.filed", "appeal.document_added", "appeal.scheduled", "appeal.put_off", "appeal.put_to_vote")

FILED, ASSIGNED, REPORTED = AppealState.FILED, AppealState.ASSIGNED, AppealState.REPORTED
PENDING = (FILED, ASSIGNED, REPORTED)
GIVING = (DecisionOutcome.FUNDED, DecisionOutcome.CONDITIONAL)
"""Contested for their amount alone, and only when it is less than what was asked."""


def contestable(decision: Decision, requested: int) -> bool:
    """A refusal, a place on the waiting list, or less than the centimes asked for."""
    return decision.outcome not in GIVING or decision.amount_centimes < requested


def requested(tx: Tx, decision: Decision) -> int:
    """What the dossier asks for, in centimes: at the deposit it was within the caps of the call."""
    asked = select(Application.requested_centimes).where(Application.id == decision.application_id)
    return tx.session.scalars(asked).one()


def last_day(tx: Tx, decision: Decision) -> date | None:
    """The last day of the call's window, on Casablanca's clock; none before the decision was told.

    It runs from the day on which the letter was released, which does not count: the letter says so too.
    """
    told = select(func.min(Letter.released_at)).where(
        Letter.decision_id == decision.id, Letter.state == LetterState.RELEASED
    )
    since = tx.session.scalar(told)
    days = select(Call.definition["appeal_days"]).where(Call.id == decision.call_id)
    if since is None:
        return None
    return appeal_ends(since, int(tx.session.execute(days).scalar_one()))


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
    yield from (f"motion.appeal_{said}" for said in ("funded", "waiting", "amount"))
    yield from ("agenda.appeal", "field.appeal_amount")


EVENTS = (
    "filed", "document_added", "assigned", "reported", "upheld", "dismissed", "withdrawn",
)  # fmt: skip
