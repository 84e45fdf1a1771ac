"""Idempotency keys: asked twice, answered the same, created once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.core import once
from backend.core.actor import SYSTEM
from backend.core.errors import Problem
from backend.core.tx import transaction
from backend.people.models import AccessToken, Organisation
from tests.world import COMMUNE

BODY = {
    "name": {"fr": "Coopérative Amal", "ar": "تعاونية أمل"},
    "legal_form": "cooperative",
    "commune_code": COMMUNE,
}
KEY = {"idempotency-key": "cle-de-creation-1"}


def organisations() -> int:
    with transaction(SYSTEM) as tx:
        return tx.session.scalar(select(func.count()).select_from(Organisation)) or 0


def test_the_first_claim_is_free_and_the_next_gets_the_answer(world: Any) -> None:
    with transaction(world.holder) as tx:
        tx.allowed = tx.recorded = True
        assert once.claim(tx, "une cle", "print") is None
        once.remember(tx, "une cle", 201, {"id": 1})
    with transaction(world.holder) as tx:
        earlier = once.claim(tx, "une cle", "print")
        assert earlier
        assert (earlier.status, earlier.body) == (201, {"id": 1})


def test_another_body_under_the_same_key_is_refused(world: Any) -> None:
    with transaction(world.holder) as tx:
        tx.allowed = tx.recorded = True
        once.claim(tx, "une cle", "print")
    with pytest.raises(Problem) as refusal, transaction(world.holder) as tx:
        once.claim(tx, "une cle", "another print")
    assert (refusal.value.code, refusal.value.status) == ("idempotency_key_reused", 422)


def test_keys_are_each_person_s_own(world: Any) -> None:
    for actor in (world.holder, world.rival):
        with transaction(actor) as tx:
            tx.allowed = tx.recorded = True
            assert once.claim(tx, "une cle", "print") is None


def test_a_creation_asked_twice_creates_once(client: Any) -> None:
    holder = client("holder")
    before = organisations()
    first = holder.post("/api/v1/organisations", json=BODY, headers=KEY)
    second = holder.post("/api/v1/organisations", json=BODY, headers=KEY)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert organisations() == before + 1
    other = holder.post("/api/v1/organisations", json=BODY | {"legal_form": "gie"}, headers=KEY)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert organisations() == before + 1


def test_a_refused_creation_leaves_its_key_free(client: Any) -> None:
    holder = client("holder")
    wrong = holder.post("/api/v1/organisations", json=BODY | {"commune_code": "99.999"}, headers=KEY)
    assert wrong.status_code in (404, 422)
    assert holder.post("/api/v1/organisations", json=BODY, headers=KEY).status_code == 201


def test_twins_at_the_same_instant_create_once(committed: str) -> None:
    from tests.world import browser, build

    clients = [browser(world := build(), "holder")]
    clients += [browser(world, "holder") for _ in range(3)]
    before = organisations()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda c: c.post("/api/v1/organisations", json=BODY, headers=KEY), clients))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert organisations() == before + 1


def test_a_token_s_secret_is_never_kept(client: Any) -> None:
    """POST /tokens takes no key: the kept answer would hold the secret."""
    holder = client("holder")
    body = {"name": "tableur", "scopes": ["*.read"]}
    secrets = {holder.post("/api/v1/tokens", json=body, headers=KEY).json()["secret"] for _ in range(2)}
    assert len(secrets) == 2
    with transaction(SYSTEM) as tx:
        assert tx.session.scalar(select(func.count()).select_from(once.Answer)) == 0
        kept = tx.session.scalars(select(AccessToken.token_hash)).all()
        assert not secrets & set(kept)
