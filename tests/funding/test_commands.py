"""Conventions: exact tranches, money only on evidence and in order, never more than was granted."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from backend.core.actor import SYSTEM
from backend.core.errors import Problem
from backend.core.events import Event
from backend.core.tx import transaction
from backend.decisions.models import DecisionOutcome, DecisionState
from backend.funding import commands, queries
from backend.funding.models import Convention, ConventionState, Tranche, TrancheState

from . import given


def refused(code: str, call: Any, actor: Any, *args: Any) -> Problem:
    with pytest.raises(Problem) as refusal, transaction(actor) as tx:
        call(tx, *args)
    assert refusal.value.code == code
    return refusal.value


def test_prepared_from_the_decision_with_exact_tranches(world: Any) -> None:
    (application_id,) = given.funded(world)
    with transaction(world.officer) as tx:
        convention = commands.prepare(tx, application_id)
        assert convention.number == f"{tx.now.year}-001"
        assert convention.amount_centimes == given.GRANT
        assert convention.own_centimes == given.TOTAL - given.GRANT
        parts = [t.amount_centimes for t in convention.tranches]
        assert sum(parts) == given.GRANT
        assert parts == [6_240_001, 6_240_000, 3_120_000]
        assert convention.tranches[0].condition["ar"]


def test_prepared_once(world: Any) -> None:
    (application_id,) = given.funded(world)
    with transaction(world.officer) as tx:
        commands.prepare(tx, application_id)
    refused("convention_exists", commands.prepare, world.officer, application_id)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (DecisionOutcome.REFUSED, DecisionState.ADOPTED),
        (DecisionOutcome.WAITING, DecisionState.ADOPTED),
        (DecisionOutcome.FUNDED, DecisionState.PROPOSED),
    ],
)
def test_only_an_adopted_grant(world: Any, outcome: DecisionOutcome, state: DecisionState) -> None:
    (application_id,) = given.funded(world, outcome=outcome, state=state)
    refused("not_funded", commands.prepare, world.officer, application_id)


@pytest.mark.parametrize("who", ["stranger", "holder", "coach", "auditor"])
def test_who_may_not_prepare(world: Any, who: str) -> None:
    (application_id,) = given.funded(world)
    refused("not_found", commands.prepare, getattr(world, who), application_id)
    refused("not_found", commands.prepare_call, getattr(world, who), world.call)


def test_an_unknown_dossier(world: Any) -> None:
    refused("not_found", commands.prepare, world.officer, uuid4())


def test_a_whole_call_at_once_in_constant_sql(world: Any, statements: Any) -> None:
    counts = []
    for number in (1, 3):
        with transaction(SYSTEM) as tx:
            tx.allowed = tx.recorded = True
            call_id = given.a_call(tx, world, f"call-{number}")
            session_id = given.a_session(tx, world)
            for n in range(number):
                organisation = given._another(tx, n)
                given.a_decision(tx, world, call_id, session_id, organisation, n + 1)
        with statements() as seen, transaction(world.officer) as tx:
            made = commands.prepare_call(tx, call_id)
        counts.append(len(seen))
        assert len(made) == number
    assert counts[0] == counts[1] <= 14
    with transaction(world.officer) as tx:
        assert commands.prepare_call(tx, call_id) == []
    with transaction(SYSTEM) as tx:
        numbers = tx.session.scalars(select(Convention.number).order_by(Convention.number)).all()
        assert [n.split("-")[1] for n in numbers] == ["001", "002", "003", "004"]
        assert tx.session.scalar(select(func.count()).where(Event.name == "convention.prepared")) == 4


def test_nothing_to_prove_when_the_grant_is_the_whole_cost(world: Any) -> None:
    convention_id = given.signed(world, amount=10_000, total=10_000)
    with transaction(world.officer) as tx:
        assert not queries.story(tx, convention_id).may_prove
        first = given.tranches(convention_id)[0]
        assert commands.release(tx, first, "Facture").state is TrancheState.RELEASED


def test_a_grant_too_small_for_every_tranche(world: Any) -> None:
    convention_id = given.prepared(world, amount=1, total=1)
    assert len(given.tranches(convention_id)) == 1


def test_signed_on_a_possible_day(world: Any) -> None:
    convention_id = given.prepared(world)
    with transaction(world.officer) as tx:
        today = tx.now.date()
    for day, code in (
        (today + timedelta(days=2), "signed_in_future"),
        (today - timedelta(days=400), "signed_before_decision"),
    ):
        refusal = refused("invalid", commands.sign, world.officer, convention_id, day)
        assert refusal.errors[0].code == code
    with transaction(world.officer) as tx:
        convention = commands.sign(tx, convention_id, today, version=1)
        assert (convention.state, convention.signed_on) == (ConventionState.SIGNED, today)
    refused("wrong_state", commands.sign, world.officer, convention_id, today)
    refused("version_conflict", commands.cancel, world.officer, convention_id, "x", 1)


@pytest.mark.parametrize(
    ("who", "code"),
    [("holder", "forbidden"), ("coach", "forbidden"), ("rival", "not_found"), ("stranger", "not_found")],
)
def test_who_may_not_sign_or_pay(world: Any, who: str, code: str) -> None:
    convention_id = given.payable(world)
    actor = getattr(world, who)
    refused(code, commands.cancel, actor, convention_id, "x")
    refused(code, commands.prove_own, actor, convention_id, "x")
    refused(code, commands.release, actor, given.tranches(convention_id)[0], "x")


def test_money_only_signed_proven_in_order_and_with_evidence(world: Any) -> None:
    convention_id = given.prepared(world)
    first, second, third = given.tranches(convention_id)
    refused("convention_not_signed", commands.release, world.officer, first, "Relevé")
    with transaction(world.officer) as tx:
        commands.sign(tx, convention_id, tx.now.date())
    refused("own_contribution_not_proven", commands.release, world.officer, first, "Relevé")
    assert (
        refused("invalid", commands.prove_own, world.officer, convention_id, "  ").errors[0].code == "missing"
    )
    assert (
        refused("invalid", commands.prove_own, world.officer, convention_id, "x" * 501).errors[0].code
        == "string_too_long"
    )
    with transaction(world.officer) as tx:
        commands.prove_own(tx, convention_id, " Relevé bancaire ")
    refused("earlier_tranche_not_released", commands.release, world.officer, second, "Facture")
    refused("invalid", commands.release, world.officer, first, " ")
    for tranche in (first, second, third):
        with transaction(world.officer) as tx:
            released = commands.release(tx, tranche, "Facture")
            assert released.state is TrancheState.RELEASED
            assert released.released_at == tx.now
    refused("wrong_state", commands.release, world.officer, third, "Facture")
    with transaction(world.officer) as tx:
        told = queries.story(tx, convention_id)
        assert told.released_centimes == told.convention.amount_centimes
        assert told.next_tranche is None


def test_never_more_than_granted(world: Any) -> None:
    """Even if the tranches did not add up (which nothing in the platform allows)."""
    convention_id = given.payable(world)
    first, second, _third = given.tranches(convention_id)
    with transaction(world.officer) as tx:
        commands.release(tx, first, "Facture")
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tranche = tx.session.get(Tranche, second)
        assert tranche
        tranche.amount_centimes = given.GRANT
    refused("more_than_granted", commands.release, world.officer, second, "Facture")


def test_cancelled_for_a_reason_and_nothing_more_is_paid(world: Any) -> None:
    convention_id = given.payable(world)
    first, second, _third = given.tranches(convention_id)
    with transaction(world.officer) as tx:
        commands.release(tx, first, "Relevé")
    assert refused("invalid", commands.cancel, world.officer, convention_id, " ").errors[0].field == "reason"
    with transaction(world.officer) as tx:
        commands.cancel(tx, convention_id, "Coopérative dissoute")
    refused("convention_not_signed", commands.release, world.officer, second, "Facture")
    refused("wrong_state", commands.prove_own, world.officer, convention_id, "x")
    with transaction(world.holder) as tx:
        told = queries.story(tx, convention_id)
        assert told.cancelled_because == "Coopérative dissoute"
        assert told.verbs == []
    with transaction(world.officer) as tx:
        sums = queries.sums(tx, queries.Filter())
        assert (sums.count, sums.amount_centimes, sums.released_centimes) == (1, 0, 6_240_001)


def test_lists_show_what_the_reader_may_see_in_constant_sql(world: Any, statements: Any) -> None:
    given.funded(world, count=3)
    with transaction(world.officer) as tx:
        commands.prepare_call(tx, world.call)
    seen_by = {}
    for who in ("officer", "coach", "holder", "rival", "stranger", "auditor", "evaluator"):
        with transaction(getattr(world, who)) as tx:
            seen_by[who] = len(queries.listed(tx, queries.Filter()).items)
            assert queries.sums(tx, queries.Filter()).count == seen_by[who]
    assert seen_by == {
        "officer": 3,
        "coach": 3,
        "holder": 1,
        "rival": 1,
        "stranger": 0,
        "auditor": 3,
        "evaluator": 0,
    }
    counts = []
    for limit in (1, 3):
        with statements() as seen, transaction(world.officer) as tx:
            page = queries.listed(tx, queries.Filter(ConventionState.PREPARED, world.call), limit=limit)
            [queries.line(convention, released) for convention, released in page.items]
            queries.sums(tx, queries.Filter())
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 3
    with transaction(world.officer) as tx:
        assert [call.id for call in queries.calls(tx)] == [world.call]


def test_two_officers_pay_a_tranche_once(committed: str) -> None:
    from tests.world import build

    world = build()
    convention_id = given.payable(world)
    ids = given.tranches(convention_id)

    def pay(tranche: Any) -> str:
        try:
            with transaction(world.officer) as tx:
                commands.release(tx, tranche, "Facture")
            return "paid"
        except Problem as refusal:
            return refusal.code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(pay, [ids[0]] * 6 + [ids[2]] * 2))
    assert sorted(answers) == ["earlier_tranche_not_released"] * 2 + ["paid"] + ["wrong_state"] * 5
    with transaction(SYSTEM) as tx:
        released = tx.session.scalar(
            select(func.sum(Tranche.amount_centimes)).where(Tranche.state == TrancheState.RELEASED)
        )
        assert released == 6_240_001


def test_two_officers_prepare_a_call_once(committed: str) -> None:
    from tests.world import build

    world = build()
    given.funded(world, count=4)

    def prepare(_n: int) -> int:
        with transaction(world.officer) as tx:
            return len(commands.prepare_call(tx, world.call))

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(prepare, range(4))) == 4
    with transaction(SYSTEM) as tx:
        numbers = tx.session.scalars(select(Convention.number)).all()
        assert len(set(numbers)) == 4
