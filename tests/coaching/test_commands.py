"""Plans dated from the signature, shared between coaches; reports, validation, other dates."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from backend.coaching import commands
from backend.coaching.models import Milestone, MilestoneState, Plan, Reminder, ReminderState
from backend.core.actor import SYSTEM
from backend.core.clock import arriving
from backend.core.errors import Problem
from backend.core.events import Event
from backend.core.tx import transaction
from backend.funding import commands as funding_commands
from tests.funding import given as funding

from . import given

NINE = datetime(2026, 3, 1, 9, tzinfo=UTC)


def refused(code: str, call: Any, actor: Any, *args: Any) -> Problem:
    with pytest.raises(Problem) as refusal, transaction(actor) as tx:
        call(tx, *args)
    assert refusal.value.code == code
    return refusal.value


def test_dated_from_the_signature(world: Any) -> None:
    with arriving(at=datetime(2025, 2, 1, 9, tzinfo=UTC)):
        plan_id = given.planned(world, date(2025, 1, 31))
    with transaction(SYSTEM) as tx:
        plan = tx.session.get(Plan, plan_id)
        assert plan
        assert (plan.starts_on, plan.ends_on, plan.coach_id) == (
            date(2025, 1, 31),
            date(2027, 1, 31),
            world.coach.id,
        )
        found = tx.session.scalars(
            select(Milestone).where(Milestone.plan_id == plan_id).order_by(Milestone.due_on)
        ).all()
        assert [m.due_on for m in found][:2] == [date(2025, 2, 28), date(2025, 4, 30)]
        assert len(found) == 6
        assert tx.session.scalar(select(func.count()).select_from(Reminder)) == 6 * 14
        first = tx.session.scalars(
            select(Reminder.due_at).where(Reminder.milestone_id == found[0].id, Reminder.offset_days == 15)
        ).first()
        # Ramadan 2025: Casablanca on UTC+0 on 15 March, on UTC+1 before it
        assert first == datetime(2025, 3, 15, 9, tzinfo=UTC)
        assert commands.due_at(date(2025, 2, 20), -3) == datetime(2025, 2, 17, 8, tzinfo=UTC)


def test_planned_once_and_only_after_signature(world: Any) -> None:
    convention_id = funding.prepared(world)
    refused("plan_before_signature", commands.plan, world.officer, convention_id, world.coach.id)
    with transaction(world.officer) as tx:
        funding_commands.sign(tx, convention_id, tx.now.date())
        commands.plan(tx, convention_id, world.coach.id)
    refused("plan_exists", commands.plan, world.officer, convention_id, world.coach.id)


def test_who_may_plan_and_who_may_coach(world: Any) -> None:
    convention_id = funding.signed(world)
    refused("forbidden", commands.plan, world.coach, convention_id, world.coach.id)
    refused("not_found", commands.plan, world.stranger, convention_id, world.coach.id)
    for somebody in (world.evaluator.id, uuid4()):
        assert (
            refused("invalid", commands.plan, world.officer, convention_id, somebody).errors[0].code
            == "not_a_coach"
        )
    assert (
        refused("invalid", commands.plan_call, world.officer, world.call, []).errors[0].field == "coach_ids"
    )
    refused("not_found", commands.plan_call, world.stranger, world.call, [world.coach.id])
    refused("forbidden", commands.plan_call, world.coach, world.call, [world.coach.id])


def test_a_whole_call_shared_between_coaches_in_constant_sql(world: Any, statements: Any) -> None:
    given.planned(world)  # the coach has one already
    counts = []
    for number in (1, 5):
        with transaction(SYSTEM) as tx:
            tx.allowed = tx.recorded = True
            call_id = funding.a_call(tx, world, f"call-{number}")
            session_id = funding.a_session(tx, world)
            for n in range(number):
                funding.a_decision(tx, world, call_id, session_id, funding._another(tx, n), n + 1)
        with transaction(world.officer) as tx:
            for convention in funding_commands.prepare_call(tx, call_id):
                funding_commands.sign(tx, convention.id, tx.now.date())
        with statements() as seen, transaction(world.officer) as tx:
            made = commands.plan_call(tx, call_id, [world.coach.id, world.other_coach.id, world.coach.id])
        counts.append(len(seen))
        assert len(made) == number
    assert counts[1] <= counts[0] + 1  # rows go in pages of a thousand
    with transaction(SYSTEM) as tx:
        loads = dict(tx.session.execute(select(Plan.coach_id, func.count()).group_by(Plan.coach_id)).all())
        assert sorted(loads.values()) == [3, 4]
    with transaction(world.officer) as tx:
        assert commands.plan_call(tx, call_id, [world.coach.id]) == []


def test_reported_validated_and_the_rest_is_not_needed(world: Any) -> None:
    plan_id = given.planned(world)
    first = given.milestones(plan_id)[0]
    assert refused("invalid", commands.report, world.holder, first, " ").errors[0].field == "report"
    refused("invalid", commands.report, world.holder, first, "x" * 4001)
    with transaction(world.holder) as tx:
        milestone = commands.report(tx, first, "Diagnostic fait.", 1)
        assert (milestone.state, milestone.reported_at) == (MilestoneState.REPORTED, tx.now)
    assert given.rungs(first, ReminderState.PLANNED) == []
    assert len(given.rungs(first, ReminderState.NOT_NEEDED)) == 14
    refused("wrong_state", commands.report, world.holder, first, "Encore")
    refused("version_conflict", commands.validate, world.coach, first, 1)
    with transaction(world.coach) as tx:
        assert commands.validate(tx, first).state is MilestoneState.VALIDATED


def test_sent_back_the_reminders_to_come_are_planned_again(world: Any) -> None:
    plan_id = given.planned(world)
    first = given.milestones(plan_id)[0]
    with transaction(world.holder) as tx:
        commands.report(tx, first, "Fait.")
    later = given.milestone(first).due_on + timedelta(days=5)
    with arriving(at=commands.due_at(later, 0)), transaction(world.coach) as tx:
        milestone = commands.send_back(tx, first, "Le compte rendu ne dit rien des pertes.")
        assert milestone.state is MilestoneState.OPEN
        assert milestone.report == "Fait."
    assert {offset for offset, _who in given.rungs(first, ReminderState.PLANNED)} == {7, 15, 30}


def test_another_date_moves_what_was_not_sent(world: Any) -> None:
    plan_id = given.planned(world)
    first = given.milestones(plan_id)[0]
    day = given.milestone(first).due_on
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        for row in tx.session.scalars(select(Reminder).where(Reminder.milestone_id == first)):
            row.state = {-14: ReminderState.SUPERSEDED, -3: ReminderState.SENT}.get(
                row.offset_days, row.state
            )
    with arriving(at=commands.due_at(day, -2)), transaction(world.coach) as tx:
        milestone = commands.reschedule(tx, first, day + timedelta(days=30), 1)
        assert milestone.due_on == day + timedelta(days=30)
    with transaction(SYSTEM) as tx:
        rows = tx.session.scalars(select(Reminder).where(Reminder.milestone_id == first)).all()
        for row in rows:
            moved = row.offset_days != -3
            assert row.state is (ReminderState.PLANNED if moved else ReminderState.SENT)
            assert row.due_at == commands.due_at(day + timedelta(days=30 if moved else 0), row.offset_days)


def test_which_dates_are_refused(world: Any) -> None:
    plan_id = given.planned(world)
    first, second = given.milestones(plan_id)[:2]
    today = datetime.now(UTC).date()
    for day in (today - timedelta(days=40), today + timedelta(days=3000)):
        assert (
            refused("invalid", commands.reschedule, world.officer, first, day).errors[0].code == "out_of_plan"
        )
    refused("forbidden", commands.reschedule, world.holder, first, today)
    with transaction(world.holder) as tx:
        commands.report(tx, first, "Fait.")
    refused("wrong_state", commands.reschedule, world.officer, first, today + timedelta(days=9))
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        for row in tx.session.scalars(select(Reminder).where(Reminder.milestone_id == second)):
            row.state = ReminderState.SENT
    with transaction(world.officer) as tx:  # nothing left to move
        commands.reschedule(tx, second, today + timedelta(days=9))


@pytest.mark.parametrize(
    ("who", "verb", "code"),
    [
        ("coach", "report", "forbidden"),
        ("officer", "report", "forbidden"),
        ("rival", "report", "not_found"),
        ("holder", "validate", "forbidden"),
        ("other_coach", "validate", "not_found"),
        ("rival", "validate", "not_found"),
        ("chair", "validate", "not_found"),
        ("auditor", "validate", "forbidden"),
        ("other_coach", "send_back", "not_found"),
        ("stranger", "validate", "not_found"),
        ("stranger", "report", "not_found"),
        ("auditor", "report", "forbidden"),
    ],
)
def test_who_may_not(world: Any, who: str, verb: str, code: str) -> None:
    first = given.milestones(given.planned(world))[0]
    args = () if verb == "validate" else ("Fait.",)
    refused(code, getattr(commands, verb), getattr(world, who), first, *args)


def test_an_officer_stands_in_for_the_coach_and_is_named(world: Any) -> None:
    first, second = given.milestones(given.planned(world))[:2]
    for milestone_id in (first, second):
        with transaction(world.holder) as tx:
            commands.report(tx, milestone_id, "Fait.")
    with transaction(world.officer) as tx:
        assert commands.validate(tx, first).state is MilestoneState.VALIDATED
        assert commands.send_back(tx, second, "Et les ventes ?").state is MilestoneState.OPEN
    with transaction(SYSTEM) as tx:
        done = select(Event.actor_id).where(Event.name.in_(("milestone.validated", "milestone.sent_back")))
        assert set(tx.session.scalars(done)) == {world.officer.id}
