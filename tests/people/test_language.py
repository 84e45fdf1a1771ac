"""The language chosen in the bar is kept with the account of whoever is signed in."""

from typing import Any

from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from backend.people.models import Person


def kept(world: Any) -> str:
    with transaction(SYSTEM) as tx:
        return str(tx.session.get_one(Person, world.officer.id).language)


def test_her_choice_follows_her(world: Any, client: Any) -> None:
    for lang in ("ar", "fr"):
        answer = client("officer").get(f"/language/{lang}", follow_redirects=False)
        assert answer.status_code == 303
        assert kept(world) == lang


def test_a_visitor_keeps_it_in_the_browser_only(world: Any, client: Any) -> None:
    answer = client(None).get("/language/ar", follow_redirects=False)
    assert "lang=ar" in answer.headers["set-cookie"]
