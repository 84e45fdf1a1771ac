"""Notes of visits and presentations: who writes, who reads, what is refused, nothing is lost."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update

from backend.calls.models import Call
from backend.core.actor import SYSTEM
from backend.core.errors import Problem
from backend.core.tx import transaction
from backend.reviews import commands, queries
from backend.reviews.models import FieldNote
from backend.reviews.schemas import FieldNoteIn, FieldNotePatch
from tests.reviews import given
from tests.reviews.test_commands import events, refused

API = "/api/v1"
TODAY = datetime.now(UTC).date()
SAID = {"kind": "visit", "held_on": TODAY.isoformat(), "present": "Le bureau", "words": "Le local est prêt."}


def noted(world: Any, name: str, application_id: Any) -> FieldNote:
    with transaction(world.people[name]) as tx:
        return commands.write_note(tx, application_id, FieldNoteIn.model_validate(SAID))


def test_who_judges_and_who_leads_write_and_read(world: Any) -> None:
    mine = given.opened(world)
    for name in ("evaluator", "officer", "chair"):
        noted(world, name, mine.application_id)
    for name in ("evaluator", "officer", "chair", "auditor"):
        with transaction(world.people[name]) as tx:
            assert len(queries.notes_of(tx, mine.application_id, blind=False)) == 3
    assert len(events("field_note.written")) == 3


@pytest.mark.parametrize("name", ["second", "third", "holder", "auditor", "stranger", "coach", "agent"])
def test_nobody_else_writes(world: Any, name: str) -> None:
    mine = given.opened(world)
    given.assigned(world, "third", application_id=mine.application_id)  # who has not declared yet
    with pytest.raises(Problem) as refusal:
        noted(world, name, mine.application_id)
    assert refusal.value.status in (403, 404)


@pytest.mark.parametrize("name", ["evaluator", "officer", "chair"])
def test_who_is_tied_writes_and_reads_nothing(world: Any, client: Any, name: str) -> None:
    mine = given.opened(world)
    note = noted(world, "evaluator", mine.application_id)
    given.tied(world, name, world.tifaout)
    with pytest.raises(Problem):
        noted(world, name, mine.application_id)
    assert client(name).get(f"{API}/field-notes/{note.id}").status_code == 404
    assert client(name).get(f"{API}/applications/{mine.application_id}/field-notes").status_code == 404


def test_a_chair_who_has_it_to_judge_reads_none_before_declaring(world: Any) -> None:
    mine = given.opened(world)
    noted(world, "evaluator", mine.application_id)
    from backend.people.models import Role, RoleGrant

    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.add(
            RoleGrant(
                person_id=world.chair.id, role=Role.EVALUATOR, province_code=mine.province_code,
                granted_at=tx.now,
            )
        )  # fmt: skip
    given.assigned(world, "chair", application_id=mine.application_id)
    with transaction(world.chair) as tx:
        assert queries.notes_of(tx, mine.application_id, blind=False) == []


def test_over_json(world: Any, client: Any) -> None:
    mine = given.opened(world)
    browser = client("evaluator")
    path = f"{API}/applications/{mine.application_id}/field-notes"
    made = browser.post(path, json=SAID, headers={"idempotency-key": "one-note-only"})
    assert made.status_code == 201
    assert browser.post(path, json=SAID, headers={"idempotency-key": "one-note-only"}).json() == made.json()
    assert [one["id"] for one in browser.get(path).json()["items"]] == [made.json()["id"]]
    one = f"{API}/field-notes/{made.json()['id']}"
    tag = browser.get(one).headers["etag"]
    assert browser.patch(one, json={"words": "Prêt."}).status_code == 428
    done = browser.patch(one, json={"words": "Prêt.", "held_on": None}, headers={"if-match": tag})
    assert (done.json()["words"], done.json()["version"]) == ("Prêt.", 2)
    assert browser.patch(one, json={"words": "x"}, headers={"if-match": tag}).status_code == 412
    same = browser.patch(one, json={"words": "Prêt."}, headers={"if-match": done.headers["etag"]})
    assert same.json()["version"] == 2
    assert client("officer").patch(one, json={"words": "x"}, headers={"if-match": '"2"'}).status_code == 403
    assert browser.delete(one).status_code == 405
    for wrong in ({"words": ""}, {"kind": "gossip"}, {"held_on": "demain"}, {"words": "x" * 8001}):
        assert browser.post(path, json=SAID | wrong).status_code == 422
    later = (TODAY + timedelta(days=2)).isoformat()
    assert browser.post(path, json=SAID | {"held_on": later}).json()["errors"][0]["code"] == "held_later"
    assert browser.post(f"{API}/applications/{uuid4()}/field-notes", json=SAID).status_code == 404


def test_notes_move_no_more_once_the_call_is_decided(world: Any) -> None:
    mine = given.opened(world)
    note = noted(world, "evaluator", mine.application_id)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(update(Call).values(state="decided"))
    with pytest.raises(Problem, match="reviews_closed"):
        noted(world, "evaluator", mine.application_id)
    with transaction(world.evaluator) as tx, refused("reviews_closed", 409):
        commands.edit_note(tx, note.id, FieldNotePatch(words="Autre"), None)
