"""A call that asks for the best portfolio gets it, with reasons; a committee may decide otherwise."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from backend.calls.models import Call
from backend.calls.queries import definition
from backend.core.actor import SYSTEM
from backend.core.errors import Problem
from backend.core.events import Event
from backend.core.tx import transaction
from backend.decisions import commands
from backend.decisions.commands.propose import candidates
from backend.decisions.gathering import Setting, dossiers, problem
from backend.decisions.models import Decision, DecisionOutcome, DecisionState
from backend.decisions.queries import reasons_in_words
from tests.decisions.portfolio import given
from tests.decisions.portfolio.given import YOUNG

FUNDED, WAITING, REFUSED = DecisionOutcome.FUNDED, DecisionOutcome.WAITING, DecisionOutcome.REFUSED
BECAUSE = "Le douar n’a aucun autre projet depuis cinq ans."
MILLION = 1_000_000


def proposed(world: Any, *constraints: dict[str, Any], amounts: list[int], **more: Any) -> list[Decision]:
    """Proposals for dossiers of these amounts (ten thousand DH each); the last but one is the young one."""
    given.a_call(world, *constraints, **more)
    given.ranked(world, [amount * MILLION for amount in amounts], len(amounts) - 2)
    session_id = given.decisions.an_open_session(world)
    with transaction(world.officer) as tx:
        return commands.propose(tx, session_id, world.call).decisions


def seen(found: list[Decision]) -> list[tuple[DecisionOutcome, int, list[str]]]:
    return [(d.outcome, d.amount_centimes // MILLION, [r["code"] for r in d.reasons]) for d in found]


def test_the_envelope_goes_to_the_best_set_and_each_reason_names_its_constraint(world: Any) -> None:
    """75 points each: two of 20 and 30 fit in 60; the constraint makes the fourth one enter."""
    found = proposed(world, YOUNG, amounts=[30, 30, 20, 25, 10])
    assert seen(found) == [
        (FUNDED, 30, ["in_portfolio"]),
        (WAITING, 0, ["displaced_by_constraint"]),
        (WAITING, 0, ["outside_portfolio"]),
        (FUNDED, 25, ["in_portfolio", "needed_for_constraint"]),
        (REFUSED, 0, ["below_pass_mark", "weakest_criteria"]),
    ]
    assert "Coopératives de jeunes" in " ".join(reasons_in_words(found[1], "fr"))
    assert "تعاونيات الشباب" in " ".join(reasons_in_words(found[3], "ar"))


def test_the_fingerprint_kept_is_that_of_the_inputs_gathered_again(world: Any) -> None:
    given.a_call(world, YOUNG)
    given.ranked(world, [30 * MILLION, 30 * MILLION, 10 * MILLION, 10 * MILLION], 2)
    with transaction(SYSTEM) as tx:
        call = tx.session.get_one(Call, world.call)
        file = definition(call)
        ranked, _ = candidates(tx, call, file.grid)
        setting = Setting.of(file, call.envelope_centimes)
        wanted = problem(dossiers(tx, call, ranked), setting, file.grid).fingerprint
    session_id = given.decisions.an_open_session(world)
    with transaction(world.officer) as tx:
        found = commands.propose(tx, session_id, world.call).decisions
        events = tx.session.scalars(select(Event.data).where(Event.name == "decision.proposed")).all()
    assert found[0].reasons[0]["params"]["inputs"] == wanted
    assert {data["inputs"] for data in events} == {wanted}
    assert all(data["lowered"] == {} for data in events)


def test_a_floor_out_of_reach_gives_way_and_is_said(world: Any) -> None:
    found = proposed(world, YOUNG | {"at_least": 3}, amounts=[30, 30, 20, 10])
    assert [d.outcome for d in found] == [FUNDED, WAITING, FUNDED, REFUSED]
    with transaction(SYSTEM) as tx:
        data = tx.session.scalars(select(Event.data).where(Event.name == "decision.proposed")).first()
    assert data["lowered"] == {"young.floor": 1}


def test_amounts_within_the_range_of_the_call(world: Any) -> None:
    found = proposed(world, amounts=[30, 30, 20, 10], minimum="50 %")
    assert [d.amount_centimes // MILLION for d in found] == [30, 20, 10, 0]
    assert [r["code"] for r in found[1].reasons] == ["in_portfolio", "reduced_amount"]


def test_what_was_granted_before_counts(world: Any) -> None:
    """A second session on the same call: the first one's dossier of young people meets the floor."""
    found = proposed(world, YOUNG, amounts=[30, 25, 10])
    assert [d.outcome for d in found] == [FUNDED, FUNDED, REFUSED]
    first = found[0]
    with transaction(world.officer) as tx:
        (motion,) = commands.postpone(tx, world.session, [first.id], "À revoir après la visite du site.")
        motion_id = motion.id
    given.decisions.voted(world, motion_id, ("chair", "evaluator", "second"))
    with transaction(world.officer) as tx:
        commands.close_vote(tx, motion_id)
    with transaction(world.officer) as tx:
        again = commands.propose(tx, world.session, world.call).decisions
    assert [(d.rank, d.outcome, d.amount_centimes) for d in again] == [(1, FUNDED, 30 * MILLION)]


# -- deviating -------------------------------------------------------------------------------------------


def deviate(world: Any, changes: dict[Any, Any], because: str = BECAUSE) -> list[Any]:
    with transaction(world.chair) as tx:
        return [one.id for one in commands.deviate(tx, world.session, world.call, changes, because)]


def test_the_committee_decides_otherwise_with_its_reason(world: Any) -> None:
    found = proposed(world, amounts=[30, 25, 20, 10])
    assert [d.outcome for d in found] == [FUNDED, FUNDED, WAITING, REFUSED]
    (motion,) = deviate(
        world,
        {found[1].id: commands.Change(WAITING), found[2].id: commands.Change(FUNDED, 20 * MILLION)},
    )
    with transaction(world.officer) as tx:
        (rest,) = commands.put_to_vote(tx, world.session, world.call)
        rest_id = rest.id
    for one in (motion, rest_id):
        given.decisions.voted(world, one, ("chair", "evaluator", "second"))
        with transaction(world.officer) as tx:
            commands.close_vote(tx, one)
    made = given.decisions.decisions()
    assert [(d.outcome, d.deviates) for d in made] == [
        (FUNDED, False),
        (WAITING, True),
        (FUNDED, True),
        (REFUSED, False),
    ]
    assert all(d.state is DecisionState.ADOPTED for d in made)
    assert made[2].reasons[0]["params"] == {"because": BECAUSE, "was": "waiting", "was_centimes": 0}
    assert BECAUSE in reasons_in_words(made[2], "ar")[0]


def test_a_deviation_that_is_rejected_leaves_its_dossiers_to_be_proposed_again(world: Any) -> None:
    found = proposed(world, amounts=[30, 25, 20, 10])
    (motion,) = deviate(world, {found[0].id: commands.Change(WAITING)})
    given.decisions.voted(world, motion, ("evaluator",), ("chair", "second"))
    with transaction(world.officer) as tx:
        commands.close_vote(tx, motion)
    with transaction(world.officer) as tx:
        again = commands.propose(tx, world.session, world.call).decisions
    assert [(d.rank, d.outcome, d.deviates) for d in again] == [(1, FUNDED, False)]


UNDOABLE = [
    (2, (FUNDED, 20), "trop court", "because", "reason_short"),
    (2, (FUNDED, 20), "x" * 2001, "because", "too_long"),
    (0, (FUNDED, 31), BECAUSE, "amount", "above_asked"),
    (0, (FUNDED, 0), BECAUSE, "amount", "deviation_amount"),
    (0, (WAITING, 5), BECAUSE, "amount", "deviation_amount"),
    (3, (FUNDED, 5), BECAUSE, "outcome", "below_grid"),
    (0, (DecisionOutcome.CONDITIONAL, 5), BECAUSE, "conditions", "condition_none"),
]
"""The dossier by its rank from 0, what is wanted for it in millions of centimes, why; what is refused."""


def test_what_no_motion_can_do(world: Any) -> None:
    """Each is refused whole, so that one session shows them all: finding a portfolio costs seconds."""
    found = proposed(world, amounts=[30, 25, 20, 10])
    for at, (outcome, amount), because, field, code in UNDOABLE:
        with pytest.raises(Problem) as refusal:
            deviate(world, {found[at].id: commands.Change(outcome, amount * MILLION)}, because)
        assert [(one.field.split(".")[0], one.code) for one in refusal.value.errors] == [(field, code)]


def test_nobody_deviates_above_the_envelope_nor_for_nothing_nor_twice(world: Any) -> None:
    found = proposed(world, amounts=[30, 25, 20, 10])
    for changes, code in (
        ({found[2].id: commands.Change(FUNDED, 20 * MILLION)}, "envelope_exceeded"),
        ({found[0].id: commands.Change(FUNDED, 30 * MILLION)}, "nothing_to_propose"),
        ({}, "nothing_to_propose"),
    ):
        with pytest.raises(Problem, match=code):
            deviate(world, changes)
    with pytest.raises(Problem, match="forbidden"), transaction(world.people["evaluator"]) as tx:
        commands.deviate(tx, world.session, world.call, {}, BECAUSE)
    deviate(world, {found[0].id: commands.Change(WAITING)})
    with pytest.raises(Problem, match="nothing_to_propose"):
        deviate(world, {found[0].id: commands.Change(FUNDED, 30 * MILLION)})


def test_two_deviations_at_the_same_moment_never_pass_the_envelope(committed: str) -> None:
    """Two sessions on two connections each want what is left of the envelope."""
    from tests.world import build

    world = build()
    found = proposed(world, amounts=[30, 30, 30, 10], envelope=35 * MILLION)
    assert [d.outcome for d in found] == [FUNDED, WAITING, WAITING, REFUSED]
    start = Barrier(2)

    def act(at: int) -> str:
        start.wait()
        try:
            with transaction(world.officer) as tx:
                change = {found[at].id: commands.Change(FUNDED, 5 * MILLION)}
                commands.deviate(tx, world.session, world.call, change, BECAUSE)
        except Problem as refusal:
            return refusal.code
        return "put"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(act, (1, 2))) == ["envelope_exceeded", "put"]
    assert sum(d.amount_centimes for d in given.decisions.decisions()) == 35 * MILLION
