"""The instant of arrival, and problems as values."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.core.actor import SYSTEM
from backend.core.clock import DemoClock, arrival, arriving
from backend.core.config import settings
from backend.core.errors import CONFLICT, INVALID, PROBLEMS, FieldError, Problem, problem
from backend.core.tx import transaction

THEN = datetime(2023, 9, 1, 15, 30, tzinfo=UTC)


def test_the_instant_is_frozen_inside_and_real_outside() -> None:
    with arriving("a-request", THEN) as entered:
        assert arrival() is entered
        assert (arrival().at, arrival().request_id) == (THEN, "a-request")
        with arriving() as nested:
            assert nested.at > THEN
        assert arrival() is entered
    assert abs(arrival().at - datetime.now(UTC)) < timedelta(seconds=5)
    assert arrival().request_id != arrival().request_id


def test_the_instant_is_restored_after_a_failure() -> None:
    with pytest.raises(KeyError), arriving(at=THEN):
        raise KeyError
    assert arrival().at > THEN


def test_a_transaction_has_the_instant_of_arrival(world: Any) -> None:
    with arriving("a-request", THEN), transaction(SYSTEM) as tx:
        assert (tx.now, tx.request_id) == (THEN, "a-request")


def test_a_demonstration_may_run_ahead_and_nothing_else(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.merge(DemoClock(id=1, ahead=timedelta(days=30)))
    with arriving(at=THEN), transaction(SYSTEM) as tx:
        assert tx.now == THEN + timedelta(days=30)
    monkeypatch.setenv("INDH_DEMO", "0")
    settings.cache_clear()
    try:
        with arriving(at=THEN), transaction(SYSTEM) as tx:
            assert tx.now == THEN
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def test_a_problem_carries_its_code_status_fields_and_words() -> None:
    refusal = INVALID([FieldError("budget.0.amount", "missing", {"n": 1})], now="x")
    assert isinstance(refusal, Problem)
    assert (refusal.code, refusal.status, str(refusal)) == ("invalid", 422, "invalid")
    assert refusal.errors == (FieldError("budget.0.amount", "missing", {"n": 1}),)
    assert refusal.params == {"now": "x"}
    assert CONFLICT().errors == ()


def test_a_problem_is_declared_once() -> None:
    with pytest.raises(ValueError, match="conflict"):
        problem("conflict", 409)
    assert all(400 <= declared.status < 600 for declared in PROBLEMS.values())
    assert all(code == declared.code for code, declared in PROBLEMS.items())
