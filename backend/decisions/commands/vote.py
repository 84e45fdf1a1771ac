"""The vote on proposals, and what follows from it."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from ...applications.models import Application, ApplicationState
from ...calls import lifecycle as calls_lifecycle
from ...calls.models import Call
from ...committees import commands as committees
from ...committees.models import (
    Ballot,
    BallotChoice,
    CommitteeSession,
    Motion,
    MotionState,
    Procedure,
    Seat,
)
from ...committees.procedure import carried, count
from ...core.i18n import LANGUAGES, translate
from ...core.money import format_money
from ...core.tx import Tx
from ..lifecycle import (
    ENVELOPE_EXCEEDED,
    LIFECYCLE,
    MOTION_NOT_ADOPTED,
    NOTHING_TO_PROPOSE,
    committed_centimes,
)
from ..models import Decision, DecisionOutcome, DecisionState
from ..portfolio import reason
from .setting_aside import set_aside


def put_to_vote(tx: Tx, session_id: UUID, call_id: UUID) -> list[Motion]:
    """Open the motions on what is proposed: one for dossiers that all may judge, one for each other group.

    Members recused on a dossier have no vote on its motion.
    """
    session = tx.get(CommitteeSession, session_id, "session.propose")
    waiting = tx.session.scalars(
        select(Decision)
        .where(
            Decision.session_id == session_id,
            Decision.call_id == call_id,
            Decision.state == DecisionState.PROPOSED,
            Decision.motion_id.is_(None),
        )
        .order_by(Decision.rank)
        .with_for_update()
    ).all()
    if not waiting:
        raise NOTHING_TO_PROPOSE(left_out=[])
    groups: dict[tuple[str, ...], list[Decision]] = defaultdict(list)
    for decision in waiting:
        groups[tuple(decision.recused_seats)].append(decision)
    motions = []
    for _, decisions in sorted(groups.items()):
        motion = committees.open_motion(tx, session.id, _text(decisions))
        for decision in decisions:
            decision.motion_id = motion.id
        motions.append(motion)
    tx.session.flush()
    return motions


def adopt(tx: Tx, motion_id: UUID) -> list[Decision]:
    """Draw the consequence of a closed motion: its decisions are adopted, or set aside if it was rejected.

    Harmless to repeat. The call is decided when no eligible dossier is without an adopted decision.
    """
    call = _locked_call(tx, motion_id)
    motion = tx.get(Motion, motion_id, "motion.conclude")
    if motion.state is MotionState.OPEN:
        raise MOTION_NOT_ADOPTED()
    proposed = tx.session.scalars(
        select(Decision)
        .where(Decision.motion_id == motion_id, Decision.state == DecisionState.PROPOSED)
        .order_by(Decision.rank)
        .with_for_update()
    ).all()
    if call is None or not proposed:
        return []
    if motion.state is MotionState.REJECTED or not _carried_without_recused(tx, motion):
        set_aside(tx, proposed, reason("motion_rejected", motion=motion.number))
        return list(proposed)
    asked = sum(d.amount_centimes for d in proposed)
    if committed_centimes(tx, call, DecisionState.ADOPTED) + asked > call.envelope_centimes:
        raise ENVELOPE_EXCEEDED(envelope=call.envelope_centimes, asked=asked)
    for decision in proposed:
        LIFECYCLE.fire(
            tx, decision, "adopt", outcome=decision.outcome, amount_centimes=decision.amount_centimes
        )
        decision.decided_at = tx.now
    tx.session.flush()
    _decide_call(tx, call)
    return list(proposed)


def vote(tx: Tx, motion_id: UUID, seat_id: UUID, choice: BallotChoice) -> Ballot:
    """A seat's vote on proposals, unless it is recused on them (`seat_recused`)."""
    return committees.cast(tx, motion_id, seat_id, choice, recused_seats(tx, motion_id))


def close_vote(tx: Tx, motion_id: UUID) -> list[Decision]:
    """Close the motion and draw its consequence, in one go."""
    committees.close_motion(tx, motion_id, recused_seats(tx, motion_id))
    tx.session.flush()
    return adopt(tx, motion_id)


def set_aside_unvoted(tx: Tx, session_id: UUID) -> None:
    """A session that ends without a vote on its proposals leaves them to another one."""
    unvoted = select(Decision).where(
        Decision.session_id == session_id,
        Decision.state == DecisionState.PROPOSED,
        Decision.motion_id.is_(None),
    )
    set_aside(tx, tx.session.scalars(unvoted.with_for_update()).all(), reason("not_voted"))


def _text(decisions: Sequence[Decision]) -> dict[str, str]:
    """The motion in both languages, from its own figures."""
    funded = [d for d in decisions if d.outcome is DecisionOutcome.FUNDED]
    figures = {outcome.value: sum(d.outcome is outcome for d in decisions) for outcome in DecisionOutcome}
    amount = sum(d.amount_centimes for d in funded)
    return {
        lang: translate(lang, "motion.adopt_list", amount=format_money(amount, lang), **figures)
        for lang in LANGUAGES
    }


def _locked_call(tx: Tx, motion_id: UUID) -> Call | None:
    """The call that a motion is about, locked before its decisions, as in `propose`."""
    about = select(Decision.call_id).where(Decision.motion_id == motion_id).limit(1).scalar_subquery()
    return tx.session.scalars(select(Call).where(Call.id == about).with_for_update(of=Call)).one_or_none()


def _decide_call(tx: Tx, call: Call) -> None:
    done = select(Decision.application_id).where(
        Decision.call_id == call.id, Decision.state == DecisionState.ADOPTED
    )
    waiting = select(Application.id).where(
        Application.call_id == call.id,
        Application.state.in_((ApplicationState.SUBMITTED, ApplicationState.ELIGIBLE)),
        Application.id.not_in(done),
    )
    if not tx.session.execute(waiting.limit(1)).first():
        machine = calls_lifecycle.LIFECYCLE
        if "decide" in machine.available(tx, call):
            machine.fire(tx, call, "decide")


def recused_seats(tx: Tx, motion_id: UUID) -> set[UUID]:
    """The seats without a vote on a motion: those recused on a dossier that it decides."""
    lists = tx.session.scalars(select(Decision.recused_seats).where(Decision.motion_id == motion_id))
    return {UUID(seat) for seats in lists for seat in seats}


def _carried_without_recused(tx: Tx, motion: Motion) -> bool:
    """A motion closed by another way may have counted a recused seat: it is counted again without her."""
    recused = recused_seats(tx, motion.id)
    ballots = tx.session.execute(
        select(Ballot.seat_id, Ballot.choice, Seat.chairs)
        .join(Seat, Seat.id == Ballot.seat_id)
        .where(Ballot.motion_id == motion.id)
    ).all()
    if not any(ballot.seat_id in recused for ballot in ballots):
        return True
    rules = tx.session.scalars(
        select(Procedure)
        .join(CommitteeSession, CommitteeSession.procedure_id == Procedure.id)
        .where(CommitteeSession.id == motion.session_id)
    ).one()
    tally = count((ballot.choice, ballot.chairs) for ballot in ballots if ballot.seat_id not in recused)
    return carried(tally, rules.majority_of, rules.majority_over, casting_vote=rules.casting_vote)
