"""Whoever has not deposited is told before closing: once a rung, whenever the clock comes round."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from backend.applications import commands, jobs
from backend.applications.models import Application
from backend.calls.models import Call
from backend.core.actor import SYSTEM
from backend.core.clock import arriving
from backend.core.events import Event
from backend.core.tx import transaction
from tests.applications import given
from tests.applications.test_versions import retitle


def closing(made: Application) -> datetime:
    with transaction(SYSTEM) as tx:
        return tx.session.get_one(Call, made.call_id).closes_at


def run(at: datetime) -> None:
    with arriving(at=at), transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        jobs.drafts(tx)


def told(made: Application) -> list[tuple[str, int]]:
    with transaction(SYSTEM) as tx:
        named = select(Event.data).where(Event.subject_id == made.id, Event.name == "application.reminded")
        return [(data["what"], data["hours"]) for data in tx.session.scalars(named.order_by(Event.seq))]


def test_a_draft_is_reminded_once_a_rung(world: Any) -> None:
    made = given.draft(world)
    closes = closing(made)
    for before in (timedelta(days=8), timedelta(days=6), timedelta(days=5), timedelta(hours=47),
                   timedelta(hours=5), timedelta(hours=1), timedelta(seconds=-1)):  # fmt: skip
        for _ in range(2):
            run(closes - before)
    assert told(made) == [("draft", 168), ("draft", 48), ("draft", 6)]


def test_a_missed_run_loses_nothing_and_tells_the_latest(world: Any) -> None:
    made = given.draft(world)
    run(closing(made) - timedelta(hours=30))
    assert told(made) == [("draft", 48)]


def test_what_is_deposited_or_withdrawn_is_not_reminded(world: Any) -> None:
    call = given.open_call(world)
    deposited, gone = given.submitted(world, call), given.draft(world, call, "rival")
    with transaction(world.rival) as tx:
        commands.withdraw(tx, gone.id)
    for days in (6, 1):
        run(closing(deposited) - timedelta(days=days))
    assert told(deposited) == told(gone) == []


def test_changes_not_deposited_are_reminded(world: Any) -> None:
    made = given.submitted(world)
    retitle(world, made, "Autre titre")
    run(closing(made) - timedelta(days=1))
    assert told(made) == [("changes", 48)]


def test_a_dossier_begun_after_a_rung_waits_for_the_next(world: Any) -> None:
    call = given.open_call(world)
    with arriving(at=call.closes_at - timedelta(days=1)):
        made = given.draft(world, call)
    run(call.closes_at - timedelta(hours=23))
    assert told(made) == []
    run(call.closes_at - timedelta(hours=5))
    assert told(made) == [("draft", 6)]


def test_statements_do_not_grow_with_dossiers(world: Any, statements: Any) -> None:
    call = given.open_call(world)
    given.draft(world, call)
    with statements() as one:
        run(call.closes_at - timedelta(days=6))
    given.draft(world, call, "rival")
    with statements() as more:
        run(call.closes_at - timedelta(days=6))
    assert len(more) == len(one) <= 9
