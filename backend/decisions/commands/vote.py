"""The vote on proposals, and what follows from it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select

from ...applications.models import Application, ApplicationState
from ...calls import lifecycle as calls_lifecycle
from ...calls.models import Call
from ...committees import commands as committees
from ...committees import hooks
from ...committees.attendance import quorum
from ...committees.models import (
    Ballot,
    BallotChoice,
    CommitteeSession,
    Motion,
    MotionKind,
    MotionState,
    Procedure,
    Seat,
)
from ...committees.procedure import carried, count
from ...core.i18n import LANGUAGES, ntranslate, translate
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

POSTPONED = (
    "Renvoyer {n} dossier à une autre séance",
    "Renvoyer {n} dossiers à une autre séance",
)


def put_to_vote(tx: Tx, session_id: UUID, call_id: UUID, *, secret: bool = False) -> list[Motion]:
    """Open the motions on what is proposed: one for dossiers that all may judge, one for each other group.

    Members recused on a dossier have no vote on its motion. Dossiers that too few members may judge now are
    set aside, their money kept for another session.
    """
    session = tx.get(CommitteeSession, session_id, "session.propose")
    waiting = _waiting(tx, session_id, Decision.call_id == call_id)
    if not waiting:
        raise NOTHING_TO_PROPOSE(left_out=[])
    motions = []
    for decisions in _groups(waiting):
        if _quorum_lost(tx, session, decisions):
            continue
        motions.append(_motion(tx, session, decisions, _text(decisions), MotionKind.DECISIONS, secret=secret))
    return motions


def postpone(tx: Tx, session_id: UUID, decision_ids: Collection[UUID], reason_given: str) -> list[Motion]:
    """Open motions to leave these proposals to another session; one for each group of recused members."""
    session = tx.get(CommitteeSession, session_id, "session.propose")
    waiting = _waiting(tx, session_id, Decision.id.in_(list(decision_ids)))
    if not waiting:
        raise NOTHING_TO_PROPOSE(left_out=[])
    motions = []
    for decisions in _groups(waiting):
        if _quorum_lost(tx, session, decisions):
            continue
        text = {lang: ntranslate(lang, *POSTPONED, len(decisions)) for lang in LANGUAGES}
        motions.append(_motion(tx, session, decisions, text, MotionKind.SET_ASIDE, reason_given))
    return motions


def _waiting(tx: Tx, session_id: UUID, which: ColumnElement[bool]) -> Sequence[Decision]:
    """The proposals of a session that no motion is about, locked, with the ties that are known by now."""
    found = tx.session.scalars(
        select(Decision)
        .where(
            Decision.session_id == session_id,
            Decision.state == DecisionState.PROPOSED,
            Decision.motion_id.is_(None),
            which,
        )
        .order_by(Decision.rank)
        .with_for_update()
    ).all()
    recuse(tx, session_id, found)
    return found


def tied_since(tx: Tx, session_id: UUID, decisions: Sequence[Decision]) -> dict[UUID, set[str]]:
    """By dossier, the seats tied to it that its proposal does not know of."""
    session = tx.session.get_one(CommitteeSession, session_id)
    tied = hooks.tied_seats(tx, session, {one.application_id for one in decisions})
    new = {
        one.application_id: {str(seat) for seat in tied[one.application_id]} - set(one.recused_seats)
        for one in decisions
    }
    return {key: seats for key, seats in new.items() if seats}


def recuse(tx: Tx, session_id: UUID, decisions: Sequence[Decision]) -> None:
    """Who declared a tie since the proposal, or was found to have one, neither sees the dossier nor votes."""
    new = tied_since(tx, session_id, decisions)
    for one in decisions:
        one.recused_seats = sorted({*one.recused_seats, *new.get(one.application_id, ())})


def _groups(waiting: Sequence[Decision]) -> list[list[Decision]]:
    """Those on which the same members are recused go together."""
    groups: dict[tuple[str, ...], list[Decision]] = defaultdict(list)
    for decision in waiting:
        groups[tuple(decision.recused_seats)].append(decision)
    return [decisions for _, decisions in sorted(groups.items())]


def _quorum_lost(tx: Tx, session: CommitteeSession, decisions: Sequence[Decision]) -> bool:
    """Set aside what too few members may judge; what everybody may judge asks for the session's quorum."""
    recused = [UUID(seat) for seat in decisions[0].recused_seats]
    if not recused or (found := quorum(tx, session, recused)).reached:
        return False
    why = reason("quorum_lost", recused=len(recused), present=found.present, needed=found.needed)
    set_aside(tx, decisions, why)
    return True


def _motion(  # noqa: PLR0913 (what a motion is)
    tx: Tx,
    session: CommitteeSession,
    decisions: Sequence[Decision],
    text: Mapping[str, str],
    kind: MotionKind,
    because: str = "",
    *,
    secret: bool = False,
) -> Motion:
    motion = committees.open_motion(tx, session.id, text, kind=kind, reason=because, secret=secret)
    for decision in decisions:
        decision.motion_id = motion.id
    tx.session.flush()
    return motion


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
    if motion.kind is MotionKind.SET_ASIDE:
        return _postponed(tx, motion, proposed)
    if motion.state is not MotionState.ADOPTED or not _carried_without_recused(tx, motion):
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


def _postponed(tx: Tx, motion: Motion, proposed: Sequence[Decision]) -> list[Decision]:
    """Carried, they wait for another session; rejected, they are still to be decided by this one."""
    if motion.state is MotionState.ADOPTED:
        set_aside(tx, proposed, reason("postponed", motion=motion.number))
    else:
        for decision in proposed:
            decision.motion_id = None
        tx.emit("decision.kept", motion, count=len(proposed))
    tx.session.flush()
    return list(proposed)


def vote(tx: Tx, motion_id: UUID, seat_id: UUID, choice: BallotChoice, dissent: str = "") -> Ballot:
    """A seat's vote on a motion, unless it is recused on what it decides (`seat_recused`)."""
    return committees.cast(tx, motion_id, seat_id, choice, dissent=dissent)


def close_vote(tx: Tx, motion_id: UUID) -> list[Decision]:
    """Close the motion and draw its consequence, in one go."""
    committees.close_motion(tx, motion_id)
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
        Decision.call_id == call.id, Decision.state.in_((DecisionState.ADOPTED, DecisionState.LAPSED))
    )
    waiting = select(Application.id).where(
        Application.call_id == call.id,
        Application.state.in_(
            (ApplicationState.SUBMITTED, ApplicationState.RETURNED, ApplicationState.ELIGIBLE)
        ),
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
    if motion.secret:
        return True  # nobody recused ever puts one in, and no paper is told from another
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
