"""Reminders: once a rung, late rather than never, one message and not two, none when it is done."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text

from backend.coaching import commands, jobs, ladder
from backend.coaching.models import Milestone, Reminder, ReminderState
from backend.core import jobs as kernel
from backend.core.actor import SYSTEM
from backend.core.clock import arriving
from backend.core.events import Event, Job
from backend.core.tx import transaction

from . import given


def tick(at: datetime) -> None:
    with arriving(at=at):
        kernel.tick("reminders")


def told() -> Counter[tuple[str, int, str]]:
    """How often each (milestone, offset, audience) was announced."""
    with transaction(SYSTEM) as tx:
        events = tx.session.scalars(select(Event).where(Event.name == "milestone.reminder"))
        return Counter((e.data["milestone"], e.data["offset"], e.data["audience"]) for e in events)


def states() -> dict[ReminderState, int]:
    with transaction(SYSTEM) as tx:
        return dict(tx.session.execute(select(Reminder.state, func.count()).group_by(Reminder.state)).all())


@pytest.fixture
def first(world: Any) -> Any:
    return given.milestones(given.planned(world))[0]


def at(milestone_id: Any, days: int) -> datetime:
    return commands.due_at(given.milestone(milestone_id).due_on, days) + timedelta(minutes=1)


def test_each_rung_once_and_only_when_due(world: Any, first: Any) -> None:
    tick(at(first, -15))
    assert not told()
    for days in (-14, -14, -3, 0, 3, 3, 7, 15, 30, 31):
        tick(at(first, days))
    diagnosis = {key: n for key, n in told().items() if key[0] == "diagnosis"}
    assert len(diagnosis) == 14
    assert set(diagnosis.values()) == {1}
    assert given.rungs(first, ReminderState.PLANNED) == []
    with transaction(SYSTEM) as tx:
        event = tx.session.scalars(
            select(Event).where(Event.name == "milestone.reminder").order_by(Event.seq)
        ).first()
        assert event
        assert event.province_code == "09.001"
        assert set(event.data) >= {"milestone", "title", "offset", "audience", "due_on", "recipients"}


def test_who_is_told(world: Any, first: Any) -> None:
    tick(at(first, 7))
    with transaction(SYSTEM) as tx:
        events = tx.session.scalars(select(Event).where(Event.name == "milestone.reminder")).all()
        heard = {e.data["audience"]: e.data["recipients"] for e in events}
    assert heard == {
        "holder": [str(world.holder.id)],
        "coach": [str(world.coach.id)],
        "officer": [str(world.officer.id)],
    }


def test_after_an_outage_one_message_each_and_the_rest_superseded(world: Any, first: Any) -> None:
    tick(at(first, 8))
    assert told() == Counter({("diagnosis", 7, who): 1 for who in ("holder", "coach", "officer")})
    assert len(given.rungs(first, ReminderState.SUPERSEDED)) == 8
    tick(at(first, 16))
    assert {(offset, who) for _code, offset, who in told()} == {
        (7, "holder"), (7, "coach"), (7, "officer"), (15, "coach"), (15, "officer"),
    }  # fmt: skip


def test_a_batch_boundary_does_not_split_a_ladder(
    world: Any, first: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 1)
    tick(at(first, 8))
    assert told() == Counter({("diagnosis", 7, who): 1 for who in ("holder", "coach", "officer")})
    with transaction(SYSTEM) as tx:
        assert tx.session.scalar(select(func.count()).where(Job.handler == "coaching.reminders")) == 1
    with arriving(at=at(first, 8)):
        kernel.drain()
    assert sum(told().values()) == 3


def test_reported_in_time_nobody_is_told(world: Any, first: Any) -> None:
    with transaction(world.holder) as tx:
        commands.report(tx, first, "Fait.")
    tick(at(first, 1))
    assert not told()


def test_planned_for_a_milestone_that_is_done_is_not_needed(world: Any, first: Any) -> None:
    """Should a rung ever stay planned beside a reported milestone, the scan settles it without a word."""
    with transaction(world.holder) as tx:
        commands.report(tx, first, "Fait.")
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(
            text("UPDATE reminder SET state = 'planned' WHERE milestone_id = :id"), {"id": first}
        )
    tick(at(first, 1))
    assert not told()
    assert len(given.rungs(first, ReminderState.NOT_NEEDED)) == 6


def test_nothing_is_lost_whatever_was_missed(world: Any, first: Any) -> None:
    """Two years late: every rung is settled, each open milestone is spoken of once to each audience."""
    tick(at(first, 1000))
    assert states() == {ReminderState.SENT: 18, ReminderState.SUPERSEDED: 66}
    assert sum(told().values()) == 18


def test_sent_equals_announced_and_sql_is_bounded(world: Any, first: Any, statements: Any) -> None:
    counts = []
    for days in (-14, 1000):
        moment = at(first, days)
        with statements() as seen:
            tick(moment)
        counts.append(len(seen))
        assert states()[ReminderState.SENT] == sum(told().values())
    assert counts[1] <= counts[0] + 1 <= 13  # one more: what an outage superseded


def test_an_index_range_gives_what_is_due(world: Any, first: Any) -> None:
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = "\n".join(
            tx.session.scalars(
                text(
                    "EXPLAIN SELECT milestone_id FROM reminder WHERE state = 'planned' AND due_at <= now()"
                    " ORDER BY due_at, id LIMIT 500"
                )
            )
        )
    assert "Index Scan using ix_reminder_due" in plan
    assert "Sort" not in plan


def test_two_scans_at_once_say_it_once(committed: str) -> None:
    from tests.world import build

    world = build()
    first = given.milestones(given.planned(world, datetime.now(UTC).date() - timedelta(days=1)))[0]
    moment = at(first, 1000)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(tick, [moment] * 12))
    tick(moment)
    assert set(told().values()) == {1}
    assert sum(told().values()) == 18
    assert states() == {ReminderState.SENT: 18, ReminderState.SUPERSEDED: 66}


def test_a_scan_passes_over_a_report_being_saved(committed: str) -> None:
    from tests.world import build

    world = build()
    first = given.milestones(given.planned(world))[0]
    moment = at(first, 1)
    with transaction(world.holder) as tx:
        commands.report(tx, first, "Fait.")
        with ThreadPoolExecutor(1) as pool:
            pool.submit(tick, moment).result(timeout=20)
    tick(moment)
    assert not told()


def test_a_scan_that_dies_has_said_nothing(committed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.world import build

    world = build()
    first = given.milestones(given.planned(world))[0]
    moment = at(first, 0)
    announce = ladder.LADDER.announce

    def die(*args: Any) -> None:
        announce(*args)
        raise SystemExit("killed")

    with monkeypatch.context() as dying:
        dying.setattr(jobs, "LADDER", replace(ladder.LADDER, announce=die))
        with pytest.raises(SystemExit):
            tick(moment)
    assert not told()
    assert ReminderState.SENT not in states()
    tick(moment)
    assert sum(told().values()) == 2


def test_late_or_early_is_the_calendar_of_casablanca(world: Any, first: Any) -> None:
    with transaction(SYSTEM) as tx:
        for row in tx.session.scalars(select(Reminder)):
            from backend.core.calendar import local

            assert local(row.due_at).hour == 9
        assert tx.session.scalar(select(func.count()).select_from(Milestone)) == 6
