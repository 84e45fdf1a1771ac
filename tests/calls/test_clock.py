"""Hours of Casablanca around Ramadan: the clock goes back an hour, then forward.

The changes come from the time-zone database, which knows them until 2087; both of each Ramadan are tried.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from backend.calls import queries
from backend.calls.callfile import CallFileInvalid, from_json, read
from backend.calls.callfile.types import read_hour
from backend.calls.lifecycle import Phase, phase
from backend.calls.rules.values import ValueIssue
from backend.core.calendar import CASABLANCA, deadline_in_words, local
from tests.calls import given

HOUR = timedelta(hours=1)


def ramadans(first: int, last: int) -> list[tuple[datetime, datetime]]:
    """(back, forth): the instants between which the clock of Casablanca stands an hour behind."""
    start, hours = datetime(first, 1, 1, tzinfo=UTC), (last - first) * 366 * 24
    offsets = [(start + n * HOUR, local(start + n * HOUR).utcoffset()) for n in range(hours)]
    moves = [after for (_, was), (after, now) in pairwise(offsets) if was != now]
    return list(zip(moves[::2], moves[1::2], strict=False))


RAMADANS = ramadans(2022, 2027)
EACH = pytest.mark.parametrize(("back", "forth"), RAMADANS, ids=[f"{back:%Y-%m}" for back, _ in RAMADANS])


def written(moment: datetime) -> str:
    return f"{local(moment):%Y-%m-%d %H:%M}"


def test_the_changes_of_2026_are_known() -> None:
    """The last Ramadan of two hours: on 20 September 2026 Morocco went back to UTC for good (IANA 2026f)."""
    back, forth = RAMADANS[-1]
    assert [written(back - timedelta(minutes=1)), written(back)] == ["2026-02-15 02:59", "2026-02-15 02:00"]
    assert [written(forth - timedelta(minutes=1)), written(forth)] == ["2026-03-22 01:59", "2026-03-22 03:00"]
    assert len(RAMADANS) >= 5
    gone = datetime(2026, 9, 20, 2, tzinfo=UTC)
    assert [written(gone - 2 * HOUR), written(gone)] == ["2026-09-20 01:00", "2026-09-20 02:00"]


@EACH
def test_an_hour_that_strikes_twice_or_never_is_refused(back: datetime, forth: datetime) -> None:
    twice = written(back + timedelta(minutes=30))
    never = f"{local(forth) - timedelta(minutes=30):%Y-%m-%d %H:%M}"
    for text, code in ((twice, "hour_twice"), (never, "hour_missing")):
        with pytest.raises(ValueIssue) as refusal:
            read_hour(text)
        assert refusal.value.code == code
        assert all(read_hour(near) for near in refusal.value.allowed)
    minute = timedelta(minutes=1)
    for edge in (back - HOUR - minute, back + HOUR, forth - minute, forth):
        assert read_hour(written(edge)) == edge


@hypothesis_given(st.datetimes(timezones=st.just(UTC)))
def test_whatever_hour_is_read_is_written_back(moment: datetime) -> None:
    text = f"{moment:%Y-%m-%d %H:%M}"
    offsets = {moment.replace(tzinfo=CASABLANCA, fold=fold).utcoffset() for fold in (0, 1)}
    with suppress(ValueIssue):
        assert written(read_hour(text)) == text
        assert len(offsets) == 1


@pytest.mark.parametrize(
    ("text", "code", "near"),
    [
        ("2026-02-15 02:30", "hour_twice", ("2026-02-15 01:30", "2026-02-15 03:30")),
        ("2026-03-22 02:30", "hour_missing", ("2026-03-22 01:30", "2026-03-22 03:30")),
    ],
)
def test_a_call_file_says_the_line_and_the_hours_around(text: str, code: str, near: tuple[str, ...]) -> None:
    source = given.AGADIR.read_text(encoding="utf-8").replace(
        "closes_at: 2023-09-01 16:30", f"closes_at: {text}"
    )
    source = source.replace("opens_at: 2023-08-16 00:00", "opens_at: 2026-01-16 00:00")
    with pytest.raises(CallFileInvalid) as refusal:
        read(source, base=given.AGADIR.parent)
    (issue,) = refusal.value.issues
    line = source.splitlines().index(f"closes_at: {text}") + 1
    assert (issue.code, issue.line, issue.path, issue.allowed) == (code, line, "closes_at", near)
    for lang in ("fr", "ar"):
        assert text in issue.message(lang)
        assert near[0] in issue.line_of_text(lang)


@EACH
def test_a_window_across_both_changes_opens_and_closes_at_its_hours(
    world: Any, back: datetime, forth: datetime
) -> None:
    opens, closes = back - timedelta(days=2, hours=-7), forth + timedelta(days=2, hours=7, minutes=30)
    call = given.published(world, code="ramadan", opens_at=opens, closes_at=closes)
    file = from_json(call.definition)
    assert (call.opens_at, call.closes_at) == (file.opens_at, file.closes_at) == (opens, closes)
    assert local(call.opens_at).utcoffset() == local(call.closes_at).utcoffset() == HOUR
    tick = timedelta(microseconds=1)
    wanted = [(opens - tick, Phase.UPCOMING), (opens, Phase.OPEN), (back, Phase.OPEN),
              (forth, Phase.OPEN), (closes, Phase.OPEN), (closes + tick, Phase.CLOSED)]  # fmt: skip
    assert [phase(call, at) for at, _ in wanted] == [found for _, found in wanted]
    assert queries.is_open(call, closes)
    assert deadline_in_words(closes, back, "fr").startswith("dans ")


def test_the_same_wall_hour_is_another_instant_in_ramadan() -> None:
    inside, outside = read_hour("2026-03-10 16:30"), read_hour("2026-03-24 16:30")
    assert (inside.hour, outside.hour) == (16, 15)
    call = read(given.AGADIR.parent / "chtouka-2026.yaml")
    assert call.closes_at == datetime(2026, 3, 10, 16, 30, tzinfo=UTC)  # UTC+0 in Ramadan
    assert call.opens_at == datetime(2026, 2, 9, 23, 0, tzinfo=UTC)  # UTC+1 before it
