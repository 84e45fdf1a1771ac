"""The navigation shows what a role may open, and where one is."""

import pytest

from backend.web import nav
from tests.web.given import nobody, officer


@pytest.fixture(autouse=True)
def entries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nav, "_ENTRIES", {})
    nav.entry("/calls", "nav.calls", None, 20)
    nav.entry("/", "nav.home", {nav.VISITOR}, 10)
    nav.entry("/today", "nav.today", {"officer", "coach"}, 10)
    nav.entry("/today/late", "nav.late", {"officer"}, 30)
    nav.entry("/audit", "nav.audit", {"auditor"}, 40)
    nav.entry("/me", "nav.me", {nav.PERSON}, 50)


def test_entries_are_those_of_the_roles_in_order() -> None:
    assert [link.path for link in nav.links(officer(), "/x", "fr")] == [
        "/today",
        "/calls",
        "/today/late",
        "/me",
    ]
    assert [link.path for link in nav.links(nobody(), "/x", "fr")] == ["/", "/calls"]


def test_the_current_entry_is_the_nearest() -> None:
    def current(path: str) -> list[str]:
        return [link.path for link in nav.links(officer(), path, "fr") if link.current]

    assert current("/today") == ["/today"]
    assert current("/today/late/7") == ["/today/late"]
    assert current("/todayish") == []


def test_home_is_current_only_at_home() -> None:
    assert [link.current for link in nav.links(nobody(), "/calls/1", "fr")] == [False, True]
    assert [link.current for link in nav.links(nobody(), "/", "fr")] == [True, False]


def test_entries_are_checked_for_words() -> None:
    assert "nav.today" in list(nav.entry_codes())
