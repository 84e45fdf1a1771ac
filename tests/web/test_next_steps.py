"""What awaits somebody comes from every slice, the most urgent first."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from backend.core.tx import Tx
from backend.web import next_steps
from backend.web.next_steps import Step, awaits, steps_of

TX = cast(Tx, SimpleNamespace(now=datetime(2026, 3, 10, 9, tzinfo=UTC)))


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(next_steps, "_PROVIDERS", {})

    @awaits("next.dated", dated=True)
    def dated(_tx: Tx) -> Iterable[Step]:
        yield Step("/later", "", date(2026, 3, 11))
        yield Step("/overdue", "", date(2026, 3, 9))

    @awaits("next.some", "next.other")
    def undated(_tx: Tx) -> Iterable[Step]:
        yield Step("/today", "", code="next.other")
        yield Step("/soon", "", datetime(2026, 3, 10, 12, tzinfo=UTC))


def test_the_overdue_first_and_what_has_no_date_before_tomorrow() -> None:
    found = steps_of(TX)
    assert [(one.path, one.code) for one in found] == [
        ("/overdue", "next.dated"),
        ("/soon", "next.some"),
        ("/today", "next.other"),
        ("/later", "next.dated"),
    ]


def test_a_day_ends_in_casablanca_and_an_instant_says_its_own_hour() -> None:
    day, instant = Step("", "", date(2026, 7, 1)), Step("", "", TX.now)
    until: Any = day.until
    assert (until.hour, until.minute, day.day) == (23, 59, date(2026, 7, 1))
    assert (instant.until, instant.day) == (TX.now, None)


def test_words_are_checked() -> None:
    assert set(next_steps.step_codes()) == {
        *(f"next.{kind}{word}" for kind in ("dated", "some", "other") for word in ("", ".text", ".action")),
        "next.dated.due",
    }
