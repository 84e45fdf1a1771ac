"""A proof of one event: exact, offline, and silent on everything else."""

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from backend.applications import commands
from backend.committees import commands as committees
from backend.committees.models import Minutes
from backend.core.actor import ANONYMOUS, SYSTEM
from backend.core.errors import Problem
from backend.core.seals import SealedEvent
from backend.core.tx import transaction
from backend.decisions.models import Decision, DecisionOutcome, Publication
from backend.seals import proof, queries
from tests.applications import given as applications
from tests.decisions import given as decisions
from tests.seals.given import made_up, sealed

HOLDS = json.dumps(made_up())


def text(found: Any) -> str:
    return json.dumps(found.model_dump(mode="json"))


@pytest.fixture
def decided(world: Any) -> list[Decision]:
    made = decisions.adopted(world)
    sealed()
    return made


def published(call_id: Any, who: Any) -> None:
    """The results of the call are public."""
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.add(
            Publication(call_id=call_id, province_code="09.001", published_at=tx.now, published_by=who.id)
        )


def test_a_decisions_reader_gets_all_that_it_says(world: Any, decided: list[Decision]) -> None:
    one = decided[0]
    with transaction(world.officer) as tx:
        found = queries.of_decision(tx, one.id)
    verdict = proof.verify(text(found))
    assert verdict.ok
    assert verdict.event["name"] == "decision.adopted"
    assert verdict.event["subject_id"] == str(one.id)
    assert verdict.said["outcome"] == one.outcome == DecisionOutcome.FUNDED
    assert verdict.said["amount_centimes"] == one.amount_centimes
    assert verdict.said["application"] == str(one.application_id)
    assert verdict.record is not None
    assert verdict.record["rank"] == one.rank
    assert verdict.record["reasons"] == one.reasons
    assert not verdict.anchored


def test_before_the_seal_there_is_none(world: Any) -> None:
    made = decisions.adopted(world)[0]
    with transaction(world.officer) as tx, pytest.raises(Problem, match="not_sealed_yet"):
        queries.of_decision(tx, made.id)


def test_a_proposal_is_not_in_the_record(world: Any) -> None:
    made = decisions.proposed(world).decisions[0]
    sealed()
    with transaction(world.officer) as tx, pytest.raises(Problem, match="not_in_the_trail"):
        queries.of_decision(tx, made.id)


def test_once_published_anybody_gets_the_outcome_and_no_more(world: Any, decided: list[Decision]) -> None:
    one = decided[0]
    with transaction(ANONYMOUS) as tx, pytest.raises(Problem, match="not_found"):
        queries.of_decision(tx, one.id)
    with transaction(world.stranger) as tx, pytest.raises(Problem, match="not_found"):
        queries.of_decision(tx, one.id)
    published(one.call_id, world.officer)
    with transaction(ANONYMOUS) as tx:
        found = queries.of_decision(tx, one.id)
    verdict = proof.verify(text(found))
    assert verdict.ok
    assert set(verdict.said) == {"outcome", "amount_centimes", "application"}
    assert (found.record, verdict.record) == (None, None)
    written = text(found)
    for reason in one.reasons:
        assert json.dumps(reason) not in written
    for actor in world.people.values():
        assert str(actor.id) not in written
        assert f'"{actor.name}"' not in written


def test_a_proof_tells_nothing_of_other_events(world: Any, decided: list[Decision]) -> None:
    """Non-interference: what it shows of others are hashes under salts that it does not give."""
    with transaction(world.officer) as tx:
        found = queries.of_decision(tx, decided[0].id)
        mine = json.loads(text(found))
        rows = tx.session.execute(
            select(SealedEvent.event_seq, SealedEvent.secret, SealedEvent.name_salt)
        ).all()
    written = json.dumps(mine)
    for _, secret, salt in rows:
        assert secret.hex() not in written
        assert salt.hex() not in written
    others = [one for one in decided if one.id != decided[0].id]
    assert others
    for one in others:
        assert str(one.id) not in written
        assert str(one.application_id) not in written
    # all that is not of this event are digests
    assert {len(one) for one in (*mine["event"]["hidden"], *mine["leaf"]["path"])} == {64}
    assert set(mine) == {"format", "event", "leaf", "seal", "record"}


def test_a_receipt_is_proven_to_who_has_its_code(world: Any) -> None:
    made = applications.submitted(world)
    sealed()
    assert made.receipt_code
    with transaction(ANONYMOUS) as tx:
        found = queries.of_receipt(tx, made.receipt_code.lower().replace("-", " "))
    verdict = proof.verify(text(found))
    assert verdict.ok
    assert verdict.said["sha256"] == made.content_sha256
    assert verdict.said["receipt"] == made.receipt_code
    mistyped = made.receipt_code[:-1] + ("Y" if made.receipt_code.endswith("Z") else "Z")
    for wrong in ("", "ABCD", "0000-0000-0000", mistyped):
        with transaction(ANONYMOUS) as tx, pytest.raises(Problem, match="not_found"):
            queries.of_receipt(tx, wrong)


def test_minutes_are_proven_to_their_readers(world: Any, decided: list[Decision]) -> None:
    with transaction(world.officer) as tx:
        committees.close_session(tx, world.session)
    sealed()
    with transaction(world.chair) as tx:
        minutes = tx.session.scalars(select(Minutes)).one()
        found = queries.of_minutes(tx, minutes.id)
    verdict = proof.verify(text(found))
    assert verdict.ok
    assert verdict.said["sha256"] == minutes.record_sha256
    assert (verdict.said["number"], verdict.said["version"]) == (minutes.number, 1)
    assert len(verdict.said["fr"]) == len(verdict.said["ar"]) == 64
    assert verdict.record is None
    for actor in (ANONYMOUS, world.stranger, world.holder):
        with transaction(actor) as tx, pytest.raises(Problem, match="not_found"):
            queries.of_minutes(tx, minutes.id)


def test_each_version_of_a_dossier_has_its_own(world: Any) -> None:
    made = applications.submitted(world)
    first = made.receipt_code or ""
    applications.changed(world, made)
    with transaction(world.holder) as tx:
        again = commands.submit(tx, made.id)
    sealed()
    assert again.receipt_code != first
    with transaction(ANONYMOUS) as tx:
        numbers = [
            proof.verify(text(queries.of_receipt(tx, code))).said["number"]
            for code in (first, again.receipt_code or "")
        ]
    assert numbers == [1, 2]


def test_a_proof_costs_the_same_however_many_events_its_seal_has(world: Any, statements: Any) -> None:
    made = applications.submitted(world)
    sealed()
    with transaction(ANONYMOUS) as tx:
        queries.of_receipt(tx, made.receipt_code or "")
        with statements() as seen:
            queries.of_receipt(tx, made.receipt_code or "")
    assert len(seen) == 4, seen


CHANGES = [
    ("event.shown.0.2.subject_id", "00000000-0000-7000-8000-000000000009", "not_in_tree"),
    ("event.shown.0.2.at", "2026-03-10T16:30:00.000001Z", "not_in_tree"),
    ("event.shown.1.2", "refused", "not_in_tree"),
    ("event.shown.1.0", "12" * 16, "not_in_tree"),
    ("event.shown.1.1", "data.outcomes", "not_in_tree"),
    ("event.hidden.0", "23" * 32, "not_in_tree"),
    ("event.hidden", [], "not_in_tree"),
    ("leaf.index", 0, "not_in_tree"),
    ("leaf.index", 9, "not_in_tree"),
    ("leaf.index", -1, "not_in_tree"),
    ("leaf.path.0", "44" * 32, "not_in_tree"),
    ("leaf.path", [], "not_in_tree"),
    ("seal.count", 4, "seal_root"),
    ("seal.count", 0, "not_in_tree"),
    ("seal.events_root", "55" * 32, "not_in_tree"),
    ("seal.number", 8, "seal_root"),
    ("seal.at", "2026-03-10T17:00:00.000001Z", "seal_root"),
    ("seal.previous", None, "seal_root"),
    ("seal.root", "66" * 32, "seal_root"),
    ("record", {}, "record_alone"),
    ("format", "indh-proof-2", "unreadable"),
    ("event", None, "unreadable"),
    ("event.shown", [], "unreadable"),
    ("event.shown.0", ["00", "event"], "unreadable"),
    ("event.shown.0.2", {"id": 1}, "unreadable"),
    ("event.shown.1.1", "event", "unreadable"),
    ("event.hidden", "x", "unreadable"),
    ("event.hidden.0", "zz" * 32, "unreadable"),
    ("leaf.index", "1", "unreadable"),
    ("leaf.index", True, "unreadable"),
    ("leaf.path.0", 3, "unreadable"),
    ("leaf", [], "unreadable"),
    ("seal", {}, "unreadable"),
    ("seal.number", "7", "unreadable"),
    ("seal.root", "ROOT", "unreadable"),
    ("record", [], "unreadable"),
    ("more", 1, "unreadable"),
]


@pytest.mark.parametrize(("where", "value", "code"), CHANGES)
def test_one_thing_changed_is_found(where: str, value: Any, code: str) -> None:
    assert proof.verify(HOLDS).ok
    changed: Any = made_up()
    *way, last = where.split(".")
    place = changed
    for step in way:
        place = place[int(step)] if step.isdigit() else place[step]
    place[int(last) if last.isdigit() else last] = value
    found = proof.verify(json.dumps(changed))
    assert code in {fault.code for fault in found.faults}
    assert found.readable == (code != "unreadable")


def test_parts_in_another_order_are_the_same_event() -> None:
    changed: Any = made_up()
    changed["event"]["shown"].reverse()
    assert proof.verify(json.dumps(changed, indent=4)).ok


@pytest.mark.parametrize(
    "wrong",
    ["", "[]", "null", "{", '{"format": NaN}', '{"a": 1, "a": 2}', "[" * 100_000, b"\xff\xfe", '"\\ud800"',
     '{"format": "\\ud800"}', "1" * 10_000],
)  # fmt: skip
def test_what_is_no_proof(wrong: str | bytes) -> None:
    assert [fault.code for fault in proof.verify(wrong).faults] == ["unreadable"]


@given(st.data())
def test_nothing_makes_it_fail(data: st.DataObject) -> None:
    """Any value anywhere: an answer, and never that it holds unless nothing was changed."""
    changed: Any = made_up()
    place: Any = changed
    while isinstance(place, dict | list) and place:
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            break
        place = place[key]
    leaf = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=70)
    value = data.draw(
        leaf | st.lists(leaf, max_size=3) | st.dictionaries(st.text(max_size=5), leaf, max_size=2)
    )
    before = deepcopy(changed)
    place[key] = value
    try:
        written = json.dumps(changed)
    except ValueError:
        return
    same = json.dumps(before) == written
    assert proof.verify(written).ok == same


def test_a_root_known_otherwise() -> None:
    root = made_up()["seal"]["root"]
    right = proof.verify(HOLDS, " ".join(root.upper()[i : i + 8] for i in range(0, 64, 8)))
    assert (right.ok, right.anchored) == (True, True)
    assert [one.code for one in proof.verify(HOLDS, "00" * 32).faults] == ["root_differs"]


def test_a_list_of_seals_known_otherwise(world: Any, decided: list[Decision]) -> None:
    applications.submitted(world, applications.open_call(world, code="agadir-more"))
    sealed()
    with transaction(world.officer) as tx:
        found = text(queries.of_decision(tx, decided[0].id))
        seals = [one.model_dump() for one in queries.exported(tx)]
    assert len(seals) > 1

    def listed(rows: Any) -> str:
        return json.dumps({"format": "indh-seals-1", "seals": rows})

    def codes(rows: Any, root: str | None = None) -> list[str]:
        return [one.code for one in proof.verify(found, root, listed(rows)).faults]

    assert codes(seals) == []
    assert codes(seals, seals[-1]["root"]) == [], "a later root stands for what is before it"
    assert codes(seals, "00" * 32) == ["root_not_listed"]
    mine = json.loads(found)["seal"]["number"]
    assert codes([one for one in seals if one["number"] > mine]) == ["list_lacks"]
    assert "list_broken" in codes(seals[::-1])
    changed = deepcopy(seals)
    changed[0]["count"] += 1
    assert "list_broken" in codes(changed)
    for wrong in ("{}", "[]", listed(3), listed([{}]), listed([seals[0] | {"root": 3}])):
        assert [one.code for one in proof.verify(found, None, wrong).faults] == ["list_unreadable"]
    other = json.loads(HOLDS)
    rows = [one | {"number": other["seal"]["number"]} for one in seals[:1]]
    assert "list_differs" in [one.code for one in proof.verify(HOLDS, None, listed(rows)).faults]
