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
        "/today/late",
        "/calls",
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


def test_a_page_is_for_the_roles_of_its_nearest_entry() -> None:
    nav.entry("/coach", "nav.today", {"coach"}, 60, also=("/plans",), others={"officer"})
    assert nav.opens(officer(), "/today/late/7")
    assert nav.opens(officer(), "/me")
    assert nav.opens(officer(), "/calls")
    assert nav.opens(officer(), "/plans/1")  # not shown to her, open to her
    assert "/coach" not in [link.path for link in nav.links(officer(), "/x", "fr")]
    assert not nav.opens(officer(), "/audit/rows/x")
    assert not nav.opens(nobody(), "/me")
    with pytest.raises(LookupError):
        nav.opens(officer(), "/nowhere")


def test_entries_are_checked_for_words() -> None:
    assert "nav.today" in list(nav.entry_codes())


def test_the_bar_keeps_to_one_line_and_the_rest_waits_under_more() -> None:
    for number in range(8):
        nav.entry(f"/somewhere/{number}", "nav.today", {"officer"}, 60 + number)
    menu = nav.menu_for(officer(), "/calls", "fr")
    assert len(menu.first) == nav.FIRST_RANK
    assert [link.path for link in menu.more if link.current] == ["/calls"]
    assert len(menu.everything) == 11
    assert [link.path for link in menu.own] == ["/me"]


def test_nothing_waits_when_all_fits() -> None:
    menu = nav.menu_for(officer(), "/calls", "fr")
    assert menu.more == []


def test_a_visitor_has_no_account() -> None:
    assert nav.menu_for(nobody(), "/", "fr").own == []
