"""What evaluators know, and where they come from: said by themselves or by their officer."""

from typing import Any

import pytest

from backend.core.tx import transaction
from backend.reviews import commands, queries
from tests.reviews import given
from tests.reviews.test_commands import events, refused
from tests.world import COMMUNE

API = "/api/v1"


@pytest.mark.parametrize("name", ["evaluator", "officer"])
def test_she_says_it_or_her_officer_does(world: Any, client: Any, name: str) -> None:
    path = f"{API}/evaluators/{world.evaluator.id}/knowledge"
    browser = client(name)
    done = browser.put(path, json={"chains": ["argan", "argan"], "communes": [COMMUNE]})
    assert done.status_code == 200
    assert (done.json()["chains"], done.json()["communes"]) == (["argan"], [COMMUNE])
    assert browser.put(path, json={"chains": []}).json()["chains"] == []
    assert browser.get(path).json()["communes"] == [COMMUNE], "what is absent stays"
    assert browser.put(path, json={"chains": []}).status_code == 200
    assert len(events("person.knowledge_declared")) == 2


@pytest.mark.parametrize(
    ("name", "reads", "writes"),
    [
        ("second", 404, 404), ("holder", 404, 404), ("stranger", 404, 404), ("agent", 404, 404),
        ("chair", 404, 404), ("auditor", 200, 403), ("coordination", 200, 403),
    ],
)  # fmt: skip
def test_who_may(world: Any, client: Any, name: str, reads: int, writes: int) -> None:
    path = f"{API}/evaluators/{world.evaluator.id}/knowledge"
    assert client(name).get(path).status_code == reads
    assert client(name).put(path, json={"chains": ["argan"]}).status_code == writes


def test_an_officer_says_it_of_evaluators_only(world: Any, client: Any) -> None:
    for name in ("holder", "coach", "officer"):
        path = f"{API}/evaluators/{world.people[name].id}/knowledge"
        assert client("officer").put(path, json={"chains": ["argan"]}).status_code in (403, 404)


@pytest.mark.parametrize("wrong", [{"chains": ["licorne"]}, {"communes": ["99.999"]}, {"chains": "argan"}])
def test_codes_that_are_nothing_are_refused(world: Any, client: Any, wrong: dict[str, Any]) -> None:
    path = f"{API}/evaluators/{world.evaluator.id}/knowledge"
    assert client("evaluator").put(path, json=wrong).status_code == 422


def test_what_sharing_out_asks(world: Any) -> None:
    with transaction(world.evaluator) as tx:
        commands.know(tx, world.evaluator.id, ["argan"], None)
    people = [world.evaluator.id, world.second.id]
    with transaction(world.officer) as tx:
        assert queries.knows(tx, people) == {people[0]: {"argan"}, people[1]: frozenset()}
        unplaced = [person for person, _ in queries.without_commune(tx, "09.001")]
        assert set(people) <= set(unplaced)
    with transaction(world.officer) as tx, refused("not_found", 404):
        queries.knowledge(tx, world.holder.id)


def test_who_is_erased_leaves_nothing_of_where_she_comes_from(world: Any) -> None:
    from sqlalchemy import select

    from backend.core.actor import SYSTEM
    from backend.people.holdings import clear
    from backend.people.models import Person
    from backend.reviews import holdings  # noqa: F401 (registers what is cleared)
    from backend.reviews.models import Expertise, HomeCommune

    for who in (world.evaluator, world.second):
        with transaction(who) as tx:
            commands.know(tx, who.id, ["argan"], [COMMUNE])
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        clear(tx, tx.session.get_one(Person, world.evaluator.id))
        for model in (Expertise, HomeCommune):
            assert list(tx.session.scalars(select(model.person_id))) == [world.second.id]


def test_what_reviews_hold_of_her_is_hers_to_read(world: Any) -> None:
    from backend.core.actor import SYSTEM
    from backend.people.holdings import held
    from backend.people.models import Person
    from backend.reviews import holdings  # noqa: F401 (registers what is held)

    dossier = given.eligible(world)[0]
    given.signed(world, "evaluator", dossier)
    with transaction(world.evaluator) as tx:
        commands.know(tx, world.evaluator.id, ["argan"], [COMMUNE])
    with transaction(SYSTEM) as tx:
        parts = {one.code: one.rows for one in held(tx, tx.session.get_one(Person, world.evaluator.id))}
        hers = {one.code: one.rows for one in held(tx, tx.session.get_one(Person, world.second.id))}
    assert [row["state"] for row in parts["reviews"]] == ["state.assignment.signed"]
    assert [row["chain"] for row in parts["expertise"]] == ["argan"]
    assert parts["home_communes"][0]["commune"]["fr"]
    assert not any(hers[code] for code in ("reviews", "expertise", "home_communes", "field_notes"))
