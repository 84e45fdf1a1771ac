"""What must hold of sessions and what follows: it does after a whole way, and each break is named."""

import os
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from backend.committees import commands as committees
from backend.committees import sessions
from backend.committees.dialogue import actions
from backend.committees.dialogue.schemas import ActionIn
from backend.committees.models import BallotChoice, Presence
from backend.core import jobs
from backend.core.calendar import local
from backend.core.config import settings
from backend.core.tx import transaction
from backend.decisions.appeals import settling
from backend.ops import check, check_sessions
from tests.committees import given as sittings
from tests.decisions import appeals_given as appeals
from tests.world import build

TAMPERED = {
    "ballots-of-the-present": "UPDATE attendance SET presence = 'excused'",
    "votes-add-up": "UPDATE motion SET result = result || '{\"abstentions\": 4}' WHERE result IS NOT NULL",
    "secret-stays-secret": "UPDATE ballot SET choice = NULL",
    "deviation-with-a-reason": "UPDATE motion SET kind = 'deviation', reason = ' '",
    "closed-sessions": "UPDATE motion SET state = 'open'",
    "minutes-in-force": "UPDATE minutes SET state = 'replaced'",
    "waiting-order": "DROP INDEX uq_decision_standing; UPDATE decision"
    " SET state = 'adopted', outcome = 'waiting', amount_centimes = 0, waiting_order = 1",
    "replaced-by-one": "UPDATE decision SET follows_id = NULL",
    "letters-released": "UPDATE letter SET released_by = NULL",
    "appeals-settled": "UPDATE appeal SET answer = NULL",
    "appeals-by-others": "UPDATE appeal SET handler_id = (SELECT person_id FROM seat WHERE chairs)",
    "action-reminders-sent-once": "UPDATE action_reminder SET state = 'sent'",
    "no-reminder-of-a-closed-action": "UPDATE agreed_action SET state = 'done'",
    "no-overdue-action-reminder": "UPDATE action_reminder SET due_at = due_at - interval '1 year'",
    "one-decision": "DROP INDEX uq_decision_standing; UPDATE decision SET state = 'adopted'",
    "envelope": "UPDATE call SET envelope_centimes = 1",
}
PRINTS = {
    "minutes-print": 'UPDATE minutes SET record = record || \'{"number": "X"}\'',
    "letters-print": "UPDATE letter SET content = content || '{\"amount_centimes\": 1}'",
}


@pytest.fixture
def whole(committed: str) -> Any:
    """Proposed, voted, decided, told, contested, decided again, minuted; an action agreed; one adjourned."""
    world = build()
    appeal = appeals.voted(world)
    with transaction(world.officer) as tx:
        settling.settle(tx, appeal.id, appeals.ANSWER)
    for session in (world.session, world.later):
        with transaction(world.officer) as tx:
            committees.close_session(tx, session)
    with transaction(world.officer) as tx:
        asked = ActionIn(
            committee_id=world.committee,
            session_id=world.later,
            text=sittings.TEXT,
            owner_id=world.evaluator.id,
            due_on=local(tx.now).date().replace(year=local(tx.now).year + 1),
        )
        actions.agree_action(tx, asked)
    _adjourned(world)
    jobs.drain()
    return world


def _adjourned(world: Any) -> None:
    """Voted on in a first sitting, by somebody who is not in the second."""
    session = sittings.open_session(world)
    motion = sittings.motion(world, session.id)
    with transaction(world.officer) as tx:
        for name in ("chair", "second"):
            committees.cast(tx, motion.id, world.seats[name], BallotChoice.FOR)
        committees.close_motion(tx, motion.id)
    with transaction(world.officer) as tx:
        sessions.adjourn_session(tx, session.id, sittings.later(3))
    roll = dict.fromkeys(
        (world.seats[name] for name in ("evaluator", "third", "conflicted")), Presence.PRESENT
    )
    with transaction(world.officer) as tx:
        committees.take_attendance(tx, session.id, roll, None)


def test_all_hold_after_a_whole_way_and_each_break_is_named(whole: Any) -> None:
    url = settings().database_url
    found = check.broken(url) | check_sessions.broken(url)
    ours = {*TAMPERED, *PRINTS, "convention-of-a-decision", "funded-if-eligible", "grant-within-request"}
    assert ours >= {one.name for one in check_sessions.INVARIANTS}
    assert {name: rows for name, rows in found.items() if rows and name in ours} == {}
    owner = create_engine(
        os.environ["MIGRATION_DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://")
    )
    with owner.connect() as connection:
        for name, change in TAMPERED.items():
            (asked,) = (one.broken for one in check.INVARIANTS if one.name == name)
            with connection.begin() as undone:
                connection.execute(text(change))
                assert connection.execute(text(asked)).first(), name
                undone.rollback()
        for change in PRINTS.values():
            connection.execute(text(change))
        connection.commit()
    owner.dispose()
    wrong = check_sessions.broken(url)
    assert set(wrong) == set(PRINTS)
    assert all(wrong.values())
