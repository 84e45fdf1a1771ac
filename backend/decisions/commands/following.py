"""What becomes of a decision: its holder gives it up or misses a date, and the next in order is promoted."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from ...applications.models import Application
from ...calls.callfile.following import following_of
from ...calls.models import Call
from ...calls.queries import definition
from ...core.errors import INVALID, FieldError
from ...core.tx import Tx
from ..lifecycle import LIFECYCLE, committed_centimes
from ..models import Decision, DecisionOrigin, DecisionOutcome
from ..portfolio import reason
from ..standing import ADOPTED, STANDING

WHY = ("renounced", "convention_missed", "conditions_missed")
"""Why the decision stands no more; each has words."""
MOST = 2000


def end(tx: Tx, decision_id: UUID, why: str, words: str = "") -> Decision:
    """The decision lapses: its money is free again, and its dossier is not proposed anew.

    The call's row is locked first, as wherever its envelope is drawn on. The waiting list moves up by a job
    of this event, as the platform itself: the holder who gives up does not choose who follows her.
    """
    if why not in WHY:
        raise INVALID([FieldError("why", "enum")])
    if len(words) > MOST:
        raise INVALID([FieldError("reason", "too_long")])
    tx.get(Decision, decision_id, "decision.read")
    lock_call(tx, decision_id)
    decision = tx.get(Decision, decision_id, "decision.end")
    LIFECYCLE.fire(
        tx, decision, "lapse", why=why, reason=words.strip(), amount_centimes=decision.amount_centimes
    )
    decision.ended_at, decision.ended_because = tx.now, why
    tx.session.flush()
    return decision


def lock_call(tx: Tx, decision_id: UUID) -> Call:
    """The call of a decision, locked before its decisions, as in `propose`."""
    about = select(Decision.call_id).where(Decision.id == decision_id).scalar_subquery()
    asked = select(Call).where(Call.id == about).with_for_update(of=Call)
    return tx.session.scalars(asked.execution_options(populate_existing=True)).one()


def promote(tx: Tx, decision_id: UUID) -> list[Decision]:
    """Grant what is free of the envelope to the waiting list of the call of this decision, in its order.

    `in_order`: the first who waits is funded when what she asks for fits, else everybody waits.
    `first_that_fits`: those whose amount does not fit are passed over, and keep their place. Amounts are
    those asked, which the caps of the call allowed at the deposit. Harmless to repeat.
    """
    call = lock_call(tx, decision_id)
    passes = following_of(definition(call)).promotion == "first_that_fits"
    left = call.envelope_centimes - committed_centimes(tx, call, *STANDING)
    asked = (
        select(Decision, Application.requested_centimes)
        .join(Application, Application.id == Decision.application_id)
        .where(
            Decision.call_id == call.id,
            Decision.state == ADOPTED,
            Decision.outcome == DecisionOutcome.WAITING,
            Decision.waiting_order.is_not(None),
        )
        .order_by(Decision.waiting_order, Decision.id)
        .with_for_update(of=Decision)
        .execution_options(populate_existing=True)
    )
    made = []
    for waiting, amount in tx.session.execute(asked).all():
        if 0 < amount <= left:
            made.append(_promoted(tx, waiting, amount))
            left -= amount
        elif not passes:
            break
    if not made:
        tx.allowed = tx.recorded = True
    return made


def _promoted(tx: Tx, waiting: Decision, amount: int) -> Decision:
    """A new decision that follows the old one; the motion that adopted the order adopted this too."""
    LIFECYCLE.fire(tx, waiting, "replace")
    waiting.ended_at, waiting.ended_because = tx.now, "promoted"
    tx.session.flush()  # one decision stands on a dossier: the old one leaves its place first
    made = Decision(
        application_id=waiting.application_id,
        call_id=waiting.call_id,
        session_id=waiting.session_id,
        motion_id=waiting.motion_id,
        province_code=waiting.province_code,
        outcome=DecisionOutcome.FUNDED,
        rank=waiting.rank,
        score_hundredths=waiting.score_hundredths,
        amount_centimes=amount,
        reasons=[reason("promoted", order=waiting.waiting_order)],
        recused_seats=waiting.recused_seats,
        origin=DecisionOrigin.PROMOTION,
        follows_id=waiting.id,
    )
    tx.session.add(made)
    tx.session.flush()
    told: dict[str, Any] = {"origin": "promotion", "order": waiting.waiting_order}
    LIFECYCLE.fire(tx, made, "adopt", outcome=made.outcome, amount_centimes=amount, **told)
    made.decided_at = tx.now
    tx.session.flush()
    return made


def last_place(tx: Tx, call_id: UUID) -> int:
    """The greatest place given on the waiting list of a call: nobody's is taken."""
    last = select(func.max(Decision.waiting_order)).where(Decision.call_id == call_id)
    return tx.session.scalar(last) or 0
