"""Machines: the table is the workflow, and only `fire` moves a row."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select, text, update

from backend.applications.lifecycle import LIFECYCLE, no_rule_refuses
from backend.applications.models import Application, ApplicationState
from backend.core.actor import SYSTEM
from backend.core.audit import RowChange
from backend.core.errors import Problem
from backend.core.events import Event, Job
from backend.core.machine import Machine, T, for_many
from backend.core.tx import Unguarded, transaction
from tests.applications import given
from tests.applications.test_commands import TOO_MUCH
from tests.world import build


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


# -- many at once --------------------------------------------------------------------------------------
COPIES = """
WITH o AS (
  INSERT INTO organisation (id, version, name, legal_form, province_code, commune_code)
  SELECT gen_random_uuid(), 1, s.name, s.legal_form, s.province_code, s.commune_code
    FROM organisation s JOIN application a ON a.organisation_id = s.id, generate_series(1, :n)
    WHERE a.id = :of
  RETURNING id AS oid)
INSERT INTO application (id, version, call_id, organisation_id, province_code, number, state, content, title,
  total_centimes, requested_centimes, created_by, created_at, submitted_at)
SELECT gen_random_uuid(), 1, a.call_id, o.oid, a.province_code,
  'C-' || substr(o.oid::text, 1, 8) || '-' || row_number() OVER (), a.state, a.content, a.title,
  1, 1, a.created_by, a.created_at, a.submitted_at
  FROM application a, o WHERE a.id = :of RETURNING application.id
"""


def copies(made: Application, n: int) -> list[Any]:
    """As many deposited dossiers more, of as many organisations."""
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        return list(tx.session.scalars(text(COPIES), {"n": n, "of": made.id}))


def move(actor: Any, keys: Sequence[Any], verb: str = "admit", **data: Any) -> list[Event]:
    with transaction(actor) as tx:
        rows = tx.session.scalars(select(Application).where(Application.id.in_(keys))).all()
        return LIFECYCLE.fire_many(tx, rows, verb, **data)


def test_many_move_in_as_many_statements_as_one(world: Any, statements: Any) -> None:
    made = given.submitted(world)
    costs = []
    for n in (1, 3, 200):
        keys = copies(made, n)
        with statements() as seen:
            said = move(world.officer, keys, bulk=True)
        costs.append(len(seen))
        assert sorted(event.subject_id for event in said) == sorted(keys)
        with transaction(SYSTEM) as tx:
            rows = tx.session.scalars(select(Application).where(Application.id.in_(keys))).all()
            assert {(row.state, row.version) for row in rows} == {(ApplicationState.ELIGIBLE, 2)}
    assert costs[0] == costs[1] == costs[2]
    assert move(world.officer, []) == []


def test_what_many_leave_behind_is_what_one_does(world: Any) -> None:
    call = given.open_call(world)
    one, other = given.submitted(world, call), given.submitted(world, call, "rival")
    with transaction(world.officer) as tx:
        LIFECYCLE.fire(tx, tx.get(Application, one.id, "application.screen"), "admit", why="x")
    with transaction(world.officer) as tx:
        row = tx.get(Application, other.id, "application.read")
        (event,) = LIFECYCLE.fire_many(tx, [row], "admit", {other.id: {"why": "x"}})
        assert (row.state, row.version) == (ApplicationState.ELIGIBLE, kept(other).version)  # as the database
    with transaction(SYSTEM) as tx:
        told = [_left(tx, key) for key in (one.id, other.id)]
    assert told[0] == told[1]
    assert event.province_code == "09.001"


def kept(made: Application) -> Application:
    with transaction(SYSTEM) as tx:
        return tx.session.get_one(Application, made.id)


def _left(tx: Any, key: Any) -> Any:
    """The event of the move, its jobs, the change that the trigger kept: without what is each row's own."""
    event = tx.session.scalars(
        select(Event).where(Event.subject_id == key, Event.name == "application.admitted")
    ).one()
    jobs = sorted(tx.session.scalars(select(Job.handler).where(Job.event_id == event.id)))
    change = tx.session.scalars(
        select(RowChange).where(RowChange.row_id == str(key)).order_by(RowChange.id.desc()).limit(1)
    ).one()
    who = (event.actor_id, event.actor_name, event.subject_type, event.province_code, event.data)
    return who, jobs, change.action, change.new["state"], change.old["state"], change.actor


def test_all_or_none_and_each_refusal_named(world: Any) -> None:
    call = given.open_call(world)
    good, bad = given.submitted(world, call), given.submitted(world, call, "rival", financing=TOO_MUCH)
    (done,) = copies(good, 1)
    move(world.officer, [done])
    (unsent,) = copies(good, 1)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(update(Application).where(Application.id == unsent).values(submitted_at=None))
    keys = [good.id, bad.id, done, unsent]
    with pytest.raises(Problem) as refused:
        move(world.officer, keys)
    assert (refused.value.code, refused.value.status) == ("many_refused", 409)
    assert refused.value.params["refusals"] == {
        str(bad.id): "rule_refuses", str(done): "wrong_state", str(unsent): "forbidden",
    }  # fmt: skip
    assert refused.value.params["count"] == 3
    assert kept(good).state is ApplicationState.SUBMITTED
    with transaction(world.officer) as tx:
        gone = LIFECYCLE.refusals(tx, [unsent, good.call_id], "admit")
        assert {key: one.code for key, one in gone.items()} == {
            unsent: "forbidden", good.call_id: "not_found",
        }  # fmt: skip
        assert LIFECYCLE.refusals(tx, [], "admit") == {}


@pytest.mark.parametrize("name", ["holder", "stranger", "auditor", "evaluator"])
def test_many_obey_the_rule_of_one(world: Any, name: str) -> None:
    made = given.submitted(world)
    with pytest.raises(Problem) as refused:
        move(world.people[name], [made.id])
    assert refused.value.params["refusals"] == {str(made.id): "forbidden"}


def test_a_guard_of_one_row_is_never_passed_over(world: Any) -> None:
    made = given.filled(world)
    with pytest.raises(Unguarded, match=r"application\.submit"):
        move(world.holder, [made.id], "submit")
    with pytest.raises(ValueError, match="already"):
        for_many(no_rule_refuses)(lambda _tx, _keys: {})


def test_a_row_that_another_moves_meanwhile_moves_once(committed: str) -> None:
    world = build()
    call = given.open_call(world)
    keys = [given.submitted(world, call).id, given.submitted(world, call, "rival").id]
    start = Barrier(2)

    def run(own: Sequence[Any]) -> str:
        with transaction(world.officer) as tx:
            rows = tx.session.scalars(select(Application).where(Application.id.in_(own))).all()
            start.wait()
            try:
                LIFECYCLE.fire_many(tx, rows, "refuse")
            except Problem as refused:
                tx.session.rollback()
                return str(refused.params["refusals"][str(keys[0])])
        return "moved"

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(run, (keys, keys[:1])))
    assert told == ["moved", "wrong_state"]
    with transaction(SYSTEM) as tx:
        moved = select(Event.subject_id).where(Event.name == "application.refused")
        assert tx.session.scalars(moved.where(Event.subject_id == keys[0])).all() == [keys[0]]
