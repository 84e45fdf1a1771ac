"""After the decision: the waiting list's order, grants given up, promotions under the call's lock."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from backend.applications.models import Application
from backend.calls.models import Call
from backend.core.actor import SYSTEM
from backend.core.errors import Problem
from backend.core.tx import transaction
from backend.decisions import commands
from backend.decisions.models import Decision, DecisionOrigin, DecisionOutcome, DecisionState
from tests.decisions import given

FUNDED, WAITING = DecisionOutcome.FUNDED, DecisionOutcome.WAITING
ADOPTED, REPLACED, LAPSED = DecisionState.ADOPTED, DecisionState.REPLACED, DecisionState.LAPSED
ASKED = (20_000_000, 20_000_000, 10_000_000, 5_000_000)


def voted(world: Any, asked: tuple[int, ...] = ASKED, envelope: int = 40_000_000, way: str = "") -> list[Any]:
    """Two are funded, those after them wait in the order of their ranks, the last is refused."""
    from tests.reviews import given as reviews

    reviews.scored(world, len(asked) + 1, (*asked, 1_000_000))  # the last one is below the pass mark
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        call = tx.session.scalars(select(Call)).one()
        call.envelope_centimes = envelope
        terms = dict(call.definition)
        call.definition_sha256 = f"{'following ' + way:64}"
        call.definition = terms | ({"following": {"promotion": way}} if way else {})
    session_id = given.an_open_session(world)
    with transaction(world.officer) as tx:
        commands.propose(tx, session_id, world.call)
    with transaction(world.officer) as tx:
        motions = [one.id for one in commands.put_to_vote(tx, session_id, world.call)]
    for motion in motions:
        given.voted(world, motion, ("chair", "evaluator", "second"))
        with transaction(world.officer) as tx:
            commands.close_vote(tx, motion)
    return given.decisions()


def ended(world: Any, decision_id: UUID) -> None:
    with transaction(world.officer) as tx:
        commands.end(tx, decision_id, "renounced", "Le groupement se retire.")


def moved_up(decision_id: UUID) -> list[Decision]:
    with transaction(SYSTEM) as tx:
        return commands.promote(tx, decision_id)


def standing() -> list[tuple[int, str, str]]:
    return [(d.rank, d.outcome.value, d.origin.value) for d in given.decisions() if d.state is ADOPTED]


def taken() -> int:
    with transaction(SYSTEM) as tx:
        asked = select(func.sum(Decision.amount_centimes)).where(Decision.state == ADOPTED)
        return int(tx.session.scalar(asked) or 0)


def test_those_who_wait_have_their_order(world: Any) -> None:
    made = voted(world)
    assert [(d.outcome, d.waiting_order) for d in made] == [
        (FUNDED, None), (FUNDED, None), (WAITING, 1), (WAITING, 2),
        (DecisionOutcome.REFUSED, None),
    ]  # fmt: skip


def test_a_grant_given_up_goes_to_the_next_in_order(world: Any) -> None:
    made = voted(world)
    ended(world, made[0].id)
    promoted = moved_up(made[0].id)
    assert [d.follows_id for d in promoted] == [made[2].id, made[3].id]
    assert {d.origin for d in promoted} == {DecisionOrigin.PROMOTION}
    assert [d.amount_centimes for d in promoted] == [10_000_000, 5_000_000]
    assert promoted[0].reasons[0] == {"code": "promoted", "params": {"order": 1}}
    states = {d.id: d.state for d in given.decisions()}
    assert (states[made[0].id], states[made[2].id]) == (LAPSED, REPLACED)
    assert moved_up(made[0].id) == []


def test_strictly_in_order_nobody_passes_the_first(world: Any) -> None:
    made = voted(world, (20_000_000, 20_000_000, 30_000_000, 5_000_000))
    ended(world, made[0].id)
    assert moved_up(made[0].id) == []


def test_the_call_may_let_the_first_that_fits_pass(world: Any) -> None:
    made = voted(world, (20_000_000, 20_000_000, 30_000_000, 5_000_000), way="first_that_fits")
    ended(world, made[0].id)
    assert [d.rank for d in moved_up(made[0].id)] == [4]


def test_what_was_given_up_is_not_proposed_again(world: Any) -> None:
    made = voted(world)
    ended(world, made[0].id)
    session_id = given.an_open_session(world)
    with pytest.raises(Problem) as refused, transaction(world.officer) as tx:
        commands.propose(tx, session_id, world.call)
    assert refused.value.code in ("nothing_to_propose", "call_not_ready")


@pytest.mark.parametrize("name", ["rival", "stranger", "evaluator", "coach"])
def test_nobody_else_ends_a_decision(world: Any, name: str) -> None:
    hers = next(one for one in voted(world) if one.outcome is FUNDED and holder_of(one) == world.tifaout)
    with pytest.raises(Problem) as refused, transaction(world.people[name]) as tx:
        commands.end(tx, hers.id, "renounced")
    assert refused.value.status in (403, 404)


def holder_of(decision: Decision) -> UUID:
    with transaction(SYSTEM) as tx:
        return UUID(str(tx.session.get_one(Application, decision.application_id).organisation_id))


def test_two_promotions_at_the_same_moment_keep_the_envelope(committed: str) -> None:
    from tests.world import build

    world = build()
    made = voted(world)
    start = Barrier(2)

    def act(decision_id: UUID) -> None:
        start.wait()
        ended(world, decision_id)
        moved_up(decision_id)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(act, [made[0].id, made[1].id]))
    assert taken() == 15_000_000
    followers = [d.follows_id for d in given.decisions() if d.follows_id]
    assert sorted(map(str, followers)) == sorted([str(made[2].id), str(made[3].id)])


def test_two_jobs_for_one_place_fund_one(committed: str) -> None:
    from tests.world import build

    world = build()
    made = voted(world, (20_000_000, 20_000_000, 15_000_000, 15_000_000))
    ended(world, made[0].id)
    start = Barrier(2)

    def act(_n: int) -> int:
        start.wait()
        return len(moved_up(made[0].id))

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(act, range(2))) == [0, 1]
    assert taken() == 35_000_000
