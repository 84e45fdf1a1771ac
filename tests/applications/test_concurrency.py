"""Real commits, at the same time: one receipt, one event, one dossier, numbers without gaps."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, text

from backend.applications import commands
from backend.applications.models import Application, ApplicationCounter, Outcome, RuleResult
from backend.applications.receipts import sha256
from backend.applications.schemas import SECTIONS
from backend.calls.commands import amend, extend
from backend.calls.models import Call, VersionKind
from backend.core.actor import SYSTEM, Actor
from backend.core.clock import arriving
from backend.core.errors import Problem
from backend.core.events import Event
from backend.core.tx import transaction
from backend.territory import models as territory
from tests.applications import given
from tests.applications.test_versions import kept, retitle
from tests.calls.test_versions import changed
from tests.world import build

REASON = {"fr": "Plafond corrigé.", "ar": "تصحيح السقف."}


@pytest.fixture
def peopled(committed: str) -> Any:
    assert territory
    return build()


def together(n: int, call: Any) -> list[Any]:
    start = Barrier(n)

    def run(i: int) -> Any:
        start.wait()
        return call(i)

    with ThreadPoolExecutor(n) as pool:
        return list(pool.map(run, range(n)))


def test_two_submissions_at_once_give_one_receipt_and_one_event(peopled: Any) -> None:
    made = given.filled(peopled)

    def submit(_i: int) -> str | None:
        with transaction(peopled.holder) as tx:
            return commands.submit(tx, made.id).receipt_code

    codes = together(6, submit)
    assert len(set(codes)) == 1
    with transaction(SYSTEM) as tx:
        named = select(func.count()).where(Event.subject_id == made.id, Event.name == "application.submitted")
        assert tx.session.scalar(named) == 1


def test_dossiers_begun_at_once_are_numbered_without_gaps(peopled: Any) -> None:
    call = given.open_call(peopled)
    parties: list[tuple[Actor, UUID]] = [
        (peopled.holder, peopled.tifaout), (peopled.rival, peopled.rival_cooperative)
    ] * 4  # fmt: skip

    def begin(i: int) -> str:
        actor, organisation = parties[i]
        with transaction(actor) as tx:
            return commands.create(tx, call.id, organisation).number

    numbers = together(8, begin)
    assert {number[-4:] for number in numbers} == {"0001", "0002"}
    with transaction(SYSTEM) as tx:
        assert tx.session.scalars(select(ApplicationCounter.last)).all() == [2]
        assert tx.session.scalar(select(func.count()).select_from(Application)) == 2


def test_two_deposits_of_a_second_version_at_once_are_one(peopled: Any) -> None:
    made = given.submitted(peopled)
    retitle(peopled, made, "Autre titre")

    def again(_i: int) -> tuple[str | None, int]:
        with transaction(peopled.holder) as tx:
            done = commands.submit(tx, made.id)
            return done.receipt_code, done.submissions

    assert len({code for code, _ in together(6, again)}) == 1
    assert [row.number for row in kept(made)] == [1, 2]


def test_a_save_beside_a_deposit_is_before_it_or_after_it_never_lost(peopled: Any) -> None:
    """Whichever comes first: the words are in the deposit, or wait to be deposited."""
    made = given.filled(peopled)
    said = SECTIONS["project"].model_validate(given.CONTENT["project"] | {"title": "Pendant le dépôt"})

    def either(i: int) -> bool:
        try:
            with transaction(peopled.holder) as tx:
                if i:
                    commands.submit(tx, made.id)
                else:
                    commands.save_section(tx, made.id, "project", said, made.version)
        except Problem as problem:
            return problem.code != "version_conflict"  # the deposit was first: she is shown it
        return True

    saved, deposited = together(2, either)
    assert deposited
    (one,) = kept(made)
    assert sha256({"content": one.content, **one.snapshot}) == one.content_sha256
    assert (one.content["project"]["title"] == "Pendant le dépôt") is saved


def test_a_request_that_arrived_in_time_is_in_time_however_long_it_waits(peopled: Any) -> None:
    made = given.filled(peopled)
    with transaction(SYSTEM) as tx:
        closes = tx.session.get_one(Call, made.call_id).closes_at
    with arriving(at=closes), transaction(peopled.holder) as tx:
        tx.session.execute(text("SELECT pg_sleep(1.2)"))  # the second after closing has begun
        assert commands.submit(tx, made.id).submitted_at == closes


def test_a_deposit_waits_for_an_erratum_under_way_and_is_judged_by_it_whole(peopled: Any) -> None:
    """Two connections: the deposit reads the call once the erratum is committed, version and text."""
    made, done = given.filled(peopled), []

    def deposit() -> None:
        with transaction(peopled.holder) as tx:
            done.append(commands.submit(tx, made.id))

    thread = Thread(target=deposit)
    with transaction(peopled.officer) as tx:
        call = tx.session.get_one(Call, made.call_id)
        caps = call.definition["caps"] | {"indh_share": "50 %"}
        amend(tx, call.id, changed(call, caps=caps), VersionKind.ERRATUM, REASON, None)
        thread.start()
        thread.join(0.7)
        assert not done  # it waits
    thread.join(10)
    assert done
    (one,) = kept(made)
    assert one.call_version == 2
    with transaction(SYSTEM) as tx:
        failed = select(func.count()).where(RuleResult.application_id == made.id, RuleResult.refuses)
        assert tx.session.scalar(failed.where(RuleResult.outcome == Outcome.FAIL))


def test_an_erratum_waits_for_a_deposit_under_way(peopled: Any) -> None:
    made = given.filled(peopled)
    done: list[int] = []

    def extend_it() -> None:
        with transaction(peopled.officer) as tx:
            call = tx.session.get_one(Call, made.call_id)
            done.append(
                extend(tx, made.call_id, call.closes_at + timedelta(days=3), REASON, None).version_number
            )

    thread = Thread(target=extend_it)
    with transaction(peopled.holder) as tx:
        commands.submit(tx, made.id)
        thread.start()
        thread.join(0.7)
        assert not done
    thread.join(10)
    assert done == [2]
    assert [one.call_version for one in kept(made)] == [1]


def test_an_erratum_of_a_measure_waits_for_a_first_deposit_and_is_then_refused(peopled: Any) -> None:
    """It began when nobody had filed; once it has the call, somebody has, under the rules as they were."""
    made, refused = given.filled(peopled), []

    def correct() -> None:
        try:
            with transaction(peopled.officer) as tx:
                call = tx.session.get_one(Call, made.call_id)
                caps = call.definition["caps"] | {"indh_share": "50 %"}
                amend(tx, call.id, changed(call, caps=caps), VersionKind.ERRATUM, REASON, None)
        except Problem as problem:
            refused.append((problem.code, [error.field for error in problem.errors]))

    thread = Thread(target=correct)
    with transaction(peopled.holder) as tx:
        commands.submit(tx, made.id)
        thread.start()
        thread.join(0.7)
        assert not refused  # it waits for the deposit
    thread.join(10)
    assert refused == [("amendment_unfair", ["caps.indh_share"])]
    assert [one.call_version for one in kept(made)] == [1]
