"""The territory is public and kept by caches."""

import shutil

import pytest

from backend.core.tx import transaction
from backend.territory import commands
from tests.world import COMMUNE, HERE

API = "/api/v1"


def test_regions_provinces_and_communes(client):
    browser = client(None)
    assert len(browser.get(f"{API}/regions").json()["items"]) == 12
    assert len(browser.get(f"{API}/provinces").json()["items"]) == 75
    souss = browser.get(f"{API}/provinces", params={"region": "09"}).json()["items"]
    assert HERE in {province["code"] for province in souss}
    assert {province["region_code"] for province in souss} == {"09"}
    communes = browser.get(f"{API}/communes", params={"province": HERE}).json()["items"]
    assert COMMUNE in {commune["code"] for commune in communes}
    assert all(commune["name"]["fr"] and commune["name"]["ar"] for commune in communes)


@pytest.mark.parametrize("path", ["/regions", "/provinces", f"/communes?province={HERE}"])
def test_an_edition_is_sent_once(client, path):
    first = client(None).get(f"{API}{path}")
    assert first.headers["cache-control"] == "public, max-age=86400"
    again = client(None).get(f"{API}{path}", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client(None).get(f"{API}{path}", headers={"if-none-match": '"old"'}).json() == first.json()


@pytest.mark.parametrize(
    ("path", "status"), [("/communes", 422), ("/communes?province=a", 422), ("/communes?province=99", 404)]
)
def test_what_does_not_exist(client, path, status):
    assert client(None).get(f"{API}{path}").status_code == status


def test_lists_cost_two_statements(client, statements):
    for path in ("/regions", f"/communes?province={HERE}"):
        with statements() as sql:
            client(None).get(f"{API}{path}")
        assert len(sql) <= 4, sql  # the transaction's context, the edition, the province, the list


def test_an_unchanged_set_is_not_loaded_again(world):
    from backend.core.actor import SYSTEM

    with transaction(SYSTEM) as tx:
        assert commands.load_reference(tx) == 0


def test_only_the_platform_loads(world, monkeypatch, tmp_path):
    from backend.core.errors import Problem

    changed = shutil.copytree(commands.reference.DATA, tmp_path / "data")
    (changed / "more.csv").write_text("another edition of the files")
    monkeypatch.setattr(commands.reference, "DATA", changed)
    with pytest.raises(Problem) as refusal, transaction(world.administrator) as tx:
        commands.load_reference(tx)
    assert refusal.value.status == 403
