"""A province's dated list: set by its officers, replaced and never rewritten."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.core.actor import SYSTEM
from backend.core.errors import Problem
from backend.core.tx import transaction
from backend.value_chains import catalogue
from backend.value_chains.commands import load_chains, set_priorities
from backend.value_chains.models import PriorityChain, ValueChain
from backend.value_chains.queries import priorities
from tests.value_chains import given
from tests.world import HERE, THERE


def codes_on(day: date, province: str = HERE) -> list[str]:
    with transaction(SYSTEM) as tx:
        return [chain.code for chain in priorities(tx, province, day)]


def test_the_file_is_loaded_once(world: Any) -> None:
    given.chains()
    with transaction(SYSTEM) as tx:
        assert load_chains(tx) == 0
        assert tx.session.scalar(select(func.count()).select_from(ValueChain)) == len(catalogue.rows())


def test_a_changed_file_renames_the_chains(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    given.chains()
    renamed = [{"code": "argan", "sector": "agriculture", "name": {"fr": "Arganier", "ar": "الأركان"}}]
    monkeypatch.setattr(catalogue, "digest", lambda: "another")
    monkeypatch.setattr(catalogue, "rows", lambda: renamed)
    with transaction(SYSTEM) as tx:
        assert load_chains(tx) == 1
    with transaction(SYSTEM) as tx:
        argan = tx.session.scalars(select(ValueChain).where(ValueChain.code == "argan")).one()
        assert argan.name["fr"] == "Arganier"


def test_a_new_list_closes_the_former_one(world: Any) -> None:
    given.chains()
    with transaction(world.officer) as tx:
        set_priorities(tx, HERE, ["argan", "olive"], date(2022, 1, 1))
    with transaction(world.officer) as tx:
        set_priorities(tx, HERE, ["milk", "argan"], date(2023, 6, 1))
    assert codes_on(date(2021, 12, 31)) == []
    assert codes_on(date(2023, 5, 31)) == ["argan", "olive"]
    assert codes_on(date(2023, 6, 1)) == ["milk", "argan"]
    assert codes_on(date(2030, 1, 1), THERE) == []


def test_a_list_replaced_on_its_first_day_stays_on_record(world: Any) -> None:
    given.priorities(("argan",))
    given.priorities(("olive",))
    assert codes_on(date(2022, 1, 1)) == ["olive"]
    with transaction(SYSTEM) as tx:
        assert tx.session.scalar(select(func.count()).select_from(PriorityChain)) == 2


@pytest.mark.parametrize(
    ("codes", "from_on", "code", "status"),
    [
        (["argan", "unicorn"], date(2024, 1, 1), "unknown_chain", 422),
        (["argan", "argan"], date(2024, 1, 1), "invalid", 422),
        (["argan"], date(2021, 1, 1), "priorities_backdated", 409),
    ],
)
def test_what_is_refused(world: Any, codes: list[str], from_on: date, code: str, status: int) -> None:
    given.priorities()
    with pytest.raises(Problem) as refusal, transaction(world.officer) as tx:
        set_priorities(tx, HERE, codes, from_on)
    assert (refusal.value.code, refusal.value.status) == (code, status)


@pytest.mark.parametrize("name", ["stranger", "holder", "chair", "auditor", "administrator"])
def test_only_the_provinces_officers_set_it(world: Any, name: str) -> None:
    given.chains()
    with pytest.raises(Problem) as refusal, transaction(world.people[name]) as tx:
        set_priorities(tx, HERE, ["argan"], date(2024, 1, 1))
    assert refusal.value.status == 403


def test_over_http(world: Any, client: Any, statements: Any) -> None:
    given.chains()
    officer = client("officer")
    body = {"from_on": "2023-01-01", "chains": ["argan", "olive"]}
    answer = officer.put(f"/api/v1/value-chains/priorities/{HERE}", json=body)
    assert answer.status_code == 200
    assert [item["code"] for item in answer.json()["items"]] == ["argan", "olive"]
    visitor = client(None)
    assert visitor.put(f"/api/v1/value-chains/priorities/{HERE}", json=body).status_code == 401
    everything = visitor.get("/api/v1/value-chains").json()["items"]
    assert len(everything) == len(catalogue.rows())
    assert {"sector_name", "name", "code", "rank", "sector"} == set(everything[0])
    with statements() as seen:
        listed = visitor.get("/api/v1/value-chains", params={"province": HERE, "on": "2023-02-01"}).json()[
            "items"
        ]
    assert [(item["code"], item["rank"]) for item in listed] == [("argan", 1), ("olive", 2)]
    assert len(seen) <= 3
    assert (
        visitor.get("/api/v1/value-chains", params={"province": HERE, "on": "2020-02-01"}).json()["items"]
        == []
    )
    assert visitor.get("/api/v1/value-chains", params={"province": "99.999"}).status_code == 404
    assert officer.put("/api/v1/value-chains/priorities/99.999", json=body).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"from_on": "2023-01-01", "chains": []},
        {"from_on": "soon", "chains": ["argan"]},
        {"from_on": "2023-01-01", "chains": ["argan"] * 61},
        {"from_on": "2023-01-01", "chains": ["argan"], "more": 1},
    ],
)
def test_bad_bodies(world: Any, client: Any, body: dict[str, Any]) -> None:
    assert client("officer").put(f"/api/v1/value-chains/priorities/{HERE}", json=body).status_code == 422
