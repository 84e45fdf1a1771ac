"""A superuser changes the past: whatever she does is found, and named."""

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, select

from backend.committees import commands as committees
from backend.core import commitments, db, merkle
from backend.core.events import Event
from backend.core.seals import COLUMNS, Seal, SealedEvent, told
from backend.core.tx import transaction
from backend.decisions.sealed import record as content
from backend.seals.trail import Counted, Published
from tests import world as cast
from tests.applications import given as applications
from tests.decisions import given as decisions
from tests.seals.given import asked, database_of_its_own, found, roots, sealed, tamper

ADOPTED = "SELECT seq FROM event WHERE name = 'decision.adopted' ORDER BY seq LIMIT 1"


@pytest.fixture(scope="module")
def recorded(worker_database: str) -> Iterator[str]:
    """A database with a deposit and adopted decisions under several seals."""
    with database_of_its_own() as name:
        world = cast.build()
        sealed()
        applications.submitted(world, applications.open_call(world, code="agadir-other"))
        sealed()
        decisions.adopted(world)
        with transaction(world.officer) as tx:
            committees.close_session(tx, world.session)
        sealed()
        yield name


@pytest.fixture
def record(recorded: str) -> Iterator[Any]:
    """A copy of it for one test."""
    with database_of_its_own(recorded):
        yield SimpleNamespace(decisions=decisions.decisions())


def codes(faults: list[tuple[str, dict[str, Any]]]) -> set[str]:
    return {code for code, _ in faults}


def test_what_was_not_touched_agrees(record: Any) -> None:
    counted = Counted()
    assert found(counted=counted) == []
    assert counted.seals == len(roots()) > 0
    assert counted.events == asked("SELECT count(*) FROM event")
    assert counted.rows > 3
    assert (counted.root, counted.waiting) == (roots()[-1], 0)


def test_a_decisions_amount(record: Any) -> None:
    one = record.decisions[0]
    tamper("UPDATE decision SET amount_centimes = amount_centimes + 1 WHERE id = %(id)s", id=one.id)
    ((code, said),) = found()
    assert code == "row_differs"
    assert (said["key"], said["said"], said["found"]) == (
        "amount_centimes", one.amount_centimes, one.amount_centimes + 1,
    )  # fmt: skip
    assert said["kind"] == "decision"
    assert said["named"] == asked("SELECT number FROM application WHERE id = %(id)s", id=one.application_id)


def test_a_decisions_reasons_and_its_day(record: Any) -> None:
    one = record.decisions[-1]
    tamper("UPDATE decision SET reasons = '[]' WHERE id = %(id)s", id=one.id)
    ((code, said),) = found()
    assert (code, said["key"]) == ("row_differs", "sha256")
    tamper(
        "UPDATE decision SET reasons = %(r)s, decided_at = decided_at - interval '1 day' WHERE id = %(id)s",
        id=one.id, r=json.dumps(one.reasons),
    )  # fmt: skip
    assert codes(found()) == {"row_moved"}


def test_a_decisions_state(record: Any) -> None:
    tamper("UPDATE decision SET state = 'lapsed' WHERE id = %(id)s", id=record.decisions[0].id)
    ((code, said),) = found()
    assert (code, said["kind"], said["said"], said["found"]) == (
        "state_differs", "decision", "adopted", "lapsed",
    )  # fmt: skip


def test_a_decision_removed_or_added(record: Any) -> None:
    tamper(
        "INSERT INTO decision SELECT (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid(),"
        " 'state', 'lapsed'))).* FROM decision d WHERE d.id = %(id)s",
        id=record.decisions[0].id,
    )
    assert codes(found()) == {"row_unsaid"}
    tamper("DELETE FROM decision WHERE state = 'adopted' AND id = %(id)s", id=record.decisions[0].id)
    assert codes(found()) == {"row_unsaid", "row_gone"}


def test_a_deposits_content_instant_and_code(record: Any) -> None:
    tamper("UPDATE submission SET content = content || '{\"project\": {}}' WHERE number = 1")
    assert {one["key"] for _, one in found()} == {"sha256"}
    tamper(
        "UPDATE submission SET submitted_at = submitted_at - interval '1 hour', receipt_code = 'X' || number"
    )
    assert {one["key"] for code, one in found() if code == "row_differs"} >= {"counts_at", "receipt"}


def test_votes_rolls_counts_and_minutes(record: Any) -> None:
    """Each alone, then what is told of it."""
    for change, kind, key in (
        ("UPDATE ballot SET choice = 'against' WHERE seat_id = (SELECT min(seat_id::text)::uuid FROM ballot)",
         "ballot", "choice"),
        ("UPDATE attendance SET presence = 'excused' WHERE presence = 'present'", "roll", "roll"),
        ("UPDATE motion SET result = result || '{\"votes_for\": 9}'", "count", "votes_for"),
        ("UPDATE minutes SET record = record || '{\"place\": \"Ailleurs\"}'", "minutes", "sha256"),
        ("UPDATE stored_file SET sha256 = repeat('0', 64) WHERE id IN (SELECT file_ar_id FROM minutes)",
         "minutes", "ar"),
    ):  # fmt: skip
        tamper(change)
        assert (kind, key) in {(one["kind"], one["key"]) for code, one in found() if code == "row_differs"}
    assert codes(found()) == {"row_differs"}
    tamper("DELETE FROM ballot", "DELETE FROM minutes")
    assert {one["kind"] for code, one in found() if code == "row_gone"} == {"ballot", "minutes"}


def test_an_events_data(record: Any) -> None:
    seq = asked(ADOPTED)
    tamper("UPDATE event SET data = data || '{\"amount_centimes\": 5}' WHERE seq = %(seq)s", seq=seq)
    faults = dict(found())
    assert faults["event_changed"]["seq"] == seq
    assert faults["event_changed"]["event"] == "decision.adopted"
    assert faults["row_differs"]["said"] == 5


def test_an_events_data_and_its_row_together(record: Any) -> None:
    """Row and event changed alike agree with each other, not with the seal."""
    seq, one = asked(ADOPTED), record.decisions[0]
    tamper(
        "UPDATE event SET data = data || '{\"rank\": 9}' WHERE seq = %(seq)s",
        "UPDATE decision SET rank = 9 WHERE id = %(id)s",
        seq=seq, id=one.id,
    )  # fmt: skip
    assert "event_changed" in codes(found())


@pytest.mark.parametrize(
    "change",
    ["at = at - interval '1 day'", "subject_id = gen_random_uuid()", "name = 'decision.set_aside'",
     "actor_id = gen_random_uuid()", "request_id = 'another'", "province_code = '09.541'"],
)  # fmt: skip
def test_any_other_part_of_an_event(record: Any, change: str) -> None:
    seq = asked("SELECT min(seq) FROM event WHERE name = 'motion.opened'")
    tamper(f"UPDATE event SET {change} WHERE seq = {seq}")
    assert ("event_changed", seq) in [(code, said.get("seq")) for code, said in found()]


def test_an_authors_name(record: Any) -> None:
    seq = asked(ADOPTED)
    tamper("UPDATE event SET actor_name = 'Personne' WHERE seq = %(seq)s", seq=seq)
    ((code, said),) = found()
    assert (code, said["seq"]) == ("author_changed", seq)
    # past its trigger, with the salt destroyed as an erasure does, but nobody asked to be erased
    tamper("UPDATE sealed_event SET name_salt = NULL WHERE event_seq = %(seq)s", seq=seq)
    ((code, said),) = found()
    assert (code, said["seq"]) == ("author_removed", seq)


def test_an_event_removed(record: Any) -> None:
    seq = asked(ADOPTED)
    tamper("DELETE FROM event WHERE seq = %(seq)s", seq=seq)
    assert ("event_missing", seq) in [(code, said.get("seq")) for code, said in found()]
    tamper("DELETE FROM sealed_event WHERE event_seq = %(seq)s", seq=seq)
    faults = found()
    assert {"seal_count", "seal_events"} <= codes(faults)
    assert "row_unsaid" in codes(faults)


def test_an_event_slipped_in_with_an_old_number(record: Any) -> None:
    seq = asked(ADOPTED)
    tamper("DELETE FROM event WHERE seq = 1", "DELETE FROM sealed_event WHERE event_seq = 1")
    tamper(
        "INSERT INTO event (id, seq, at, name, subject_type, subject_id, actor_name, request_id, data)"
        " OVERRIDING SYSTEM VALUE"
        " SELECT gen_random_uuid(), 1, at, name, subject_type, gen_random_uuid(), '', '', data"
        " FROM event WHERE seq = %(seq)s",
        seq=seq,
    )
    faults = found()
    assert ("event_behind", 1) in [(code, said.get("seq")) for code, said in faults]
    sealed()  # the next seal does not take it in
    assert ("event_behind", 1) in [(code, said.get("seq")) for code, said in found()]


def test_leaves_exchanged(record: Any) -> None:
    last = asked("SELECT max(number) FROM seal")
    tamper(
        "UPDATE sealed_event SET position = position + 1000 WHERE seal_number = %(n)s AND position < 2",
        "UPDATE sealed_event SET position = 1001 - position WHERE seal_number = %(n)s AND position > 999",
        n=last,
    )
    assert codes(found()) == {"seal_events"}


def test_events_exchanged(record: Any) -> None:
    """The contents of two events, each in the place of the other."""
    a, b = asked(ADOPTED), asked("SELECT max(seq) FROM event WHERE name = 'decision.adopted'")
    assert a != b
    tamper(
        "UPDATE event e SET data = o.data FROM event o"
        " WHERE (e.seq, o.seq) IN ((%(a)s, %(b)s), (%(b)s, %(a)s))",
        a=a, b=b,
    )  # fmt: skip
    assert {(code, said.get("seq")) for code, said in found()} >= {("event_changed", a), ("event_changed", b)}


def test_decisions_exchanged(record: Any) -> None:
    a, b = record.decisions[0], record.decisions[-1]
    tamper(
        "UPDATE decision d SET outcome = o.outcome, amount_centimes = o.amount_centimes FROM decision o"
        " WHERE (d.id, o.id) IN ((%(a)s, %(b)s), (%(b)s, %(a)s))",
        a=a.id, b=b.id,
    )  # fmt: skip
    assert len([one for code, one in found() if code == "row_differs" and one["key"] == "outcome"]) == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [("root = repeat('0', 64)", "seal_root"), ("at = at + interval '1 second'", "seal_root"),
     ("previous = repeat('0', 64)", "seal_chain"), ("count = count + 1", "seal_count"),
     ("events_root = repeat('0', 64)", "seal_events")],
)  # fmt: skip
def test_a_seal_itself(record: Any, change: str, code: str) -> None:
    last = asked("SELECT max(number) FROM seal")
    tamper(f"UPDATE seal SET {change} WHERE number = {last}")
    assert code in codes(found())


def test_a_seal_removed(record: Any) -> None:
    tamper("DELETE FROM seal WHERE number = 1")
    assert {"seal_missing", "seal_chain"} <= codes(found())


def test_the_last_seals_and_events_cut_off(record: Any) -> None:
    """Nothing inside shows it: a root, or a list, that somebody holds outside does."""
    kept = dict(enumerate(roots(), 1))
    last = max(kept)
    tamper(
        f"DELETE FROM event WHERE seq IN (SELECT event_seq FROM sealed_event WHERE seal_number = {last})",
        f"DELETE FROM sealed_event WHERE seal_number = {last}",
        f"DELETE FROM seal WHERE number = {last}",
    )
    assert "seal_cut" in codes(found(Published(seals=kept)))
    assert "root_absent" in codes(found(Published(roots=frozenset({kept[last]}))))


def rewrite(seq: int) -> None:
    """All that a superuser who knows the format can do: change an event, then every leaf and seal since."""

    engine = db.bind()
    assert isinstance(engine, Engine)
    changes: list[tuple[str, dict[str, Any]]] = []
    with engine.connect() as connection:
        row = connection.execute(
            select(SealedEvent.secret, SealedEvent.name_digest, *COLUMNS)
            .join(Event, Event.seq == SealedEvent.event_seq)
            .where(Event.seq == seq)
        ).one()
        leaf = told(row[2:]).leaf(row[0], row[1])
        change = "UPDATE sealed_event SET leaf = %(leaf)s WHERE event_seq = %(seq)s"
        changes.append((change, {"leaf": leaf, "seq": seq}))
        previous = None
        for seal in connection.execute(select(Seal.__table__).order_by(Seal.number)).mappings():
            nodes = connection.execute(
                select(SealedEvent.event_seq, SealedEvent.leaf)
                .where(SealedEvent.seal_number == seal["number"])
                .order_by(SealedEvent.position)
            ).all()
            tree = merkle.root(leaf if node[0] == seq else node[1] for node in nodes).hex()
            root = commitments.seal_root(seal["number"], seal["at"], seal["count"], previous, tree)
            change = (
                "UPDATE seal SET previous = %(p)s, events_root = %(t)s, root = %(r)s WHERE number = %(n)s"
            )
            changes.append((change, {"p": previous, "t": tree, "r": root, "n": seal["number"]}))
            previous = root
    for statement, params in changes:
        tamper(statement, **params)


def test_a_past_rewritten_with_every_seal_since(record: Any) -> None:
    """It agrees with itself; not with what was printed or exported before."""
    kept = dict(enumerate(roots(), 1))
    seq, one = asked(ADOPTED), record.decisions[0]
    number = asked("SELECT seal_number FROM sealed_event WHERE event_seq = %(seq)s", seq=seq)
    more = one.amount_centimes + 100
    tamper("UPDATE decision SET amount_centimes = %(m)s WHERE id = %(id)s", m=more, id=one.id)
    record_ = asked("SELECT data::text FROM event WHERE seq = %(seq)s", seq=seq)
    one.amount_centimes = more
    data = json.loads(record_) | {"amount_centimes": more, "sha256": commitments.digest(content(one))}
    tamper("UPDATE event SET data = %(d)s WHERE seq = %(seq)s", d=json.dumps(data), seq=seq)
    assert "event_changed" in codes(found())
    rewrite(seq)
    assert found() == []
    faults = found(Published(roots=frozenset({kept[max(kept)]}), seals=kept))
    assert {said["number"] for code, said in faults if code == "seal_other"} == set(
        range(number, max(kept) + 1)
    )
    assert "root_absent" in codes(faults)


def test_the_application_itself_may_not(committed: str) -> None:
    """Its role has no right to change or remove a seal, nor a salt."""
    for statement in (
        "UPDATE seal SET root = ''", "DELETE FROM seal", "UPDATE sealed_event SET name_salt = NULL",
        "DELETE FROM sealed_event", "TRUNCATE seal CASCADE", "UPDATE event SET data = '{}'",
    ):  # fmt: skip
        with psycopg.connect(committed.replace("+psycopg", "")) as connection:
            connection.execute("SET ROLE indh_app")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())
