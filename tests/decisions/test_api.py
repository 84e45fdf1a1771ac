"""The JSON edge of decisions."""

from typing import Any

import pytest

from backend.applications.models import Application
from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from tests.decisions import given
from tests.reviews import given as reviews

API = "/api/v1/decisions"


def test_from_the_proposal_to_the_adoption(world: Any, client: Any) -> None:
    reviews.scored(world, 3)
    session_id = given.an_open_session(world)
    officer, member, holder = client("officer"), client("second"), client("holder")
    body = {"session_id": str(session_id), "call_id": str(world.call)}
    key = {"idempotency-key": "one-proposal"}
    made = officer.post(f"{API}/propose", json=body, headers=key)
    assert made.status_code == 201
    assert officer.post(f"{API}/propose", json=body, headers=key).json() == made.json()
    assert [d["outcome"] for d in made.json()["decisions"]] == ["funded", "funded", "refused"]
    assert made.json()["left_centimes"] == reviews.ENVELOPE - 2 * reviews.REQUESTED
    assert made.json()["decisions"][0]["reasons"][0]["words"]["ar"]
    motion = officer.post(f"{API}/put-to-vote", json=body).json()["items"][0]["id"]
    for name in ("chair", "evaluator", "second"):
        vote = {"motion_id": motion, "seat_id": str(world.seats[name]), "choice": "for"}
        assert officer.post(f"{API}/vote", json=vote).json()["choice"] == "for"
    assert member.post(f"{API}/close-vote", json={"motion_id": motion}).status_code == 403
    assert holder.get(API).json()["items"] == []
    done = officer.post(f"{API}/close-vote", json={"motion_id": motion}).json()["items"]
    assert {d["state"] for d in done} == {"adopted"}
    assert officer.post(f"{API}/adopt", json={"motion_id": motion}).json() == {"items": []}
    assert holder.get(API).json()["items"] == [], "nobody learns before a person releases the letter"
    released = officer.post(f"{API}/calls/{world.call}/letters/release", json={})
    assert len(released.json()["items"]) == 3
    (hers,) = holder.get(API).json()["items"]
    assert hers["amount_centimes"] == reviews.REQUESTED
    assert hers["recused_seats"] == []
    assert holder.get(f"{API}/{hers['id']}").status_code == 200
    other = next(d for d in done if d["id"] != hers["id"])
    assert holder.get(f"{API}/{other['id']}").status_code == 404
    page = officer.get(f"{API}?call_id={world.call}&limit=2").json()
    rest = officer.get(f"{API}?call_id={world.call}&limit=2&cursor={page['next']}").json()
    assert [d["rank"] for d in page["items"] + rest["items"]] == [1, 2, 3]
    assert (
        len(officer.get(f"{API}?outcome=refused&state=adopted&session_id={session_id}").json()["items"]) == 1
    )
    assert holder.get(f"{API}?application_id={hers['application_id']}").json()["items"] == [hers]


def test_what_is_left_out_and_a_tied_chair(world: Any, client: Any) -> None:
    first, second = reviews.eligible(world, 2)
    for name in ("evaluator", "second"):
        reviews.signed(world, name, first)
    reviews.tied(world, "chair", world.tifaout)
    session_id = given.an_open_session(world)
    made = (
        client("chair")
        .post(f"{API}/propose", json={"session_id": str(session_id), "call_id": str(world.call)})
        .json()
    )
    assert made["decisions"] == [], "the chair is tied to the only holder concerned"
    assert [(o["application_id"], o["reason"]["code"]) for o in made["left_out"]] == [
        (str(second), "too_few_reviews")
    ]
    assert "seat_recused" not in str(made)


@pytest.mark.parametrize("name", ["officer", "chair"])
def test_what_is_left_does_not_tell_a_tied_runner_the_hidden_amount(
    world: Any, client: Any, name: str
) -> None:
    """The envelope less what she reads, less what is left: the amount of the one that she does not read."""
    dossiers = reviews.scored(world, 3)
    reviews.tied(world, name, world.tifaout)
    body = {"session_id": str(given.an_open_session(world)), "call_id": str(world.call)}
    browser = client(name)
    made = browser.post(f"{API}/propose", json=body).json()
    hidden = set(map(str, dossiers)) - {d["application_id"] for d in made["decisions"]}
    assert len(hidden) == 1
    assert made["left_centimes"] is None
    assert not any("left" in reason["params"] for d in made["decisions"] for reason in d["reasons"])


def test_a_dossier_of_a_tied_holder_is_not_among_those_left_out(world: Any, client: Any) -> None:
    (hers,) = reviews.eligible(world, 1)
    session_id = given.an_open_session(world)
    body = {"session_id": str(session_id), "call_id": str(world.call)}
    told = client("chair").post(f"{API}/propose", json=body).json()
    reviews.tied(world, "chair", world.tifaout)
    untold = client("chair").post(f"{API}/propose", json=body).json()
    assert (told["code"], untold["code"]) == ("nothing_to_propose", "nothing_to_propose")
    with transaction(SYSTEM) as tx:
        number = tx.session.get_one(Application, hers).number
    assert number in str(told)
    assert number not in str(untold)


def test_the_cost_of_a_list_does_not_grow(world: Any, client: Any, statements: Any) -> None:
    counts = []
    for number in (1, 3):
        vars(world).pop("call", None)
        reviews.a_call(world, code=f"agadir-{number}")
        given.proposed(world, number)
        officer = client("officer")
        with statements() as seen:
            officer.get(f"{API}?call_id={world.call}")
        counts.append(len(seen))
    assert counts == [3, 3]
