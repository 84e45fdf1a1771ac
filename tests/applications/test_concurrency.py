"""Real commits, at the same time: one receipt, one event, one dossier, numbers without gaps."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from backend.applications import commands
from backend.applications.models import Application, ApplicationCounter
from backend.core.actor import SYSTEM, Actor
from backend.core.events import Event
from backend.core.tx import transaction
from backend.territory import models as territory
from tests.applications import given
from tests.world import build


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
