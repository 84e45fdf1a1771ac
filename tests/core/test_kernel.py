"""The kernel's promises: scope, forgotten check, forgotten record, audit, jobs in the same commit."""

from typing import Any

import pytest
from sqlalchemy import select, text, update

from backend.core import jobs
from backend.core.actor import ANONYMOUS, SYSTEM
from backend.core.audit import RowChange
from backend.core.errors import Problem
from backend.core.events import Event, Job, JobState
from backend.core.tx import Unguarded, transaction
from backend.people.models import Organisation


def test_a_rule_filters_and_checks(world: Any) -> None:
    with transaction(world.holder) as tx:
        seen = tx.session.scalars(tx.visible(select(Organisation.id), "organisation.read")).all()
        assert seen == [world.tifaout]
        assert tx.get(Organisation, world.tifaout, "organisation.read").id == world.tifaout
        with pytest.raises(Problem) as refusal:
            tx.get(Organisation, world.rival_cooperative, "organisation.read")
        assert refusal.value.status == 404


def test_visible_but_not_allowed_is_403(world: Any) -> None:
    with transaction(world.auditor) as tx, pytest.raises(Problem) as refusal:
        tx.get(Organisation, world.tifaout, "organisation.edit")
    assert refusal.value.status == 403


def test_a_write_without_a_rule_is_not_committed(world: Any) -> None:
    with pytest.raises(Unguarded, match="without a rule"), transaction(world.officer) as tx:
        tx.session.execute(update(Organisation).values(phone="1"))
    with pytest.raises(Unguarded, match="without a rule"), transaction(world.officer) as tx:
        tx.get(Organisation, world.tifaout, "organisation.read").phone = "1"


def test_a_write_without_an_event_is_not_committed(world: Any) -> None:
    with pytest.raises(Unguarded, match="without an event"), transaction(world.holder) as tx:
        tx.get(Organisation, world.tifaout, "organisation.edit").phone = "0600000000"


def test_the_database_records_who_changed_what(world: Any) -> None:
    with transaction(world.holder) as tx:
        organisation = tx.get(Organisation, world.tifaout, "organisation.edit")
        organisation.phone = "0600000000"
        tx.emit("organisation.edited", organisation)
    with transaction(SYSTEM) as tx:
        change = tx.session.scalars(
            select(RowChange).where(RowChange.table_name == "organisation").order_by(RowChange.id.desc())
        ).first()
        assert change
        assert change.actor == str(world.holder.id)
        assert change.old == {"phone": None, "version": 1}
        assert change.new == {"phone": "0600000000", "version": 2}


@pytest.mark.parametrize(
    "statement", ["UPDATE row_change SET actor = ''", "DELETE FROM row_change", "DELETE FROM event"]
)
def test_the_application_cannot_touch_the_trail(world: Any, statement: str) -> None:
    with pytest.raises(Exception, match="permission denied"), transaction(SYSTEM) as tx:
        tx.session.execute(text(statement))


def test_an_undeclared_event_is_refused(world: Any) -> None:
    with transaction(world.holder) as tx, pytest.raises(Unguarded):
        tx.emit("organisation.vanished", tx.get(Organisation, world.tifaout, "organisation.read"))


def test_nobody_sees_nothing(world: Any) -> None:
    with transaction(ANONYMOUS) as tx:
        assert tx.session.scalars(tx.visible(select(Organisation), "organisation.read")).all() == []


def test_events_are_written_with_the_flush_in_their_order_and_undone_with_their_savepoint(world: Any) -> None:
    """With their jobs, in one statement; what a savepoint takes back is not written after it."""
    data = {"fr": "où ça ? 100 %", "ar": "ختم", "deep": [1, None, 0.1, {"a": "'"}]}
    with transaction(SYSTEM) as tx:
        tx.allowed = True
        holder = tx.session.get_one(Organisation, world.tifaout)
        made = [tx.emit("organisation.edited", holder, n=n, **data) for n in range(3)]
        undone = tx.session.begin_nested()
        tx.emit("organisation.edited", holder, n=3)
        undone.rollback()
        made.append(tx.emit("organisation.edited", holder, n=4))
    with transaction(SYSTEM) as tx:
        asked = select(Event).where(Event.request_id == made[0].request_id).order_by(Event.seq)
        found = tx.session.scalars(asked).all()
        assert [one.data["n"] for one in found] == [0, 1, 2, 4]
        assert [one.id for one in found] == [one.id for one in made]
        assert found[0].data == {"n": 0} | data
        assert found[0].at == made[0].at
        assert found[0].province_code == holder.province_code
        assert found[0].actor_id is None


def test_a_job_runs_once_and_is_done_in_its_own_commit(
    committed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backend.core import events
    from tests.world import build

    ran: list[str] = []
    monkeypatch.setitem(
        events.HANDLERS, "test.note", events.Subscription("test.note", lambda tx, e: ran.append(str(e.id)))
    )
    monkeypatch.setitem(events.SUBSCRIBERS, "organisation.edited", [events.HANDLERS["test.note"]])
    world = build()
    with transaction(world.holder) as tx:
        organisation = tx.get(Organisation, world.tifaout, "organisation.edit")
        tx.emit("organisation.edited", organisation)
    ids = jobs.due()
    assert jobs.run(ids) == 1
    assert jobs.run(ids) == 0
    assert len(ran) == 1
    with transaction(SYSTEM) as tx:
        assert [job.state for job in tx.session.scalars(select(Job))] == [JobState.DONE]
        assert tx.session.scalar(select(Event.name).where(Event.name == "organisation.edited"))


def test_a_failing_job_is_kept_and_tried_later(committed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from backend.core import events
    from tests.world import build

    def fail(_tx: Any, _event: Any) -> None:
        raise OSError("secret words")

    monkeypatch.setitem(events.HANDLERS, "test.fail", events.Subscription("test.fail", fail))
    monkeypatch.setitem(events.SUBSCRIBERS, "organisation.edited", [events.HANDLERS["test.fail"]])
    world = build()
    with transaction(world.holder) as tx:
        tx.emit("organisation.edited", tx.get(Organisation, world.tifaout, "organisation.edit"))
    assert jobs.drain() == 0
    with transaction(SYSTEM) as tx:
        job = tx.session.scalars(select(Job)).one()
        assert (job.attempts, job.state, job.last_error) == (1, JobState.READY, "OSError")
        assert job.run_at > tx.now
