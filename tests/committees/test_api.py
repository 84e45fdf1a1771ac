"""Committees over JSON: from the governor's order to a vote."""

from typing import Any
from uuid import uuid4

import pytest

from tests.committees import given
from tests.world import HERE

WORDS = {"fr": "Comité provincial", "ar": "اللجنة الإقليمية"}
COMMITTEE = {
    "province_code": HERE,
    "kind": "cpdh",
    "name": WORDS,
    "order_number": "7/2023",
    "ordered_on": "2023-05-02",
}
ROOT = "/api/v1"


def test_from_the_order_to_the_vote(world: Any, client: Any) -> None:
    officer, chair = client("officer"), client("chair")
    made = officer.post(f"{ROOT}/committees", json=COMMITTEE, headers={"Idempotency-Key": "committee-1"})
    assert made.status_code == 201, made.text
    where = f"{ROOT}/committees/{made.json()['id']}"
    for name in ("chair", "evaluator"):
        seat = {
            "person_id": str(world.people[name].id),
            "college": "elected",
            "body": WORDS,
            "from_on": "2023-05-02",
            "chairs": name == "chair",
        }
        assert officer.post(f"{where}/seats", json=seat).status_code == 201
    rules = {"effective_on": "2023-06-01", "quorum": {"of": 2, "over": 3}, "casting_vote": False}
    assert officer.post(f"{where}/procedures", json=rules).json()["number"] == 2
    shown = client(None).get(where).json()
    assert [seat["person"] for seat in shown["seats"]] == ["Chair", "Evaluator"]
    assert [rules["number"] for rules in shown["procedures"]] == [2, 1]

    body = {"committee_id": made.json()["id"], "scheduled_at": "2044-03-01T10:00:00+01:00", "place": "Siège"}
    session = chair.post(f"{ROOT}/committee-sessions", json=body)
    assert session.status_code == 201, session.text
    assert (session.json()["number"], session.json()["verbs"]) == ("2044-01", ["cancel"])
    there = f"{ROOT}/committee-sessions/{session.json()['id']}"
    read = officer.get(there)
    roll = {"presences": {seat["seat_id"]: "present" for seat in read.json()["roll"]}}
    assert officer.put(f"{there}/attendance", json=roll).status_code == 428
    noted = officer.put(f"{there}/attendance", json=roll, headers={"If-Match": read.headers["etag"]})
    assert (noted.status_code, noted.json()["verbs"]) == (200, ["open", "cancel"])
    stale = officer.put(f"{there}/attendance", json=roll, headers={"If-Match": read.headers["etag"]})
    assert stale.status_code == 412
    assert chair.post(f"{there}/open").json()["quorum"] == {
        "seats": 2,
        "present": 2,
        "needed": 2,
        "reached": True,
    }

    motion = chair.post(f"{there}/motions", json={"text": WORDS}).json()
    votes = f"{ROOT}/motions/{motion['id']}"
    ballot = {"seat_id": read.json()["roll"][1]["seat_id"], "choice": "for"}
    key = {"Idempotency-Key": "ballot-1"}
    assert client("evaluator").post(f"{votes}/ballots", json=ballot, headers=key).status_code == 201
    assert (
        client("evaluator")
        .post(f"{votes}/ballots", json=ballot, headers={"Idempotency-Key": "ballot-2"})
        .status_code
        == 201
    )
    changed = client("evaluator").post(f"{votes}/ballots", json=ballot | {"choice": "against"})
    assert (changed.status_code, changed.json()["code"]) == (409, "already_voted")
    assert chair.post(f"{there}/close").json()["code"] == "motion_pending"
    closed = chair.post(f"{votes}/close").json()
    assert (closed["state"], closed["votes_for"], closed["ballots"]) == (
        "adopted",
        1,
        {ballot["seat_id"]: "for"},
    )
    assert officer.get(votes).json() == closed
    assert chair.post(f"{there}/close").json()["state"] == "closed"


def test_no_quorum_says_the_numbers(world: Any, client: Any) -> None:
    session = given.session(world)
    answer = client("officer").post(f"{ROOT}/committee-sessions/{session.id}/open")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_quorum")
    assert answer.json()["params"] == {"needed": 3, "present": 0, "seats": 5}
    assert "5" in answer.json()["detail"]


def test_ending_a_mandate(world: Any, client: Any) -> None:
    where = f"{ROOT}/committees/{world.committee}/seats/{world.seats['third']}/end"
    answer = client("officer").post(where, json={"until_on": "2023-01-01"})
    assert len(answer.json()["seats"]) == 4
    assert client("stranger").post(where, json={"until_on": "2023-01-01"}).status_code == 403


def test_lists(world: Any, client: Any, statements: Any) -> None:
    for _ in range(3):
        given.session(world)
    officer = client("officer")
    page = officer.get(
        f"{ROOT}/committee-sessions", params={"limit": 2, "committee": str(world.committee)}
    ).json()
    assert [len(page["items"]), bool(page["next"])] == [2, True]
    rest = officer.get(f"{ROOT}/committee-sessions", params={"cursor": page["next"]}).json()
    assert (len(rest["items"]), rest["next"]) == (1, None)
    counts = []
    for limit in (1, 3):
        with statements() as seen:
            officer.get(f"{ROOT}/committee-sessions", params={"limit": limit})
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 3
    assert client("stranger").get(f"{ROOT}/committee-sessions").json()["items"] == []
    listed = client(None).get(f"{ROOT}/committees", params={"province": HERE}).json()["items"]
    assert [one["id"] for one in listed] == [str(world.committee)]


def test_a_session_costs_the_same_whatever_its_motions(world: Any, client: Any, statements: Any) -> None:
    session = given.open_session(world)
    officer = client("officer")
    counts = []
    for _ in range(2):
        given.motion(world, session.id)
        with statements() as seen:
            officer.get(f"{ROOT}/committee-sessions/{session.id}")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/committees", COMMITTEE | {"kind": "club"}),
        ("/committees", COMMITTEE | {"name": {"fr": "Comité"}}),
        ("/committees", COMMITTEE | {"more": 1}),
        ("/committee-sessions", {"committee_id": "x", "scheduled_at": "2024-03-01T10:00:00Z"}),
        ("/committee-sessions", {"committee_id": str(uuid4()), "scheduled_at": "2024-03-01T10:00:00"}),
        (
            "/committees/{committee}/procedures",
            {"effective_on": "2024-01-01", "quorum": {"of": 3, "over": 2}},
        ),
        (
            "/committees/{committee}/procedures",
            {"effective_on": "2024-01-01", "majority": {"of": 1, "over": 0}},
        ),
        ("/committees/{committee}/seats", {"person_id": str(uuid4()), "college": "state"}),
        ("/committee-sessions/{session}/motions", {"text": {"fr": " ", "ar": "نعم"}}),
    ],
)
def test_bad_bodies(world: Any, client: Any, path: str, body: dict[str, Any]) -> None:
    where = path.format(committee=world.committee, session=given.session(world).id)
    assert client("officer").post(f"{ROOT}{where}", json=body).status_code == 422


def test_nobody_signed_in(world: Any, client: Any) -> None:
    session = given.session(world)
    visitor = client(None)
    assert visitor.post(f"{ROOT}/committees", json=COMMITTEE).status_code == 401
    assert visitor.get(f"{ROOT}/committee-sessions/{session.id}").status_code == 401
    assert visitor.get(f"{ROOT}/committees/{uuid4()}").status_code == 404
    assert client("holder").get(f"{ROOT}/committee-sessions/{session.id}").status_code == 404
