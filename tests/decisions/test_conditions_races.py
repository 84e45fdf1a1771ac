"""An answer against the lapse: two connections, real commits, one outcome and nothing lost."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text, update

from backend.core.actor import SYSTEM
from backend.core.calendar import local
from backend.core.clock import arriving
from backend.core.errors import Problem
from backend.core.events import Event
from backend.core.tx import transaction
from backend.decisions.conditions import following
from backend.decisions.models import ConditionState, Decision, DecisionCondition, DecisionState
from tests.decisions import conditions_given as given
from tests.world import build

LAPSED, ADOPTED = DecisionState.LAPSED, DecisionState.ADOPTED
NEXT_DAY = timedelta(days=1)


def answered(world: Any, key: UUID, held: Callable[[], Any]) -> str:
    """Sent on the last day; `held` is called between the act and its commit."""
    try:
        with transaction(world.holder) as tx:
            following.answer(tx, key, "Le bail est signé.")
            held()
    except Problem as refusal:
        return refusal.code
    return "answered"


def swept(held: Callable[[], Any]) -> str:
    """What the clock does on the day after."""
    with arriving(at=datetime.now(UTC) + NEXT_DAY), transaction(SYSTEM) as tx:
        ended = following.lapse_missed(tx)
        held()
    return "lapsed" if ended else "spared"


def waits_for_a_lock() -> None:
    """Until another connection waits for what this one holds: never longer than ten seconds."""
    here = "wait_event_type = 'Lock' AND datname = current_database()"
    asked = f"SELECT count(*) FROM pg_stat_activity WHERE {here}"
    for _ in range(1000):
        with transaction(SYSTEM) as tx:
            if tx.session.execute(text(asked)).scalar_one():
                return
        threading.Event().wait(0.01)
    raise AssertionError("nobody waited")


STANDS = {"answer": {"answered", "spared"}, "sweep": {"conditions_settled", "lapsed"}}


def test_an_answer_and_the_lapse_take_turns_and_one_of_them_stands(committed: str) -> None:
    """Each order forced, the second waiting for the first's lock; then both let go at once."""
    world = build()
    decision = given.told(world, count=1)
    (condition,) = given.rows(decision)
    for first in ("answer", "sweep", "either"):
        since = _as_on_its_last_day(decision, condition)
        said = _raced(world, condition.id, first)
        assert said == STANDS[first] if first != "either" else said in STANDS.values()
        now, (row,) = given.again(decision.id), given.rows(decision)
        answer, lapse = "answered" in said, "lapsed" in said
        assert (now.state, now.ended_because) == ((LAPSED, "conditions_missed") if lapse else (ADOPTED, None))
        assert row.state is (ConditionState.ANSWERED if answer else ConditionState.AWAITED)
        assert row.answer == ("Le bail est signé." if answer else "")
        assert _trail(decision, condition, since) == ["condition.answered" if answer else "decision.lapsed"]


def _raced(world: Any, key: UUID, first: str) -> set[str]:
    """What both said; with `first`, that one holds its locks until the other waits for them."""
    begun = threading.Event()

    def holds() -> None:
        begun.set()
        waits_for_a_lock()

    acts = {
        "answer": lambda: answered(world, key, holds if first == "answer" else idle),
        "sweep": lambda: swept(holds if first == "sweep" else idle),
    }
    leads, follows = sorted(acts, key=lambda act: act != first)
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(acts[leads])
        if first in acts:
            assert begun.wait(10)
        other = pool.submit(acts[follows])
        return {one.result(), other.result()}


def idle() -> None:
    """Commit at once."""


def _as_on_its_last_day(decision: Decision, condition: DecisionCondition) -> int:
    """Nothing answered, the last day today; returns how far the trail goes."""
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(
            update(Decision)
            .where(Decision.id == decision.id)
            .values(state=ADOPTED, ended_at=None, ended_because=None, conditions_due_on=local(tx.now).date())
        )
        tx.session.execute(
            update(DecisionCondition)
            .where(DecisionCondition.id == condition.id)
            .values(state=ConditionState.AWAITED, answer="", answered_at=None, answered_by=None)
        )
        return int(tx.session.execute(select(func.max(Event.seq))).scalar_one())


def _trail(decision: Decision, condition: DecisionCondition, since: int) -> list[str]:
    """Which of the two acts the trail holds since the round began."""
    with transaction(SYSTEM) as tx:
        asked = select(Event.name).where(
            Event.subject_id.in_((decision.id, condition.id)),
            Event.seq > since,
            Event.name.in_(("condition.answered", "decision.lapsed")),
        )
        return list(tx.session.scalars(asked))
