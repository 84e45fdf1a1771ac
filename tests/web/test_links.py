"""Links that later slices give to the pages of earlier ones: only what the reader may follow, in order."""

from typing import Any, cast

import pytest

from backend.core.tx import Tx
from backend.web import links
from backend.web.links import Related, links_of, related, step_of

TX = cast(Tx, None)


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "_PROVIDERS", {})

    @related("thing", "link.second", order=20, steps=("step.done",))
    def second(_tx: Tx, thing: Any) -> Related | None:
        return Related(f"/second/{thing}", "note", "step.done") if thing else None

    @related("thing", "link.first", order=10, steps=("step.begun",))
    def first(_tx: Tx, thing: Any) -> Related | None:
        return Related(f"/first/{thing}", step="step.begun")

    @related("other", "link.other", order=1)
    def other(_tx: Tx, _thing: Any) -> Related | None:
        return Related("/other")


def test_links_of_a_subject_come_in_order_with_their_words() -> None:
    found = links_of(TX, "thing", 7)
    assert [(one.path, one.code) for one in found] == [
        ("/first/7", "link.first"),
        ("/second/7", "link.second"),
    ]


def test_what_may_not_be_followed_is_left_out() -> None:
    assert [one.path for one in links_of(TX, "thing", 0)] == ["/first/0"]


def test_the_furthest_slice_says_what_happens_next() -> None:
    step = step_of(links_of(TX, "thing", 7))
    assert step is not None
    assert step.step == "step.done"
    assert step_of([]) is None


def test_words_are_checked() -> None:
    assert {"link.first", "link.first.sub", "step.begun", "step.begun.text"} <= set(links.link_codes())
