"""One field for every code: it leads to the right check, reads look-alikes, and says what is mistyped."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from backend.applications.receipts import new_code
from backend.committees.models import Minutes
from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from backend.decisions.models import Letter
from tests.decisions import given as decisions

HTML = {"accept": "text/html", "accept-language": "fr"}


def asked(client: Any, code: str) -> Any:
    return client(None).get("/verify", params={"code": code}, headers=HTML, follow_redirects=False)


def letter(world: Any) -> str:
    decisions.adopted(world, 1)
    with transaction(SYSTEM) as tx:
        return str(tx.session.scalars(select(Letter.code)).one())


@pytest.mark.parametrize(
    "typed",
    [
        lambda code: code,
        lambda code: code.lower().replace("-", " "),
        lambda code: code.replace("0", "O").replace("1", "I"),
        lambda code: f"https://indh.test/letters/{code}",
    ],
)
def test_a_letter_by_its_code(world: Any, client: Any, typed: Any) -> None:
    code = letter(world)
    answer = asked(client, typed(code))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/letters/{code}")


def test_a_letter_that_waits_is_unknown(world: Any, client: Any) -> None:
    from tests.decisions.test_following import voted
    from tests.decisions.test_letters import written

    written(voted(world))
    with transaction(SYSTEM) as tx:
        codes = tx.session.scalars(select(Letter.code)).all()
    pages = {asked(client, code).status_code for code in (*codes, new_code())}
    assert pages == {422}


def test_mistyped_and_unknown_say_so(world: Any, client: Any) -> None:
    for typed, words in (
        ("", "Ce code est mal tapé"),
        ("ABC", "Ce code est mal tapé"),
        (new_code()[:-1] + "-", "Ce code est mal tapé"),
        (new_code(), "Aucun papier ne porte ce code"),
        (str(uuid4()), "Aucun papier ne porte ce code"),
        ("é" * 3000, "Ce code est mal tapé"),
    ):
        answer = asked(client, typed)
        assert answer.status_code == 422
        assert words in answer.text, typed
        assert 'name="code"' in answer.text


def test_minutes_by_their_address(world: Any, client: Any) -> None:
    from backend.committees import commands

    decisions.adopted(world, 1)
    with transaction(world.officer) as tx:
        commands.close_session(tx, world.session)
    with transaction(SYSTEM) as tx:
        key = tx.session.scalars(select(Minutes.id)).one()
    typed = str(key).upper().replace("0", "O").replace("1", "l")
    for one in (str(key), typed, f"https://indh.test/minutes/{key}?lang=ar"):
        assert asked(client, one).headers["location"] == f"/minutes/{key}"
