"""Deposited, changed and deposited again while the call is open: each version has its receipt."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.applications import commands, deposits, queries
from backend.applications.lifecycle import LIFECYCLE
from backend.applications.models import Application, ApplicationState, RuleResult, Submission
from backend.applications.receipts import sha256
from backend.applications.schemas import SECTIONS
from backend.calls.models import Call
from backend.core.actor import SYSTEM
from backend.core.clock import arriving
from backend.core.errors import Problem
from backend.core.events import Event
from backend.core.tx import transaction
from backend.web.next_steps import steps_of
from tests.applications import given


def refusal(actor: Any, work: Any) -> Problem:
    with pytest.raises(Problem) as caught, transaction(actor) as tx:
        work(tx)
    return caught.value


def retitle(world: Any, made: Application, title: str) -> Application:
    data = SECTIONS["project"].model_validate(given.CONTENT["project"] | {"title": title})
    with transaction(world.holder) as tx:
        now = queries.one(tx, made.id)
        return commands.save_section(tx, made.id, "project", data, now.version)


def deposit(world: Any, made: Application) -> Application:
    with transaction(world.holder) as tx:
        return commands.submit(tx, made.id)


def kept(made: Application) -> list[Submission]:
    with transaction(SYSTEM) as tx:
        rows = select(Submission).where(Submission.application_id == made.id).order_by(Submission.number)
        return list(tx.session.scalars(rows))


def test_what_is_changed_after_a_deposit_waits_beside_it(world: Any) -> None:
    made = given.submitted(world)
    changed = retitle(world, made, "Autre titre")
    assert changed.state is ApplicationState.SUBMITTED
    assert changed.title == changed.content["project"]["title"] == "Unité d’huile d’argan"
    assert changed.revision
    assert changed.revision["project"]["title"] == "Autre titre"
    with transaction(world.holder) as tx:
        assert LIFECYCLE.available(tx, queries.one(tx, made.id)) == ["resubmit", "withdraw"]


def test_changed_back_is_not_changed(world: Any) -> None:
    made = given.submitted(world)
    retitle(world, made, "Autre titre")
    assert retitle(world, made, "Unité d’huile d’argan").revision is None
    assert deposit(world, made).submissions == 1


def test_a_second_deposit_is_a_second_version_with_its_own_receipt(world: Any) -> None:
    first = given.submitted(world)
    code = first.receipt_code
    retitle(world, first, "Autre titre")
    second = deposit(world, first)
    assert (second.submissions, second.title, second.revision) == (2, "Autre titre", None)
    assert second.receipt_code != code
    rows = kept(first)
    assert [row.number for row in rows] == [1, 2]
    assert [row.receipt_code for row in rows] == [code, second.receipt_code]
    assert all(sha256({"content": row.content, **row.snapshot}) == row.content_sha256 for row in rows)
    assert {row.call_version for row in rows} == {1}
    assert deposit(world, first).receipt_code == second.receipt_code  # pressed again: the same
    assert len(kept(first)) == 2


def test_changes_not_deposited_yet_are_her_next_step(world: Any) -> None:
    def awaited() -> list[str]:
        with transaction(world.holder) as tx:
            return [one.code for one in steps_of(tx)]

    made = given.submitted(world)
    assert "next.changes" not in awaited()
    retitle(world, made, "Autre titre")
    assert "next.changes" in awaited()
    deposit(world, made)
    assert "next.changes" not in awaited()


def test_who_changes_her_dossier_is_not_judged_before_she_can_deposit_it(world: Any, client: Any) -> None:
    made = given.submitted(world)
    retitle(world, made, "Autre titre")
    refused = refusal(world.officer, lambda tx: commands.refuse(tx, made.id, "Vu"))
    assert refused.code == "changes_waiting"
    screened = client("officer").post(f"/api/v1/applications/{made.id}/admit")
    assert (screened.status_code, screened.json()["code"]) == (409, "changes_waiting")
    deposit(world, made)
    with transaction(world.officer) as tx:
        assert commands.admit(tx, made.id).state is ApplicationState.ELIGIBLE


def test_a_deposit_that_comes_after_the_verdict_says_so(world: Any, client: Any) -> None:
    made = given.eligible(world)
    late = client("holder").post(f"/applications/{made.id}/submit", data={"sure": "1"})
    assert (late.status_code, late.json()["code"]) == (409, "wrong_state")


def test_the_rules_judge_the_version_that_stands(world: Any) -> None:
    made = given.submitted(world)
    too_much = {"indh_centimes": 31_000_000, "own_cash_centimes": 9_000_000, "own_in_kind_centimes": 0}
    with transaction(world.holder) as tx:
        now = queries.one(tx, made.id)
        commands.save_section(
            tx, made.id, "financing", SECTIONS["financing"].model_validate(too_much), now.version
        )
    failed = select(RuleResult.rule_code).where(
        RuleResult.application_id == made.id, RuleResult.outcome == "fail", RuleResult.refuses
    )
    with transaction(SYSTEM) as tx:
        assert tx.session.scalars(failed).all() == []
    deposit(world, made)
    with transaction(SYSTEM) as tx:
        assert sorted(tx.session.scalars(failed)) == ["indh_amount", "indh_share"]


def test_changes_are_given_up(world: Any) -> None:
    made = given.submitted(world)
    retitle(world, made, "Autre titre")
    assert refusal(world.officer, lambda tx: commands.drop_changes(tx, made.id)).status == 403
    for _ in range(2):  # pressed twice
        with transaction(world.holder) as tx:
            assert commands.drop_changes(tx, made.id).revision is None
    with transaction(SYSTEM) as tx:
        named = select(Event.name).where(Event.subject_id == made.id)
        assert list(tx.session.scalars(named)).count("application.changes_dropped") == 1
    assert len(kept(made)) == 1


def test_after_closing_the_last_deposit_stands(world: Any) -> None:
    made = given.submitted(world)
    retitle(world, made, "Trop tard")
    with transaction(SYSTEM) as tx:
        closes = tx.session.get_one(Call, made.call_id).closes_at
    with arriving(at=closes + timedelta(seconds=1)):
        late = refusal(world.holder, lambda tx: commands.submit(tx, made.id))
        assert late.code == "window_closed"
        assert refusal(world.holder, lambda tx: commands.drop_changes(tx, made.id)).code == "window_closed"
        data = SECTIONS["results"]()
        save = lambda tx: commands.save_section(  # noqa: E731
            tx, made.id, "results", data, queries.one(tx, made.id).version
        )
        assert refusal(world.holder, save).code == "window_closed"
    assert [row.number for row in kept(made)] == [1]
    with arriving(at=closes):
        assert deposit(world, made).submitted_at == closes


def test_a_draft_is_not_changed_after_closing(world: Any) -> None:
    made = given.draft(world)
    with transaction(SYSTEM) as tx:
        closes = tx.session.get_one(Call, made.call_id).closes_at
    data = SECTIONS["results"]()
    with arriving(at=closes + timedelta(seconds=1)):
        late = refusal(
            world.holder, lambda tx: commands.save_section(tx, made.id, "results", data, made.version)
        )
    assert late.code == "window_closed"


def test_the_first_deposit_keeps_its_instant(world: Any) -> None:
    made = given.submitted(world)
    first = made.submitted_at
    assert first
    assert made.first_submitted_at == first
    retitle(world, made, "Autre titre")
    with arriving(at=first + timedelta(days=2)):
        again = deposit(world, made)
    assert again.submitted_at == first + timedelta(days=2)
    assert again.first_submitted_at == first
    with arriving(at=first + timedelta(days=5)), transaction(world.officer) as tx:
        found = deposits.clock(tx, queries.one(tx, made.id))
        assert found
        assert (found.days, found.completed) == (5, False)
        assert (found.first_submitted_at, found.submitted_at) == (first, again.submitted_at)
    with transaction(SYSTEM) as tx:
        assert again.receipt_code
        proof = deposits.receipt(tx, again.receipt_code)
    assert (proof.first_submitted_at, proof.submitted_at) == (first, again.submitted_at)
