"""Which language a page is in, and the switch that comes back to it."""

import pytest
from fastapi.testclient import TestClient
from hypothesis import given as generated
from hypothesis import strategies as st

from backend.web.language import language_of, local_path, switch_url
from tests.web.given import Asked, app, nobody, officer


@pytest.mark.parametrize(
    ("asked", "account", "lang"),
    [
        (Asked(), None, "fr"),
        (Asked(headers={"accept-language": "ar-MA"}), None, "ar"),
        (Asked(headers={"accept-language": "fr"}), "ar", "ar"),
        (Asked(headers={"cookie": "lang=fr"}), "ar", "fr"),
        (Asked(headers={"cookie": "lang=xx"}), "ar", "ar"),
        (Asked(query="lang=ar", headers={"cookie": "lang=fr"}), "fr", "ar"),
    ],
)
def test_choice_then_account_then_browser(asked: Asked, account: str | None, lang: str) -> None:
    actor = officer(account) if account else nobody()
    assert language_of(asked.request(), actor) == lang


def test_switch_keeps_the_page_and_its_filters() -> None:
    asked = Asked(path="/calls", query="state=open&lang=fr&q=a%26b")
    assert switch_url(asked.request(), "ar") == "/language/ar?next=%2Fcalls%3Fstate%3Dopen%26q%3Da%2526b"


def test_choice_is_remembered_and_comes_back() -> None:
    with TestClient(app(), follow_redirects=False) as client:
        answer = client.get("/language/ar", params={"next": "/calls?q=1&lang=fr"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/calls?q=1"
    assert "lang=ar" in answer.headers["set-cookie"]
    assert "samesite=lax" in answer.headers["set-cookie"].lower()


def test_an_unknown_language_changes_nothing() -> None:
    with TestClient(app(), follow_redirects=False) as client:
        answer = client.get("/language/xx", params={"next": "/calls"})
    assert answer.headers["location"] == "/calls"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "",
        "calls",
        "/a\nb",
        "/é",
    ],
)
def test_no_way_out_of_the_site(target: str) -> None:
    assert local_path(target) == "/"


@generated(st.text())
def test_any_target_stays_on_the_site(target: str) -> None:
    kept = local_path(target)
    assert kept.startswith("/")
    assert not kept.startswith(("//", "/\\"))
