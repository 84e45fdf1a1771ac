"""The officer's day around the committee: what waits for a session, a letter, an appeal; not what is over."""

from typing import Any

from sqlalchemy import select

from backend.committees import sessions
from backend.core import jobs
from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from backend.decisions import commands, letters
from backend.decisions.appeals import studying
from backend.decisions.models import Decision, DecisionOutcome
from backend.observatory.queries import desk
from tests.committees import given as sittings
from tests.decisions import appeals_given as appeals
from tests.decisions import given


def lines(actor: Any) -> dict[str, int]:
    with transaction(actor) as tx:
        return {line.code: line.count for line in desk.today(tx)}


def test_an_appeal_goes_from_line_to_line(world: Any) -> None:
    appeal = appeals.filed(world)
    assert lines(world.officer)["appeal_assign"] == 1
    with transaction(world.officer) as tx:
        studying.assign(tx, appeal.id, world.officer.id)
    found = lines(world.officer)
    assert (found.get("appeal_assign"), found["appeal_report"]) == (None, 1)
    with transaction(world.officer) as tx:
        studying.report(tx, appeal.id, "Vu.")
    found = lines(world.officer)
    assert (found.get("appeal_report"), found["appeal_settle"]) == (None, 1)
    assert not {code for code in lines(world.stranger) if code.startswith(("appeal", "letter", "session"))}


def test_letters_before_and_after_the_session(world: Any) -> None:
    for motion in given.put(world, 1):
        given.voted(world, motion, ("chair", "evaluator", "second"))
        with transaction(world.officer) as tx:
            commands.close_vote(tx, motion)
    jobs.drain()
    found = lines(world.officer)
    assert (found["letter"], found.get("letter_afterwards")) == (1, None)
    with transaction(world.officer) as tx:
        letters.release(tx, world.call)
    assert "letter" not in lines(world.officer)
    with transaction(SYSTEM) as tx:
        funded = tx.session.scalars(select(Decision).where(Decision.outcome == DecisionOutcome.FUNDED)).one()
    with transaction(world.officer) as tx:
        commands.end(tx, funded.id, "renounced")
    jobs.drain()
    assert lines(world.officer)["letter_afterwards"] == 1


def test_a_session_called_off_is_nobodys_to_prepare(world: Any) -> None:
    planned = sittings.session(world, sittings.later(9))
    assert lines(world.officer)["session"] == 1
    with transaction(world.officer) as tx:
        sessions.cancel_session(tx, planned.id, "Grève")
    assert "session" not in lines(world.officer)
