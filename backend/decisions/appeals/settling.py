"""Before a later session: on its agenda, put to the vote, settled as it was voted."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from ...calls.models import Call
from ...committees import commands as committees
from ...committees import sessions
from ...committees.models import AgendaItem, CommitteeSession, ItemKind, Motion, MotionState, SessionState
from ...committees.sessions.agenda import Point
from ...core.errors import INVALID, WRONG_STATE, FieldError
from ...core.i18n import LANGUAGES, translate
from ...core.money import format_money
from ...core.shapes import written
from ...core.tx import Tx
from .. import hooks
from ..conditions.terms import Terms, checked, in_motion
from ..lifecycle import ENVELOPE_EXCEEDED, LIFECYCLE, committed_centimes
from ..models import Appeal, AppealState, Decision, DecisionOrigin, DecisionOutcome, DecisionState
from ..portfolio import reason
from .filing import LONGEST
from .lifecycle import (
    AGREED,
    APPEALS,
    AT_VOTE,
    ELSEWHERE,
    GIVING,
    NOT_CONTESTABLE,
    NOT_ON_AGENDA,
    ON_AGENDA,
    REPORTED,
    motion_of,
    requested,
)

FUNDED, WAITING = DecisionOutcome.FUNDED, DecisionOutcome.WAITING
CONDITIONAL = DecisionOutcome.CONDITIONAL
CONDITIONS = (
    "conditions", "conditions_due_on", "conditions_until", "conditions_until_because", "conditions_met_at",
)  # fmt: skip
"""What a grant under conditions keeps when only its amount is replaced."""
COMING = (SessionState.PLANNED, SessionState.OPEN)


def schedule(tx: Tx, appeal_id: UUID, session_id: UUID, version: int | None = None) -> Appeal:
    """Put it on the agenda of a session of the committee that decided, later than the one that did."""
    appeal = tx.get(Appeal, appeal_id, "appeal.run", version=version)
    _reported(appeal)
    if appeal.session_id:
        raise ON_AGENDA()
    decided = tx.session.get_one(Decision, appeal.decision_id)
    first = tx.session.get_one(CommitteeSession, decided.session_id)
    session = tx.get(CommitteeSession, session_id, "session.run")
    same = session.committee_id == first.committee_id and session.state in COMING
    if not same or session.id == first.id or session.scheduled_at < first.scheduled_at:
        raise ELSEWHERE()
    title = {lang: translate(lang, "agenda.appeal", number=appeal.number) for lang in LANGUAGES}
    sessions.add_item(tx, session.id, Point(ItemKind.APPEAL, title, appeal.id))
    appeal.session_id = session.id
    tx.emit("appeal.scheduled", appeal, session=str(session.id), at=session.scheduled_at.isoformat())
    return appeal


def put(
    tx: Tx,
    appeal_id: UUID,
    outcome: DecisionOutcome,
    amount: int = 0,
    version: int | None = None,
    terms: Terms | None = None,
) -> Motion:
    """Ask the open session to replace the decision: a grant, with or without conditions, or waiting.

    Against the amount of a grant: the same outcome, for more. The call's row is locked first, as wherever its
    envelope is drawn on. `amount` in centimes, at most what the dossier asks for.
    """
    key = tx.get(Appeal, appeal_id, "appeal.read").decision_id
    decided, call = _contested(tx, key)
    appeal = tx.get(Appeal, appeal_id, "appeal.run", version=version)
    _reported(appeal)
    if appeal.motion_id:
        raise AT_VOTE()
    session = tx.session.get(CommitteeSession, appeal.session_id) if appeal.session_id else None
    if session is None:
        raise NOT_ON_AGENDA()
    if decided.state is not DecisionState.ADOPTED:
        raise NOT_CONTESTABLE()
    _within(tx, call, decided, outcome, amount)
    fresh = checked(tx, session, terms) if outcome is CONDITIONAL and outcome is not decided.outcome else None
    said = "amount" if outcome is decided.outcome else "funded" if fresh else outcome
    text = {
        lang: translate(
            lang, f"motion.appeal_{said}", number=appeal.number, amount=format_money(amount, lang)
        )
        + (f". {in_motion(fresh, lang)}" if fresh else "")
        for lang in LANGUAGES
    }
    point = select(AgendaItem.id).where(
        AgendaItem.session_id == session.id, AgendaItem.subject_id == appeal.id
    )
    item = tx.session.scalars(point.limit(1)).one_or_none()
    motion = committees.open_motion(tx, session.id, text, item_id=item)
    appeal.motion_id = motion.id
    appeal.wanted_outcome, appeal.wanted_centimes = outcome, amount
    kept = fresh or Terms()
    appeal.wanted_conditions, appeal.wanted_due_on = list(kept.conditions), kept.due_on
    tx.emit("appeal.put_to_vote", appeal, motion=str(motion.id), outcome=outcome, amount_centimes=amount)
    return motion


def settle(tx: Tx, appeal_id: UUID, answer: Mapping[str, str], version: int | None = None) -> Appeal:
    """Draw the vote's consequence and say why, in both languages.

    Carried, a new decision replaces the contested one, under the call's lock and envelope; rejected, or when
    the contested decision stands no more, the appeal is dismissed.
    """
    key = tx.get(Appeal, appeal_id, "appeal.read").decision_id
    decided, call = _contested(tx, key)
    appeal = tx.get(Appeal, appeal_id, "appeal.run", version=version)
    _reported(appeal)
    said = {lang: written(answer.get(lang, ""), f"answer.{lang}", LONGEST) for lang in LANGUAGES}
    motion = motion_of(tx, appeal)
    standing = decided.state is DecisionState.ADOPTED
    if standing and motion is not None and motion.state is MotionState.ADOPTED:
        outcome = appeal.wanted_outcome or WAITING
        _within(tx, call, decided, outcome, appeal.wanted_centimes)
        made = _replace(tx, appeal, decided, motion)
        APPEALS.fire(tx, appeal, "uphold", outcome=outcome, decision=str(made.id))
        appeal.outcome_id = made.id
    else:
        APPEALS.fire(tx, appeal, "dismiss")
    appeal.answer, appeal.settled_at = said, tx.now
    return appeal


def _reported(appeal: Appeal) -> None:
    if appeal.state is not REPORTED:
        raise WRONG_STATE(state=f"state.appeal.{appeal.state}", allowed_verbs=[])


def _contested(tx: Tx, decision_id: UUID) -> tuple[Decision, Call]:
    """The decision and its call, the call's row locked before the decision's."""
    call_id = tx.session.scalars(select(Decision.call_id).where(Decision.id == decision_id)).one()
    call = tx.get(Call, call_id, "call.propose")
    locked = select(Decision).where(Decision.id == decision_id).with_for_update(of=Decision)
    decided = tx.session.scalars(locked.execution_options(populate_existing=True)).one()
    return decided, call


def _within(tx: Tx, call: Call, decided: Decision, outcome: DecisionOutcome, amount: int) -> None:
    """Better than what is contested, no more than what is asked, within the call's envelope.

    A grant keeps its outcome: only its amount is contested, until its convention is signed.
    """
    more = decided.outcome in GIVING
    offered = (decided.outcome,) if more else (FUNDED, CONDITIONAL, WAITING)
    if outcome not in offered or (outcome is decided.outcome and not more):
        raise INVALID([FieldError("outcome", "enum")])
    least = decided.amount_centimes if more else 0
    if (outcome is not WAITING) != (amount > least) or amount > requested(tx, decided):
        raise INVALID([FieldError("amount", "appeal_amount")])
    if more and hooks.agreed(tx, decided):
        raise AGREED()
    taken = committed_centimes(tx, call, DecisionState.PROPOSED, DecisionState.ADOPTED)
    asked = taken - decided.amount_centimes + amount
    if amount and asked > call.envelope_centimes:
        raise ENVELOPE_EXCEEDED(envelope=call.envelope_centimes, asked=asked)


def _replace(tx: Tx, appeal: Appeal, decided: Decision, motion: Motion) -> Decision:
    LIFECYCLE.fire(tx, decided, "replace")
    decided.ended_at, decided.ended_because = tx.now, "appeal"
    tx.session.flush()  # one decision stands on a dossier: the old one leaves its place first
    outcome = appeal.wanted_outcome or WAITING
    made = Decision(
        application_id=decided.application_id,
        call_id=decided.call_id,
        session_id=motion.session_id,
        motion_id=motion.id,
        province_code=decided.province_code,
        outcome=outcome,
        rank=decided.rank,
        score_hundredths=decided.score_hundredths,
        amount_centimes=appeal.wanted_centimes,
        reasons=[reason("appeal_upheld", number=appeal.number)],
        recused_seats=decided.recused_seats,
        origin=DecisionOrigin.APPEAL,
        follows_id=decided.id,
        waiting_order=_last_place(tx, decided.call_id) if outcome is WAITING else None,
        **_conditions(appeal, decided, outcome),
    )
    tx.session.add(made)
    tx.session.flush()
    LIFECYCLE.fire(tx, made, "adopt", outcome=made.outcome, amount_centimes=made.amount_centimes)
    made.decided_at = tx.now
    tx.session.flush()
    hooks.replaced(tx, decided, made)
    return made


def _conditions(appeal: Appeal, decided: Decision, outcome: DecisionOutcome) -> dict[str, Any]:
    """Those of the grant whose amount alone is replaced, with what was met; else those that were voted."""
    if outcome is decided.outcome:
        return {name: getattr(decided, name) for name in CONDITIONS}
    if outcome is not CONDITIONAL:
        return {}
    return {"conditions": appeal.wanted_conditions, "conditions_due_on": appeal.wanted_due_on}


def _last_place(tx: Tx, call_id: UUID) -> int:
    """Behind those who wait already: an appeal takes nobody's place."""
    last = select(func.max(Decision.waiting_order)).where(Decision.call_id == call_id)
    return (tx.session.scalar(last) or 0) + 1


def put_off(tx: Tx, session_id: UUID) -> None:
    """A session that ended without a vote on it leaves the appeal to another one."""
    left = select(Appeal).where(
        Appeal.session_id == session_id, Appeal.state == AppealState.REPORTED, Appeal.motion_id.is_(None)
    )
    for appeal in tx.session.scalars(left.with_for_update()).all():
        appeal.session_id = None
        tx.emit("appeal.put_off", appeal, session=str(session_id))
