"""Loading, publishing, freezing and putting away a call."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.calls import commands, queries
from backend.calls.lifecycle import LIFECYCLE, Phase, phase
from backend.calls.models import Call, CallState
from backend.committees.models import Committee, CommitteeKind
from backend.core.actor import SYSTEM
from backend.core.clock import arriving
from backend.core.errors import Problem
from backend.core.events import Event
from backend.core.tx import transaction
from tests.calls import given
from tests.value_chains import given as chains
from tests.world import HERE, THERE

NOW = datetime.now(UTC)


def events(name: str) -> int:
    with transaction(SYSTEM) as tx:
        return tx.session.scalar(select(func.count()).where(Event.name == name)) or 0


def refused(actor: Any, work: Any) -> Problem:
    with pytest.raises(Problem) as refusal, transaction(actor) as tx:
        work(tx)
    return refusal.value


def test_a_file_becomes_a_draft_and_the_same_content_nothing_more(world: Any) -> None:
    first = given.draft(world)
    with transaction(world.officer) as tx:
        again = commands.load(tx, given.call_file(), b"the same")
    assert (again.id, again.version, again.state) == (first.id, 1, CallState.DRAFT)
    assert (events("call.loaded"), events("call.replaced")) == (1, 0)


def test_a_draft_is_replaced_by_another_content(world: Any) -> None:
    first = given.draft(world)
    title = {"fr": "Un autre titre", "ar": "عنوان آخر"}
    with transaction(world.officer) as tx:
        again = commands.load(tx, given.call_file(title=title), b"source")
    assert (again.id, again.title, again.version) == (first.id, title, 2)
    assert again.definition_sha256 != first.definition_sha256
    with transaction(SYSTEM) as tx:
        event = tx.session.scalars(select(Event).where(Event.name == "call.replaced")).one()
        assert len(event.data["source_sha256"]) == 64


def test_published_is_frozen(world: Any) -> None:
    call = given.published(world)
    assert (call.state, call.committee_id) == (CallState.PUBLISHED, world.committee)
    assert call.published_at is not None
    other = given.call_file(title={"fr": "Autre", "ar": "آخر"})
    refusal = refused(world.officer, lambda tx: commands.load(tx, other))
    assert (refusal.code, refusal.status) == ("call_frozen", 409)
    with transaction(world.officer) as tx:
        assert commands.load(tx, given.call_file()).id == call.id


def test_publishing_twice_says_the_state(world: Any) -> None:
    call = given.published(world)
    refusal = refused(world.officer, lambda tx: commands.publish(tx, call.id))
    assert (refusal.code, refusal.status) == ("wrong_state", 409)


def test_the_issuers_committee_is_preferred(world: Any) -> None:
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        names = {"fr": "CPDH", "ar": "اللجنة الإقليمية للتنمية البشرية"}
        cpdh = Committee(
            province_code=HERE, kind=CommitteeKind.CPDH, name=names, order_number="1", ordered_on=NOW.date()
        )
        tx.session.add(cpdh)
    assert given.published(world).committee_id == cpdh.id


@pytest.mark.parametrize("name", ["stranger", "holder", "evaluator", "chair", "auditor", "administrator"])
def test_only_the_provinces_officers_load_and_publish(world: Any, name: str) -> None:
    assert refused(world.people[name], lambda tx: commands.load(tx, given.call_file())).status == 403
    call = given.draft(world)
    refusal = refused(world.people[name], lambda tx: commands.publish(tx, call.id))
    assert refusal.status == (403 if name in ("auditor", "administrator") else 404)


def test_a_draft_is_seen_by_officers_and_overseers_only(world: Any) -> None:
    call = given.draft(world)
    seen = {}
    for name, actor in world.people.items():
        with transaction(actor) as tx:
            seen[name] = bool(queries.listed(tx).items)
    assert {name for name, sees in seen.items() if sees} == {
        "officer",
        "auditor",
        "administrator",
        "coordination",
    }
    with transaction(world.holder) as tx, pytest.raises(Problem):
        queries.by_code(tx, call.code)


def test_an_archived_draft_stays_private(world: Any) -> None:
    call = given.draft(world)
    with transaction(world.officer) as tx:
        assert commands.archive(tx, call.id).state is CallState.ARCHIVED
    with transaction(world.holder) as tx:
        assert not queries.listed(tx).items


def test_a_running_call_is_neither_archived_nor_decided(world: Any) -> None:
    call = given.published(world)
    assert refused(world.officer, lambda tx: commands.archive(tx, call.id)).code == "call_still_running"
    with arriving(at=NOW + timedelta(days=30)), transaction(world.chair) as tx:
        locked = tx.get(Call, call.id, "call.decide")
        assert LIFECYCLE.available(tx, locked) == ["decide"]
        LIFECYCLE.fire(tx, locked, "decide")
    with arriving(at=NOW + timedelta(days=30)), transaction(world.officer) as tx:
        assert commands.archive(tx, call.id).state is CallState.ARCHIVED


def test_from_the_window_to_the_archive(world: Any) -> None:
    call = given.published(world)
    assert refused(world.officer, lambda tx: commands.review(tx, call.id)).code == "call_still_running"
    with arriving(at=call.closes_at + timedelta(seconds=1)):
        for name in ("stranger", "chair", "auditor"):
            assert refused(world.people[name], lambda tx: commands.review(tx, call.id)).status == 403
        with transaction(world.officer) as tx:
            found = LIFECYCLE.available(tx, tx.get(Call, call.id, "call.read"))
            assert found == ["review", "decide", "archive"]
            commands.review(tx, call.id)
        assert events("call.review_started") == 1
        assert refused(world.officer, lambda tx: commands.review(tx, call.id)).code == "wrong_state"
        with transaction(world.holder) as tx:
            seen = tx.get(Call, call.id, "call.read")
            assert seen.state is CallState.IN_REVIEW
            assert queries.closed_calls(tx)
            assert not queries.is_open(seen, call.opens_at)
        with transaction(world.chair) as tx:
            locked = tx.get(Call, call.id, "call.decide")
            LIFECYCLE.fire(tx, locked, "decide")
        with transaction(world.officer) as tx:
            assert commands.archive(tx, call.id).state is CallState.ARCHIVED


def test_another_province_cannot_take_the_code(world: Any) -> None:
    given.draft(world)
    refusal = refused(world.stranger, lambda tx: commands.load(tx, given.call_file(province=THERE)))
    assert refusal.code == "call_code_taken"


def test_a_province_without_committee_or_priorities_cannot_publish(world: Any) -> None:
    chains.chains()
    with transaction(world.stranger) as tx:
        call = commands.load(tx, given.call_file(province=THERE, code="taroudannt"))
    assert refused(world.stranger, lambda tx: commands.publish(tx, call.id)).code == "call_without_committee"
    with transaction(world.officer) as tx:
        call = commands.load(tx, given.call_file())
    assert refused(world.officer, lambda tx: commands.publish(tx, call.id)).code == "call_without_priorities"


def test_a_call_for_any_chain_needs_no_list(world: Any) -> None:
    with transaction(world.officer) as tx:
        call = commands.load(tx, given.call_file(chains="any"))
    with transaction(world.officer) as tx:
        assert commands.publish(tx, call.id).state is CallState.PUBLISHED


@pytest.mark.parametrize(
    ("change", "code"),
    [({"envelope_centimes": 0}, "call_envelope_empty"), ({"closes_at": None}, "call_window_invalid")],
)
def test_what_the_file_reader_would_refuse_is_checked_again(
    world: Any, change: dict[str, Any], code: str
) -> None:
    call = given.draft(world)
    for name, value in change.items():
        setattr(call, name, value if value is not None else call.opens_at)
    with transaction(world.officer) as tx:
        guards = LIFECYCLE.transitions["publish"].requires
        assert [refusal.code for guard in guards if (refusal := guard(tx, call))] == [code]


def test_a_call_that_is_over_is_not_published(world: Any) -> None:
    call = given.draft(world, opens_at=NOW - timedelta(days=9), closes_at=NOW - timedelta(days=2))
    refusal = refused(world.officer, lambda tx: commands.publish(tx, call.id))
    assert (refusal.code, refusal.status) == ("call_window_past", 409)
    with arriving(at=call.closes_at + timedelta(microseconds=1)):
        assert refused(world.officer, lambda tx: commands.publish(tx, call.id)).code == "call_window_past"
    with arriving(at=call.closes_at), transaction(world.officer) as tx:
        assert commands.publish(tx, call.id).state is CallState.PUBLISHED


def test_named_chains_and_the_province_must_exist(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    file = given.call_file(chains=["argan", "olive"])
    refusal = refused(world.officer, lambda tx: commands.load(tx, file))
    assert (refusal.code, refusal.params) == ("unknown_chain", {"chains": "argan, olive"})
    chains.chains()
    with transaction(world.officer) as tx:
        assert commands.load(tx, file).definition["chains"] == ["argan", "olive"]
    nowhere = given.call_file().model_copy(update={"province": "99.999", "code": "nowhere"})
    assert refused(SYSTEM, lambda tx: commands.load(tx, nowhere)).code == "unknown_province"


def test_the_closing_instant_is_in_time_and_the_next_is_not(world: Any) -> None:
    call = given.published(world)
    tick = timedelta(microseconds=1)
    assert phase(call, call.opens_at - tick) is Phase.UPCOMING
    assert phase(call, call.opens_at) is Phase.OPEN
    assert phase(call, call.closes_at) is Phase.OPEN
    assert phase(call, call.closes_at + tick) is Phase.CLOSED
    assert queries.is_open(call, call.closes_at)
    assert not queries.is_open(call, call.closes_at + tick)
    for at, wanted in (
        (call.opens_at - tick, "upcoming"),
        (call.closes_at, "open"),
        (call.closes_at + tick, "closed"),
    ):
        with arriving(at=at), transaction(world.holder) as tx:
            found = {one.value for one in Phase if queries.listed(tx, wanted=one).items}
            assert found == {wanted}
            lists = {
                "open": queries.open_calls,
                "upcoming": queries.upcoming_calls,
                "closed": queries.closed_calls,
            }
            assert {name for name, read in lists.items() if read(tx)} == {wanted}


def test_open_calls_of_a_province(world: Any) -> None:
    call = given.published(world)
    with transaction(world.holder) as tx:
        assert [one.call.id for one in queries.open_calls(tx, HERE)] == [call.id]
        assert queries.open_calls(tx, THERE) == []


def test_a_definition_is_read_once_for_a_content(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "_kept", {})
    monkeypatch.setattr(queries, "KEPT", 1)
    call = given.draft(world)
    file = queries.definition(call)
    assert file == given.call_file()
    assert queries.definition(call) is file
    with transaction(world.officer) as tx:
        other = commands.load(tx, given.call_file(code="another"))
    assert queries.definition(other).code == "another"
    assert queries.definition(call) is not file


def test_rules_in_plain_words() -> None:
    rules = queries.rules_in_words(given.call_file())
    assert {rule.code for rule in rules} >= {"legal_form", "indh_share", "in_kind_share"}
    assert all(rule.words["fr"].endswith(".") and rule.words["ar"] for rule in rules)
