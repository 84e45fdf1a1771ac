"""Every machine, from every state, every verb, by everybody: it moves, or says why not and what may."""

from contextlib import suppress
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from backend.app import load
from backend.core.errors import Problem
from backend.core.machine import MACHINES, Machine
from backend.core.tx import Tx, transaction
from tests.contract.scenario import Scenario

load("jobs")
PERSONAS = ("holder", "rival", "evaluator", "chair", "officer", "stranger", "coach", "auditor")
OBJECTS = {
    "agreed_action": "action",
    "appeal": "appeal",
    "application": "application_submitted",
    "assignment": "assignment",
    "call": "call_draft",
    "call_question": "question",
    "committee_session": "session_planned",
    "consultation": "consultation_draft",
    "convention": "convention_prepared",
    "decision": "decision",
    "decision_condition": "condition",
    "information_request": "information",
    "letter": "letter_queued",
    "lookalike": "lookalike",
    "message": "message",
    "milestone": "milestone",
    "minutes": "minutes",
    "motion": "motion_plain",
    "suspected_tie": "tie",
    "tranche": "tranche",
    "wave": "wave",
}
STATES = [(name, state) for name, machine in MACHINES.items() for state in machine.column.type.enum_class]


@pytest.mark.parametrize(("name", "state"), STATES, ids=str)
def test_each_verb_moves_or_says_why(scenario: Scenario, name: str, state: StrEnum) -> None:
    machine = MACHINES[name]
    with scenario.undone():
        row_id = _row_in(scenario, machine, state)
        for persona in PERSONAS:
            for verb in machine.transitions:
                _fire(scenario, machine, row_id, persona, verb)


def _row_in(s: Scenario, machine: Machine, state: StrEnum) -> UUID:
    """The scenario's object, put into this state; one that is in it, where the database forbids that."""
    row_id = UUID(s[OBJECTS[machine.name]])
    put = text(f'UPDATE "{machine.name}" SET state = :state WHERE id = :id')
    try:
        with s.connection.begin_nested():
            s.connection.execute(put, {"state": state.value, "id": row_id})
    except IntegrityError:
        found = s.connection.scalar(select(machine.model.id).where(machine.column == state).limit(1))
        if found is None:
            pytest.skip(f"no {machine.name} is {state}, and none can be put there by hand")
        return UUID(str(found))
    return row_id


def _fire(s: Scenario, machine: Machine, row_id: UUID, persona: str, verb: str) -> None:
    """Everything is undone by raising at the end."""
    transition = machine.transitions[verb]
    with suppress(_Undo), transaction(s.world.people[persona]) as tx:
        row = tx.session.get_one(machine.model, row_id)
        may = tx.may([transition.may], row)[transition.may]
        possible = machine.available(tx, row)
        before = machine.state(row)
        refusal = _refusal(tx, machine, row, verb)
        what = f"{machine.name}.{verb} from {before} by {persona}: {refusal and refusal.code}"
        if not may:
            assert refusal, what
            assert refusal.status == 403, what
            assert verb not in possible, what
        elif before not in transition.sources:
            assert refusal, what
            assert (refusal.code, refusal.status) == ("wrong_state", 409), what
            assert refusal.params["allowed_verbs"] == possible, what
            assert refusal.params["state"] == f"state.{machine.name}.{before}", what
        elif refusal:
            assert refusal.status in (409, 422), what
            assert verb not in possible, what
        else:
            assert verb in possible, what
            assert machine.state(row) is transition.target, what
        raise _Undo


def _refusal(tx: Tx, machine: Machine, row: Any, verb: str) -> Problem | None:
    try:
        machine.fire(tx, row, verb)
    except Problem as refusal:
        return refusal
    return None


class _Undo(Exception):
    pass


def test_every_state_can_be_reached_or_begun_in() -> None:
    """No dead word: each state is where rows begin, or where some verb or command leads."""
    for machine in MACHINES.values():
        default = machine.column.property.columns[0].default.arg
        reached = {t.target for t in machine.transitions.values()} | {default}
        assert machine.name in OBJECTS
        assert default in machine.column.type.enum_class
        assert reached <= set(machine.column.type.enum_class)
