"""Titles of the sessions' pages state the situation; whose lists they are."""

import re
from datetime import timedelta
from typing import Any

import pytest

from backend.committees import commands as committees
from backend.core.tx import transaction
from backend.decisions import commands
from tests.committees import given as sittings
from tests.committees.given import WHEN
from tests.decisions import given
from tests.reviews import given as reviews


def title(browser: Any, path: str, lang: str = "fr") -> str:
    """The page's heading, with plain spaces."""
    text = browser.get(path, params={"lang": lang}).text
    found = re.search(r"<h1[^>]*>(.*?)</h1>", text, re.DOTALL)
    assert found
    heading = re.sub(r"<[^>]+>|[\u2066-\u2069]", "", found[1]).replace("\u00a0", " ").strip()
    assert heading in re.sub(r"[\u2066-\u2069]", "", text.split("</title>")[0]).replace("\u00a0", " ")
    return heading


def test_the_list_of_sessions(world: Any, client: Any) -> None:
    officer = client("officer")
    assert title(officer, "/sessions") == "Aucune séance n’est convoquée"
    sittings.session(world, WHEN.replace(hour=12) + timedelta(days=9))
    assert title(officer, "/sessions") == "Prochaine séance dans 9 jours"
    sittings.past(world, WHEN - timedelta(days=2))
    assert title(officer, "/sessions") == "Une séance devait s’ouvrir il y a 2 jours"
    given.an_open_session(world)
    assert title(officer, "/sessions") == "1 séance est ouverte"
    assert title(officer, "/sessions", "ar") == "جلسة واحدة مفتوحة"


def test_no_session_to_come(world: Any, client: Any) -> None:
    with transaction(world.officer) as tx:
        committees.close_session(tx, given.an_open_session(world))
    assert title(client("officer"), "/sessions") == "Aucune séance à venir"


def test_a_session_says_where_it_stands(world: Any, client: Any) -> None:
    officer = client("officer")
    planned = sittings.session(world)
    assert title(officer, f"/sessions/{planned.id}").endswith(": à convoquer")
    with transaction(world.officer) as tx:
        committees.take_attendance(tx, planned.id, sittings.everyone(world), None)
    assert title(officer, f"/sessions/{planned.id}").endswith(": quorum atteint, à ouvrir")
    with transaction(world.officer) as tx:
        committees.open_session(tx, planned.id)
    assert title(officer, f"/sessions/{planned.id}").endswith(": ouverte")
    reviews.scored(world, 3)
    assert title(officer, f"/sessions/{planned.id}").endswith(": dossiers à proposer")
    with transaction(world.officer) as tx:
        commands.propose(tx, planned.id, world.call)
    assert title(officer, f"/sessions/{planned.id}").endswith(": propositions à mettre aux voix")
    with transaction(world.officer) as tx:
        motions = [motion.id for motion in commands.put_to_vote(tx, planned.id, world.call)]
    assert title(officer, f"/sessions/{planned.id}").endswith(": vote en cours")
    for motion_id in motions:
        given.voted(world, motion_id, ("chair", "evaluator", "second"))
        with transaction(world.officer) as tx:
            commands.close_vote(tx, motion_id)
    assert title(officer, f"/sessions/{planned.id}").endswith(": tout est voté")
    with transaction(world.officer) as tx:
        committees.close_session(tx, planned.id)
    assert title(officer, f"/sessions/{planned.id}").endswith(": levée")
    assert title(officer, f"/sessions/{planned.id}", "ar").endswith(": رُفعت")


@pytest.mark.parametrize(
    ("path", "refused"),
    [
        ("/sessions", ("holder", "coach")),
        ("/conventions", ("evaluator",)),
        ("/milestones", ("evaluator", "chair")),
    ],
)
def test_lists_are_for_those_who_may_see_a_line(
    world: Any, client: Any, path: str, refused: tuple[str, ...]
) -> None:
    everyone = {"holder", "coach", "evaluator", "chair", "officer", "auditor", "administrator"}
    answers = {name: client(name).get(path, headers={"accept": "text/html"}).status_code for name in everyone}
    assert {name for name, status in answers.items() if status == 403} == set(refused)
    assert set(answers.values()) == {200, 403}


def test_one_vote_is_said_of_one(world: Any, client: Any) -> None:
    first, *_rest = given.put(world)
    given.voted(world, first, ("chair",))
    with transaction(world.officer) as tx:
        commands.close_vote(tx, first)
    page = client("officer").get(f"/sessions/{world.session}").text
    assert "Adoptée par 1 voix sur 1 exprimée." in page
