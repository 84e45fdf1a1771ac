"""Machines: the table is the workflow, and only `fire` moves a row."""

from enum import StrEnum
from typing import Any

import pytest
from sqlalchemy import select

from backend.applications.lifecycle import LIFECYCLE
from backend.applications.models import Application, ApplicationState
from backend.core.errors import Problem
from backend.core.events import Event
from backend.core.machine import Machine, T
from backend.core.tx import Unguarded, transaction
from tests.applications import given


def test_only_fire_sets_a_state(world: Any) -> None:
    made = given.draft(world)
    with transaction(world.holder) as tx:
        row = tx.get(Application, made.id, "application.edit")
        with pytest.raises(Unguarded, match="fire"):
            row.state = ApplicationState.ELIGIBLE
        assert row.state is ApplicationState.DRAFT
        tx.session.rollback()


def test_firing_moves_and_says_so(world: Any) -> None:
    made = given.draft(world)
    with transaction(world.holder) as tx:
        row = tx.get(Application, made.id, "application.withdraw")
        said = LIFECYCLE.fire(tx, row, "withdraw", why="test")
        assert row.state is ApplicationState.WITHDRAWN
        assert said.name == "application.withdrawn"
        assert said.data == {"before": "draft", "after": "withdrawn", "why": "test"}
    with transaction(world.holder) as tx:
        assert tx.session.scalar(select(Event.name).where(Event.id == said.id)) == "application.withdrawn"


def test_a_wrong_state_names_what_is_possible(world: Any) -> None:
    made = given.submitted(world)
    with transaction(world.holder) as tx:
        row = tx.get(Application, made.id, "application.submit")
        with pytest.raises(Problem) as refusal:
            LIFECYCLE.fire(tx, row, "submit")
        tx.session.rollback()
    assert (refusal.value.code, refusal.value.status) == ("wrong_state", 409)
    assert refusal.value.params == {"state": "state.application.submitted", "allowed_verbs": ["withdraw"]}


def test_a_guard_refuses_and_hides_its_verb(world: Any) -> None:
    made = given.draft(world)
    with transaction(world.holder) as tx:
        row = tx.get(Application, made.id, "application.read")
        assert LIFECYCLE.available(tx, row) == ["withdraw"]
        with pytest.raises(Problem, match="incomplete"):
            LIFECYCLE.fire(tx, row, "submit")


def test_another_may_not(world: Any) -> None:
    made = given.submitted(world)
    with transaction(world.officer) as tx:
        row = tx.get(Application, made.id, "application.read")
        with pytest.raises(Problem) as refusal:
            LIFECYCLE.fire(tx, row, "withdraw")
        assert refusal.value.status == 403
        assert LIFECYCLE.available(tx, row) == ["return", "admit", "refuse"]


def test_a_verb_is_declared_once() -> None:
    class State(StrEnum):
        ONE = "one"

    twice = T("go", {State.ONE}, State.ONE, "application.went", "application.read")
    with pytest.raises(ValueError, match="twice"):
        Machine(Application.state, twice, twice)
