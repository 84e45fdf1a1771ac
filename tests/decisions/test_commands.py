"""Proposing, voting, adopting: recusals, quorum, the envelope, two sessions at once, who sees what."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select, update

from backend.applications.models import Application, ApplicationState
from backend.calls.models import Call, CallState
from backend.committees import commands as committees
from backend.committees import hooks, sessions
from backend.committees.models import BallotChoice
from backend.core import jobs
from backend.core.actor import SYSTEM
from backend.core.errors import Problem
from backend.core.events import Event
from backend.core.tx import transaction
from backend.decisions import commands
from backend.decisions.models import Decision, DecisionOutcome, DecisionState
from tests.committees import given as sittings
from tests.decisions import given
from tests.reviews import given as reviews

FUNDED, WAITING, REFUSED = DecisionOutcome.FUNDED, DecisionOutcome.WAITING, DecisionOutcome.REFUSED
ADOPTED, SET_ASIDE, PROPOSED = DecisionState.ADOPTED, DecisionState.SET_ASIDE, DecisionState.PROPOSED


def refused(code: str, status: int = 409) -> Any:
    return pytest.raises(Problem, check=lambda p: (p.code, p.status) == (code, status))


def change(model: Any, **values: Any) -> None:
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(update(model).values(**values))


def codes(decision: Decision) -> list[str]:
    return [r["code"] for r in decision.reasons]


# -- proposing -------------------------------------------------------------------------------------------


def test_by_rank_until_the_envelope_ends(world: Any) -> None:
    found = given.proposed(world, 5, [24_000_000, 30_000_000, 30_000_000, 20_000_000, 10_000_000])
    outcomes = [(d.rank, d.outcome, d.amount_centimes) for d in found.decisions]
    assert outcomes == [
        (1, FUNDED, 24_000_000),
        (2, FUNDED, 30_000_000),
        (3, FUNDED, 30_000_000),
        (4, WAITING, 0),
        (5, REFUSED, 0),
    ]
    assert found.left_centimes == 16_000_000
    assert found.left_out == []
    assert codes(found.decisions[3]) == ["envelope_exhausted"]
    assert codes(found.decisions[4]) == ["below_pass_mark", "weakest_criteria"]


def test_dossiers_without_enough_reviews_are_left_for_the_officer(world: Any) -> None:
    first, second, third = reviews.eligible(world, 3, [24_000_000, 24_000_000, 0])
    for name in ("evaluator", "second"):
        reviews.signed(world, name, first)
        reviews.signed(world, name, third)
    reviews.signed(world, "third", second, 4)
    session_id = given.an_open_session(world)
    with transaction(world.chair) as tx:
        found = commands.propose(tx, session_id, world.call)
    assert [d.application_id for d in found.decisions] == [first]
    assert {(o.application_id, o.reason["code"]) for o in found.left_out} == {
        (second, "too_few_reviews"),
        (third, "nothing_requested"),
    }
    with refused("nothing_to_propose"), transaction(world.officer) as tx:
        commands.propose(tx, session_id, world.call)


def test_when_a_proposal_may_not_be_made(world: Any) -> None:
    reviews.scored(world)
    planned = sittings.session(world)
    with refused("session_not_running"), transaction(world.officer) as tx:
        commands.propose(tx, planned.id, world.call)
    session_id = given.an_open_session(world)
    change(Call, committee_id=None)
    with transaction(SYSTEM) as tx:
        from datetime import timedelta

        later = tx.now + timedelta(days=1)
    change(Call, closes_at=later)
    with refused("call_not_ready"), transaction(world.officer) as tx:
        commands.propose(tx, session_id, world.call)
    change(Call, province_code="09.541")
    for name, code, status in (
        ("officer", "forbidden", 403),
        ("evaluator", "forbidden", 403),
    ):
        with refused(code, status), transaction(world.people[name]) as tx:
            commands.propose(tx, session_id, world.call)


def test_another_provinces_session_does_not_decide(world: Any) -> None:
    from backend.core.actor import Actor, Grant

    reviews.scored(world)
    session_id = given.an_open_session(world)
    change(Call, province_code="09.541")
    both = Actor(
        "person",
        world.officer.id,
        "O",
        "fr",
        frozenset({Grant("officer", "09.001"), Grant("officer", "09.541")}),
    )
    with refused("another_committee"), transaction(both) as tx:
        commands.propose(tx, session_id, world.call)


# -- the vote --------------------------------------------------------------------------------------------


def test_adopted_with_an_event_each_and_the_call_is_decided(world: Any) -> None:
    made = given.adopted(world)
    assert [(d.state, d.outcome) for d in made] == [(ADOPTED, FUNDED), (ADOPTED, FUNDED), (ADOPTED, REFUSED)]
    assert all(d.decided_at for d in made)
    with transaction(SYSTEM) as tx:
        assert tx.session.scalar(select(func.count()).where(Event.name == "decision.adopted")) == 3
        assert tx.session.scalars(select(Call.state)).one() == "decided"
    jobs.drain()
    assert [d.state for d in given.decisions()] == [ADOPTED] * 3


def test_rejected_proposals_may_come_back_to_another_session(world: Any) -> None:
    (motion,) = given.put(world)
    with refused("motion_not_adopted"), transaction(world.officer) as tx:
        commands.adopt(tx, motion)
    given.voted(world, motion, ("evaluator",), ("chair", "second"))
    with transaction(world.officer) as tx:
        commands.close_vote(tx, motion)
    made = given.decisions()
    assert {d.state for d in made} == {SET_ASIDE}
    assert codes(made[0])[-1] == "motion_rejected"
    with transaction(world.officer) as tx:
        assert commands.adopt(tx, motion) == []
        again = commands.propose(tx, world.session, world.call)
    assert len(again.decisions) == 3


def test_a_vote_closed_elsewhere_takes_effect_through_the_event(world: Any) -> None:
    (motion,) = given.put(world)
    given.voted(world, motion, ("chair", "evaluator", "second"))
    with transaction(world.officer) as tx:
        committees.close_motion(tx, motion)
    assert {d.state for d in given.decisions()} == {PROPOSED}
    jobs.drain()
    assert {d.state for d in given.decisions()} == {ADOPTED}


def test_a_motion_about_something_else_decides_nothing(world: Any) -> None:
    given.proposed(world)
    other = sittings.motion(world, world.session)
    given.voted(world, other.id, ("chair", "evaluator", "second"))
    with transaction(world.officer) as tx:
        committees.close_motion(tx, other.id)
        assert commands.adopt(tx, other.id) == []
    with transaction(world.officer) as tx:
        commands.put_to_vote(tx, world.session, world.call)
    with refused("nothing_to_propose"), transaction(world.officer) as tx:
        commands.put_to_vote(tx, world.session, world.call)


def test_a_session_does_not_end_while_a_file_is_undecided(world: Any) -> None:
    made = given.proposed(world).decisions
    with refused("files_undecided"), transaction(world.officer) as tx:
        committees.close_session(tx, world.session)
    with transaction(world.officer) as tx:
        (motion,) = commands.postpone(tx, world.session, [d.id for d in made], "Visites à refaire")
        assert (motion.kind, motion.reason) == ("set_aside", "Visites à refaire")
    given.voted(world, motion.id, ("chair", "evaluator", "second"))
    with transaction(world.officer) as tx:
        commands.close_vote(tx, motion.id)
    with transaction(world.officer) as tx:
        committees.close_session(tx, world.session)
    made = given.decisions()
    assert {d.state for d in made} == {SET_ASIDE}
    assert codes(made[0])[-1] == "postponed"


def test_a_postponement_that_is_rejected_leaves_the_files_to_be_decided(world: Any) -> None:
    made = given.proposed(world).decisions
    with transaction(world.officer) as tx:
        (motion,) = commands.postpone(tx, world.session, [made[0].id], "Visites à refaire")
    given.voted(world, motion.id, (), ("chair", "evaluator", "second"))
    with transaction(world.officer) as tx:
        commands.close_vote(tx, motion.id)
    with transaction(world.officer) as tx:
        (again,) = commands.put_to_vote(tx, world.session, world.call)
    assert {d.motion_id for d in given.decisions()} == {again.id}


def test_a_motion_taken_back_leaves_its_proposals(world: Any) -> None:
    (motion,) = given.put(world)
    with transaction(world.officer) as tx:
        sessions.withdraw_motion(tx, motion)
    assert {d.motion_id for d in given.decisions()} == {None}
    with transaction(world.officer) as tx:
        assert len(commands.put_to_vote(tx, world.session, world.call)) == 1


# -- recusals --------------------------------------------------------------------------------------------


def test_a_recused_member_has_no_vote_on_that_dossier_alone(world: Any) -> None:
    reviews.tied(world, "third", world.tifaout)
    motions = given.put(world)
    made = given.decisions()
    assert [bool(d.recused_seats) for d in made].count(True) == 1
    hers = next(d for d in made if d.recused_seats)
    assert hers.recused_seats == [str(world.seats["third"])]
    assert len(motions) == 2
    assert hers.motion_id is not None
    with refused("seat_recused"):
        given.voted(world, hers.motion_id, ("third",))
    free = next(m for m in motions if m != hers.motion_id)
    given.voted(world, free, ("third",))
    with transaction(world.third) as tx:
        seen = set(tx.session.scalars(tx.visible(select(Decision.id), "decision.read")))
    assert seen == {d.id for d in made} - {hers.id}


def test_a_recused_vote_is_refused_by_whichever_way(world: Any) -> None:
    reviews.tied(world, "third", world.tifaout)
    given.put(world)
    hers = next(d for d in given.decisions() if d.recused_seats)
    assert hers.motion_id
    for actor in (world.officer, world.third):
        with refused("seat_recused"), transaction(actor) as tx:
            committees.cast(tx, hers.motion_id, world.seats["third"], BallotChoice.FOR)


def test_a_tie_found_after_the_proposal_parts_the_dossier_before_votes_are_counted(world: Any) -> None:
    (motion,) = given.put(world)
    given.voted(world, motion, ("chair", "second", "third"))
    reviews.tied(world, "third", world.tifaout)
    with refused("tied_meanwhile"), transaction(world.officer) as tx:
        commands.close_vote(tx, motion)
    with transaction(world.third) as tx:
        assert hooks.hidden_motions(tx, [motion]) == {motion}
    with transaction(world.officer) as tx:
        sessions.withdraw_motion(tx, motion)
        motions = [one.id for one in commands.put_to_vote(tx, world.session, world.call)]
    hers = next(d for d in given.decisions() if d.recused_seats)
    assert hers.recused_seats == [str(world.seats["third"])]
    assert len(motions) == 2
    with refused("seat_recused"):
        given.voted(world, hers.motion_id, ("third",))
    for one in motions:
        given.voted(world, one, ("chair", "evaluator", "second"))
        with transaction(world.officer) as tx:
            commands.close_vote(tx, one)
    assert {d.state for d in given.decisions()} == {DecisionState.ADOPTED}


def test_a_tie_found_between_the_proposal_and_the_motion_counts(world: Any) -> None:
    given.proposed(world)
    reviews.tied(world, "third", world.tifaout)
    with transaction(world.officer) as tx:
        assert len(commands.put_to_vote(tx, world.session, world.call)) == 2


def test_a_call_is_not_decided_while_a_dossier_is_to_be_completed(world: Any) -> None:
    motions = given.put(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        late = reviews.an_organisation(tx, 7)
        key = reviews._dossier(tx, world, late, 9, 1_000_000)
        back = update(Application).where(Application.id == key)
        tx.session.execute(back.values(state=ApplicationState.RETURNED))
    for one in motions:
        given.voted(world, one, ("chair", "evaluator", "second"))
        with transaction(world.officer) as tx:
            commands.close_vote(tx, one)
    with transaction(SYSTEM) as tx:
        assert tx.session.get_one(Call, world.call).state is not CallState.DECIDED


def test_quorum_lost_on_one_dossier_sets_it_aside_with_its_money_kept(world: Any) -> None:
    reviews.scored(world, 3, [24_000_000, 24_000_000, 24_000_000])
    reviews.tied(world, "third", world.tifaout)
    session_id = given.an_open_session(world, absent=("second", "conflicted"))
    change(Call, envelope_centimes=30_000_000)
    with transaction(world.officer) as tx:
        found = commands.propose(tx, session_id, world.call)
    hers = next(d for d in found.decisions if d.recused_seats)
    assert (hers.state, codes(hers)[-1]) == (SET_ASIDE, "quorum_lost")
    assert hers.reasons[-1]["params"] == {"recused": 1, "present": 2, "needed": 3}
    assert sum(d.amount_centimes for d in found.decisions) <= 30_000_000
    for _ in range(2):  # pressed again: the quorum is still lost, nothing is proposed twice
        with refused("nothing_to_propose"), transaction(world.officer) as tx:
            commands.propose(tx, session_id, world.call)
    assert len(given.decisions()) == len(found.decisions)


# -- the envelope ----------------------------------------------------------------------------------------


def test_adoption_never_passes_the_envelope(world: Any) -> None:
    (motion,) = given.put(world)
    given.voted(world, motion, ("chair", "evaluator", "second"))
    change(Call, envelope_centimes=30_000_000)
    with refused("envelope_exceeded"), transaction(world.officer) as tx:
        commands.close_vote(tx, motion)
    assert {d.state for d in given.decisions()} == {PROPOSED}


def test_two_sessions_at_the_same_moment_share_nothing(committed: str) -> None:
    from tests.world import build

    world = build()
    reviews.scored(world, 4)
    sessions = [given.an_open_session(world) for _ in range(2)]
    start = Barrier(2)

    def act(session_id: Any) -> str:
        start.wait()
        try:
            with transaction(world.officer) as tx:
                commands.propose(tx, session_id, world.call)
        except Problem as refusal:
            return refusal.code
        return "proposed"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(act, sessions)) == ["nothing_to_propose", "proposed"]
    made = given.decisions()
    assert len(made) == 4
    assert sum(d.amount_centimes for d in made) <= reviews.ENVELOPE
    session_id = made[0].session_id
    with transaction(world.officer) as tx:
        (motion,) = (m.id for m in commands.put_to_vote(tx, session_id, world.call))
    given.voted(world, motion, ("chair", "evaluator", "second"))
    start.reset()

    def close(_n: int) -> str:
        start.wait()
        try:
            with transaction(world.officer) as tx:
                commands.close_vote(tx, motion)
        except Problem as refusal:
            return refusal.code
        return "closed"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(close, range(2))) == ["closed", "wrong_state"]
    assert {d.state for d in given.decisions()} == {ADOPTED}


# -- who sees --------------------------------------------------------------------------------------------


def seen(world: Any, name: str) -> int:
    with transaction(world.people[name]) as tx:
        return len(tx.session.scalars(tx.visible(select(Decision.id), "decision.read")).all())


def test_a_holder_sees_hers_once_adopted_and_nobody_elses(world: Any) -> None:
    given.put(world)
    assert (seen(world, "holder"), seen(world, "rival")) == (0, 0)
    for motion in {d.motion_id for d in given.decisions()}:
        given.voted(world, motion, ("chair", "evaluator", "second"))  # type: ignore[arg-type]
        with transaction(world.officer) as tx:
            commands.close_vote(tx, motion)  # type: ignore[arg-type]
    assert (seen(world, "holder"), seen(world, "rival")) == (0, 0)
    given.released(world)
    assert (seen(world, "holder"), seen(world, "rival")) == (1, 1)
    counts = {
        name: seen(world, name) for name in ("officer", "chair", "evaluator", "auditor", "stranger", "coach")
    }
    assert counts == {"officer": 3, "chair": 3, "evaluator": 3, "auditor": 3, "stranger": 0, "coach": 0}
