"""From a ranking to proposals, in an open session, as the call shares out its envelope."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from ...applications.models import Application, ApplicationState
from ...calls.callfile.models import Grid
from ...calls.lifecycle import UNDECIDED
from ...calls.models import Call
from ...calls.queries import definition
from ...committees.attendance import mandated, quorum
from ...committees.models import CommitteeSession, Seat, SessionState
from ...core.tx import Tx
from ...people.models import Interest, Representative
from ...reviews.queries import whole_ranking
from ..gathering import Setting, by_rank, dossiers, problem, verdicts
from ..lifecycle import (
    ANOTHER_COMMITTEE,
    NOT_IN_SESSION,
    NOTHING_TO_PROPOSE,
    REVIEWS_RUNNING,
    UNPROVEN,
    committed_centimes,
)
from ..models import Decision, DecisionOutcome, DecisionState
from ..portfolio import Verdict, reason
from ..portfolio.apart import studied
from ..standing import DECIDED
from ..unsaid import open_to
from .following import last_place
from .setting_aside import set_aside


@dataclass(frozen=True)
class LeftOut:
    """A dossier that cannot be proposed yet, and why."""

    application_id: UUID
    number: str
    reason: dict[str, Any]


@dataclass
class Proposal:
    """What is put to a session for a call."""

    decisions: list[Decision] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    left_centimes: int = 0


def propose(tx: Tx, session_id: UUID, call_id: UUID) -> Proposal:
    """Propose a decision on each ranked dossier of the call that has none, as the call shares out its money.

    The call's row is locked, so that two sessions take turns; amounts proposed or adopted never pass the
    envelope. A dossier that loses its quorum through recusals is set aside, its money kept for
    another session.
    """
    call = tx.get(Call, call_id, "call.propose")
    session = tx.get(CommitteeSession, session_id, "session.propose")
    _may_decide(tx, session, call)
    grid = definition(call).grid
    ranked, left_out = candidates(tx, call, grid)
    recused = _recused(tx, session, {row.application_id: row.organisation_id for _, row in ranked})
    before = _without_quorum_before(tx, session, recused)
    ranked = [(rank, row) for rank, row in ranked if row.application_id not in before]
    if not ranked:
        hers = open_to(tx, [item.application_id for item in left_out])
        raise NOTHING_TO_PROPOSE(left_out=[i.number for i in left_out if i.application_id in hers])
    left = call.envelope_centimes - committed_centimes(
        tx, call, DecisionState.PROPOSED, DecisionState.ADOPTED
    )
    numbers = {row.application_id: row.number for _, row in ranked}
    given, told = shared_out(tx, call, ranked, grid)
    made = [_decision(call, session, verdict, recused[verdict.id]) for verdict in given]
    place = last_place(tx, call.id)
    for decision in sorted(made, key=lambda one: one.rank):
        if decision.outcome is DecisionOutcome.WAITING:
            decision.waiting_order = place = place + 1
    tx.session.add_all(made)
    tx.session.flush()
    for decision in made:
        tx.emit(
            "decision.proposed",
            decision,
            outcome=decision.outcome,
            number=numbers[decision.application_id],
            **told,
        )
    _set_aside_without_quorum(tx, session, made)
    spent = sum(d.amount_centimes for d in made)
    return Proposal(made, left_out, left - spent)


def shared_out(
    tx: Tx, call: Call, ranked: Sequence[tuple[int, Row[Any]]], grid: Grid
) -> tuple[list[Verdict], dict[str, Any]]:
    """A verdict on each ranked dossier in the call's own way, and what an event tells of how it was found.

    For a portfolio: the fingerprint of its inputs (whoever has them can compute again) and the constraints
    that had to give way. Problem `portfolio_unproven` when no optimum could be proven in time.
    """
    found = dossiers(tx, call, ranked)
    setting = Setting.of(definition(call), call.envelope_centimes)
    if not setting.portfolio:
        return by_rank(found, setting, grid), {}
    study = studied(problem(found, setting, grid), order=setting.order)
    if study.hard:
        raise UNPROVEN()
    return verdicts(found, setting, grid, study), {"inputs": study.inputs, "lowered": dict(study.lowered)}


def _may_decide(tx: Tx, session: CommitteeSession, call: Call) -> None:
    if session.state is not SessionState.OPEN:
        raise NOT_IN_SESSION(state=f"state.committee_session.{session.state}")
    if session.province_code != call.province_code or call.committee_id not in (None, session.committee_id):
        raise ANOTHER_COMMITTEE()
    if call.state not in UNDECIDED or tx.now <= call.closes_at:
        raise REVIEWS_RUNNING(state=f"state.call.{call.state}", closes_at=call.closes_at.isoformat())


def candidates(tx: Tx, call: Call, grid: Grid) -> tuple[list[tuple[int, Row[Any]]], list[LeftOut]]:
    """The undecided ranked dossiers with their ranks, best first, and those that cannot be proposed yet."""
    decided = set(
        tx.session.scalars(
            select(Decision.application_id).where(Decision.call_id == call.id, Decision.state.in_(DECIDED))
        )
    )
    ranking = list(enumerate(whole_ranking(tx, call.id), 1))
    reviewed = {row.application_id: row.reviews for _, row in ranking}
    eligible = tx.session.execute(
        select(Application.id, Application.number, Application.requested_centimes)
        .where(Application.call_id == call.id, Application.state == ApplicationState.ELIGIBLE)
        .order_by(Application.number)
    ).all()
    left_out = []
    for row in eligible:
        reviews = reviewed.get(row.id, 0)
        if row.id in decided:
            continue
        if reviews < grid.evaluators_per_file:
            why = reason("too_few_reviews", reviews=reviews, needed=grid.evaluators_per_file)
            left_out.append(LeftOut(row.id, row.number, why))
        elif row.requested_centimes <= 0:
            left_out.append(LeftOut(row.id, row.number, reason("nothing_requested")))
    ready = {row.id for row in eligible} - decided - {item.application_id for item in left_out}
    return [(rank, row) for rank, row in ranking if row.application_id in ready], left_out


def _recused(tx: Tx, session: CommitteeSession, holders: dict[UUID, UUID]) -> defaultdict[UUID, list[str]]:
    """By dossier, the seats of the committee whose member is tied to its holder (or acts for it)."""
    close = (
        select(Interest.organisation_id, Interest.person_id)
        .where(Interest.organisation_id.in_(holders.values()))
        .union(
            select(Representative.organisation_id, Representative.person_id).where(
                Representative.organisation_id.in_(holders.values())
            )
        )
        .subquery()
    )
    rows = tx.session.execute(
        select(close.c.organisation_id, Seat.id)
        .join(Seat, Seat.person_id == close.c.person_id)
        .where(mandated(session))
        .order_by(Seat.position, Seat.id)
    )
    by_holder: defaultdict[UUID, list[str]] = defaultdict(list)
    for organisation_id, seat_id in rows:
        by_holder[organisation_id].append(str(seat_id))
    found: defaultdict[UUID, list[str]] = defaultdict(list)
    for application_id, organisation_id in holders.items():
        found[application_id] = by_holder[organisation_id]
    return found


def _without_quorum_before(
    tx: Tx, session: CommitteeSession, recused: Mapping[UUID, Sequence[str]]
) -> set[UUID]:
    """The dossiers that this session set aside for want of a quorum, which it still has not: asked once."""
    asked = select(Decision.application_id, Decision.reasons).where(
        Decision.session_id == session.id, Decision.state == DecisionState.SET_ASIDE
    )
    rows = tx.session.execute(asked).all()
    lost = {row.application_id for row in rows if row.reasons and row.reasons[-1]["code"] == "quorum_lost"}
    return {
        one
        for one in lost & set(recused)
        if not quorum(tx, session, [UUID(seat) for seat in recused[one]]).reached
    }


def _decision(call: Call, session: CommitteeSession, verdict: Verdict, recused: list[str]) -> Decision:
    return Decision(
        application_id=verdict.id,
        call_id=call.id,
        session_id=session.id,
        province_code=call.province_code,
        outcome=verdict.outcome,
        rank=verdict.rank,
        score_hundredths=verdict.score,
        amount_centimes=verdict.amount,
        reasons=verdict.reasons,
        recused_seats=recused,
    )


def _set_aside_without_quorum(tx: Tx, session: CommitteeSession, decisions: Sequence[Decision]) -> None:
    groups: dict[tuple[str, ...], list[Decision]] = defaultdict(list)
    for decision in decisions:
        if decision.recused_seats:
            groups[tuple(decision.recused_seats)].append(decision)
    for seats, concerned in groups.items():
        found = quorum(tx, session, [UUID(seat) for seat in seats])
        if not found.reached:
            why = reason("quorum_lost", recused=len(seats), present=found.present, needed=found.needed)
            set_aside(tx, concerned, why)
