"""What is decided in a call changes no byte of what the public gets before its results are published."""

import re
from datetime import UTC, datetime
from functools import partial
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from backend.calls.models import Call
from backend.core.actor import SYSTEM
from backend.core.clock import arriving
from backend.core.tx import transaction
from backend.decisions import commands
from backend.decisions.models import Decision
from backend.decisions.results import publishing
from backend.funding import commands as funding
from backend.web import middleware
from tests.contract import cases
from tests.contract.test_matrix import PUBLIC
from tests.decisions import given
from tests.decisions.test_following import moved_up
from tests.decisions.test_letters import written

NOW = datetime.now(UTC)


def public_paths(world: Any, code: str) -> list[str]:
    """Every address that anybody may ask: those of this call where they name one."""
    known = {"{call_id}": str(world.call), "{committee_id}": str(world.committee), "{lang}": "ar"}
    found = []
    for route in sorted(PUBLIC):
        method, path = route.split()
        path = path.replace("{code}", code) if "/calls/{code}" in path else path
        for name, value in known.items():
            path = path.replace(name, value)
        if method == "GET" and "{" not in path and path not in ("/sw.js", "/style", "/language/ar"):
            found.append(path)
    assert len(found) > 35
    return found


def answers(browser: Any, lang: str, paths: list[str]) -> dict[str, tuple[int, bytes, str]]:
    got = {}
    with patch.object(middleware, "arriving", partial(arriving, at=NOW)):
        for path in paths:
            asked = {"accept": "text/html", "accept-language": lang}
            answer = browser.get(path, headers=asked, follow_redirects=False)
            content = re.sub(rb'(name="key" value=)"[^"]+"', rb"\1", answer.content)  # a form's, by chance
            got[path] = (answer.status_code, content, answer.headers.get("etag", ""))
    return got


def code_of(world: Any) -> str:
    with transaction(SYSTEM) as tx:
        return str(tx.session.scalars(select(Call.code).where(Call.id == world.call)).one())


@pytest.mark.parametrize(("name", "lang"), [(None, "fr"), ("stranger", "ar")])
def test_no_public_answer_tells_what_is_decided(world: Any, client: Any, name: str | None, lang: str) -> None:
    """Voted, told by letters, given up, promoted, under a convention: all of it before the publication."""
    from tests.reviews import given as reviews

    reviews.scored(world, 5, (20_000_000, 20_000_000, 10_000_000, 5_000_000, 1_000_000))
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.scalars(select(Call).where(Call.id == world.call)).one().envelope_centimes = 40_000_000
    code = code_of(world)
    paths = public_paths(world, code)
    browser = client(name)
    before = answers(browser, lang, paths)
    made = decided(world)
    assert any(one.amount_centimes for one in made)
    changed(before, answers(browser, lang, paths))
    given.released(world)
    with transaction(world.officer) as tx:
        (first, *_) = funding.prepare_call(tx, UUID(str(world.call)))
        funding.sign(tx, first.id, NOW.date())
        commands.end(tx, made[1].id, "renounced")
    promoted = moved_up(made[1].id)
    written([made[1], *promoted])
    given.released(world)
    changed(before, answers(browser, lang, paths))
    for path in ("/proofs/decisions/{}", "/api/v1/proofs/decisions/{}"):
        known, unknown = (browser.get(path.format(key)) for key in (made[0].id, uuid4()))
        assert known.status_code == unknown.status_code
    with transaction(world.officer) as tx:
        publishing.publish(tx, world.call)
    after = answers(browser, lang, paths)
    assert after[f"/calls/{code}/results"][0] == 200
    assert {path for path in before if before[path] != after[path]} >= {
        "/observatory", "/api/v1/observatory/funded", "/api/v1/observatory/summary", f"/calls/{code}",
        "/observatory/funded.csv", "/observatory/provinces.csv", f"/api/v1/calls/{world.call}", "/",
    }  # fmt: skip


def decided(world: Any) -> list[Decision]:
    """The session proposes, votes and adopts."""
    session = given.an_open_session(world)
    with transaction(world.officer) as tx:
        commands.propose(tx, session, world.call)
    with transaction(world.officer) as tx:
        motions = [one.id for one in commands.put_to_vote(tx, session, world.call)]
    for motion in motions:
        given.voted(world, motion, ("chair", "evaluator", "second"))
        with transaction(world.officer) as tx:
            commands.close_vote(tx, motion)
    return given.decisions()


def changed(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert [path for path in before if before[path] != after[path]] == []


def test_every_public_route_is_asked() -> None:
    """A route that becomes public is compared from then on."""
    assert {route for route in PUBLIC if route.startswith("GET ")} <= set(cases.routes())
