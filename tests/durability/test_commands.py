"""Waves: planned once, asked once, answered at their age, corrected with a trace, counted both ways."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st
from sqlalchemy import func, select

from backend.core import jobs
from backend.core.actor import SYSTEM
from backend.core.clock import arriving
from backend.core.errors import Problem
from backend.core.events import Event
from backend.core.tx import transaction
from backend.durability import commands, queries
from backend.durability.jobs import ask
from backend.durability.models import ProjectStatus, Wave, WaveState
from backend.durability.schemas import FIGURES, AnswerIn
from backend.funding import commands as funding
from tests.durability import given


def events(name: str) -> int:
    with transaction(SYSTEM) as tx:
        return tx.session.scalar(select(func.count()).select_from(Event).where(Event.name == name)) or 0


def refused(world: Any, who: str, wave_id: UUID, **answer: Any) -> Problem:
    with pytest.raises(Problem) as refusal, transaction(world.people[who]) as tx:
        commands.answer(tx, wave_id, AnswerIn(**({"status": "active"} | answer)))
    return refusal.value


def test_waves_are_planned_from_the_signature_and_once(world: Any) -> None:
    waves = given.planned(world)
    assert [given.wave(one).months for one in waves] == [6, 12, 24, 36, 60]
    first = given.wave(waves[0])
    assert first.due_on == given.add_months(given.months_ago(13), 6)
    with transaction(world.officer) as tx:
        assert commands.plan_call(tx, world.call) == 0
    assert events("wave.planned") == 5


def test_a_signature_plans_its_waves_by_itself(world: Any) -> None:
    convention_id = given.funding.signed(world)
    jobs.drain()
    assert len(given.of(convention_id)) == 5


def test_a_convention_cancelled_before_its_job_ran_gets_none(world: Any) -> None:
    convention_id = given.funding.signed(world)
    with transaction(world.officer) as tx:
        funding.cancel(tx, convention_id, "Le porteur renonce.")
    jobs.drain()
    assert given.of(convention_id) == []


@pytest.mark.parametrize("who", ["coach", "holder", "stranger", "evaluator", "auditor"])
def test_only_officers_of_the_province_plan(world: Any, who: str) -> None:
    given.funding.signed(world)
    with suppress(Problem), transaction(world.people[who]) as tx:
        assert commands.plan_call(tx, world.call) == 0  # she sees none of its conventions
    with transaction(SYSTEM) as tx:
        assert tx.session.scalar(select(func.count()).select_from(Wave)) == 0


def test_the_job_asks_each_due_wave_once(world: Any) -> None:
    given.planned(world)
    for _run in range(3):
        jobs.tick("waves")
    assert events("wave.due") == 2


def test_a_missed_run_loses_nothing(world: Any) -> None:
    given.planned(world)
    with arriving(at=datetime.now(UTC) + timedelta(days=4000)):
        jobs.tick("waves")
        jobs.tick("waves")
    assert events("wave.due") == 5


def test_nobody_is_asked_about_a_cancelled_project(world: Any) -> None:
    given.planned(world)
    with transaction(world.officer) as tx:
        funding.cancel(tx, world.convention, "Le porteur renonce.")
    jobs.tick("waves")
    assert events("wave.due") == 0
    with transaction(world.officer) as tx:
        assert queries.situation(tx).planned == 0
        assert queries.by_age(tx) == []


@pytest.mark.parametrize("who", ["coach", "officer", "holder", "other_coach"])
def test_who_answers(world: Any, who: str) -> None:
    wave_id = given.planned(world)[0]
    wave = given.answered(world, wave_id, by=who, jobs_women=4, causes=["outlets", "outlets"], note=" ")
    assert (wave.state, wave.status, wave.jobs_women) == (WaveState.ANSWERED, ProjectStatus.ACTIVE, 4)
    assert (wave.causes, wave.surveyed_by) == (["outlets"], world.people[who].id)


@pytest.mark.parametrize(
    ("who", "status"),
    [("rival", 404), ("stranger", 404), ("evaluator", 404), ("chair", 404), ("auditor", 403)],
)
def test_who_may_not(world: Any, who: str, status: int) -> None:
    assert refused(world, who, given.planned(world)[0]).status == status


def test_an_answer_describes_the_project_at_that_age(world: Any) -> None:
    waves = given.planned(world)
    refusal = refused(world, "coach", waves[2])
    assert (refusal.code, refusal.status) == ("wave_too_early", 409)
    assert refusal.params["due_on"] == given.wave(waves[2]).due_on.isoformat()
    a_month_before = given.add_months(given.wave(waves[2]).due_on, -1)
    with arriving(at=datetime(a_month_before.year, a_month_before.month, a_month_before.day, 12, tzinfo=UTC)):
        given.answered(world, waves[2])


def test_a_correction_says_what_it_changed(world: Any) -> None:
    wave_id = given.planned(world)[0]
    given.answered(world, wave_id, jobs_women=4)
    corrected = given.answered(world, wave_id, ProjectStatus.UNREACHABLE, by="officer")
    assert (corrected.status, corrected.jobs_women) == (ProjectStatus.UNREACHABLE, None)
    with transaction(world.officer) as tx:
        told = queries.history(tx, given.wave(wave_id))
        assert [(event.name, event.actor_name) for event in told] == [
            ("wave.answered", "Coach"),
            ("wave.corrected", "Officer"),
        ]
        assert told[1].data == {"before": "active", "after": "unreachable"}


def test_an_old_version_is_refused(world: Any) -> None:
    wave_id = given.planned(world)[0]
    given.answered(world, wave_id)
    with pytest.raises(Problem) as refusal, transaction(world.coach) as tx:
        commands.answer(tx, wave_id, AnswerIn(status=ProjectStatus.STOPPED), version=1)
    assert refusal.value.status == 412


def test_the_unreachable_have_no_figures(world: Any) -> None:
    wave_id = given.planned(world)[0]
    refusal = refused(world, "coach", wave_id, status="unreachable", turnover_centimes=0, jobs_men=2)
    assert (refusal.status, [(e.field, e.code) for e in refusal.errors]) == (
        422,
        [("turnover_centimes", "unreachable_with_figures"), ("jobs_men", "unreachable_with_figures")],
    )
    assert given.answered(world, wave_id, ProjectStatus.UNREACHABLE).turnover_centimes is None


def test_the_situation_counts_what_is_due(world: Any) -> None:
    waves = given.planned(world)
    given.answered(world, waves[0])
    with transaction(world.coach) as tx:
        seen = queries.situation(tx)
        assert (seen.due, seen.late, seen.planned, seen.answered) == (1, 1, 4, 1)
        assert seen.next_on == given.wave(waves[2]).due_on
        assert [len(queries.of_project(tx, world.convention)), len(queries.calls(tx))] == [5, 1]
    with transaction(world.stranger) as tx:
        assert queries.situation(tx) == queries.Situation(0, 0, 0, 0, None)
        assert queries.calls(tx) == []


def test_the_job_has_nothing_to_do_without_waves(world: Any) -> None:
    with transaction(SYSTEM) as tx:
        ask(tx)


def test_every_figure_is_a_field_of_the_answer() -> None:
    assert set(FIGURES) < set(AnswerIn.model_fields)


@forall(st.lists(st.sampled_from([*ProjectStatus, None]), max_size=40))
def test_counted_both_ways(statuses: list[ProjectStatus | None]) -> None:
    """Whatever the answers: low ≤ high, and only the unreachable stand between."""
    given_ = [status for status in statuses if status]
    active = sum(status in commands.ALIVE for status in given_)
    unreachable = given_.count(ProjectStatus.UNREACHABLE)
    low, high = queries.shares(len(given_), active, unreachable)
    if not given_:
        assert low is high is None
        return
    assert low is not None
    assert high is not None
    assert 0 <= low <= high <= 1
    assert high - low == pytest.approx(unreachable / len(given_))


@pytest.mark.parametrize("status", list(ProjectStatus))
def test_by_age_reads_the_answers(world: Any, status: ProjectStatus) -> None:
    waves = given.planned(world)
    jobs_told = {} if status is ProjectStatus.UNREACHABLE else {"jobs_women": 3, "turnover_centimes": 5}
    given.answered(world, waves[0], status, **jobs_told)
    with transaction(world.stranger) as tx:  # counts are everybody's
        six, twelve = queries.by_age(tx)
        assert queries.by_age(tx, province="09.541") == []
        assert queries.by_age(tx, call_id=world.call) == [six, twelve]
    alive, lost = status in commands.ALIVE, status is ProjectStatus.UNREACHABLE
    assert (six.due, six.answered, six.active, six.unreachable) == (1, 1, alive, lost)
    assert six.active + six.unreachable + six.stopped == six.answered
    assert (six.active_low, six.active_high) == (float(alive), float(alive or lost))
    assert (twelve.due, twelve.answered, twelve.active_low) == (1, 0, None)
    assert six.jobs_women == (0 if lost else 3)
    assert six.turnover_centimes is None  # one project's turnover is its own secret
