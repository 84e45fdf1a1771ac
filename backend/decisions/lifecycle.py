"""The life of a decision: proposed to a session, then adopted by its vote or set aside."""

from collections.abc import Iterable

from sqlalchemy import func, select

from ..calls.models import Call
from ..committees.models import Motion, MotionState
from ..core.errors import Problem, problem
from ..core.events import declare
from ..core.i18n import codes
from ..core.machine import Machine, T
from ..core.tx import Tx
from .models import Decision, DecisionOutcome, DecisionState

NOT_IN_SESSION = problem("session_not_running", 409)
ANOTHER_COMMITTEE = problem("another_committee", 409)
REVIEWS_RUNNING = problem("call_not_ready", 409)
NOTHING_TO_PROPOSE = problem("nothing_to_propose", 409)
MOTION_NOT_ADOPTED = problem("motion_not_adopted", 409)
ENVELOPE_EXCEEDED = problem("envelope_exceeded", 409)
NOTHING_TO_END = problem("nothing_to_end", 409)
UNPROVEN = problem("portfolio_unproven", 409)

declare("decision.proposed", "decision.kept", "decision.deviated")

REASONS = (
    "funded_in_rank",
    "below_pass_mark",
    "below_floor",
    "weakest_criteria",
    "envelope_exhausted",
    "rank_order",
    "quorum_lost",
    "motion_rejected",
    "not_voted",
    "postponed",
    "too_few_reviews",
    "nothing_requested",
    "in_portfolio",
    "needed_for_constraint",
    "reduced_amount",
    "displaced_by_constraint",
    "outside_portfolio",
    "by_deviation",
    "appeal_upheld",
    "promoted",
)
"""Why a dossier got what it got; each has words in every language."""

PROPOSED, ADOPTED, SET_ASIDE = DecisionState.PROPOSED, DecisionState.ADOPTED, DecisionState.SET_ASIDE


@codes
def reason_codes() -> Iterable[str]:
    yield from (f"reason.{code}" for code in REASONS)


def committed_centimes(tx: Tx, call: Call, *states: DecisionState) -> int:
    """What decisions in these states take of the call's envelope."""
    total = select(func.coalesce(func.sum(Decision.amount_centimes), 0)).where(
        Decision.call_id == call.id, Decision.state.in_(states)
    )
    return int(tx.session.execute(total).scalar_one())


def voted(tx: Tx, decision: Decision) -> Problem | None:
    """Its motion was carried."""
    motion = tx.session.get(Motion, decision.motion_id) if decision.motion_id else None
    return None if motion and motion.state is MotionState.ADOPTED else MOTION_NOT_ADOPTED()


def may_end(_tx: Tx, decision: Decision) -> Problem | None:
    """What gave something may be given up; nothing is lost by a refusal."""
    return NOTHING_TO_END() if decision.outcome is DecisionOutcome.REFUSED else None


LIFECYCLE = Machine(
    Decision.state,
    # verb          from        to         event                 may               requires
    T("adopt", {PROPOSED}, ADOPTED, "decision.adopted", "decision.adopt", (voted,)),
    T("set_aside", {PROPOSED}, SET_ASIDE, "decision.set_aside", "decision.adopt"),
    T("lapse", {ADOPTED}, DecisionState.LAPSED, "decision.lapsed", "decision.end", (may_end,)),
    T("replace", {ADOPTED}, DecisionState.REPLACED, "decision.replaced", "decision.adopt"),
)


@codes
def words() -> Iterable[str]:
    """States, verbs, events and outcomes of a decision."""
    yield from (f"state.decision.{state}" for state in DecisionState)
    yield from (f"verb.decision.{verb}" for verb in LIFECYCLE.transitions)
    yield from (f"enum.decision_outcome.{outcome}" for outcome in DecisionOutcome)
    ends = ("proposed", "adopted", "set_aside", "replaced", "lapsed")
    yield from (f"event.decision.{end}" for end in ends)
