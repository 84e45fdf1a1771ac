"""Casablanca's clock through Ramadan, working days, and the words of dates and deadlines."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core.calendar import (
    add_months,
    add_working_days,
    deadline_in_words,
    format_date,
    format_datetime,
    format_hour,
    format_time,
    is_working_day,
    local,
    parse_local,
    utc_offset,
)

DEADLINE = parse_local("2026-03-10 16:30")
FIRST, LAST = datetime(2019, 1, 1), datetime(2030, 1, 1)  # noqa: DTZ001 (Hypothesis adds the zone)
DAYS = st.dates(date(2019, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("before", "during", "after"),
    [
        ("2023-03-18", "2023-03-20", "2023-04-24"),
        ("2024-03-09", "2024-03-11", "2024-04-15"),
        ("2025-02-22", "2025-02-24", "2025-04-07"),
        ("2026-02-14", "2026-02-16", "2026-03-23"),
    ],
)
def test_clock_goes_back_an_hour_for_ramadan(before: str, during: str, after: str) -> None:
    hours = [parse_local(f"{day} 16:00").hour for day in (before, during, after)]
    assert hours == [15, 16, 15]


def test_instants_need_a_zone_and_local_times_none() -> None:
    with pytest.raises(ValueError, match="zone"):
        local(datetime(2026, 3, 10))  # noqa: DTZ001
    with pytest.raises(ValueError, match="offset"):
        parse_local("2026-03-10 16:30+01:00")


@given(st.datetimes(timezones=st.just(UTC), min_value=FIRST, max_value=LAST))
def test_local_hour_is_the_same_instant(moment: datetime) -> None:
    assert local(moment).astimezone(UTC) == moment.astimezone(UTC)  # Python equates no ambiguous hours


def test_dates_in_words() -> None:
    assert format_datetime(DEADLINE, "fr") == "mardi 10 mars 2026 à 16\u00a0h\u00a030"
    assert format_datetime(DEADLINE, "ar") == "الثلاثاء 10 مارس 2026، الساعة 16:30"
    assert format_date(date(2026, 8, 1), "fr") == "1er août 2026"
    assert format_date(date(2026, 8, 1), "ar", "short") == "1 غشت"
    assert format_date(date(2026, 9, 1), "ar", "month") == "شتنبر 2026"
    assert format_date(date(2026, 9, 1), "ar", "numeric") == "01/09/2026"
    assert format_date(parse_local("2026-07-01 00:10"), "fr") == "1er juillet 2026"
    assert format_hour(parse_local("2026-03-10 09:00"), "fr") == "9\u00a0h"
    assert format_time(DEADLINE) == "16:30"


@pytest.mark.parametrize(
    ("now", "fr", "ar"),
    [
        ("2026-03-04 18:00", "dans 6 jours", "بعد 6 أيام"),
        ("2026-03-08 10:00", "dans 2 jours", "بعد يومين"),
        ("2026-03-09 10:00", "dans 1 jour", "بعد يوم واحد"),
        ("2026-03-10 13:30", "dans 3 heures", "بعد 3 ساعات"),
        ("2026-03-10 15:29", "dans 1 heure", "بعد ساعة واحدة"),
        ("2026-03-10 16:01", "dans 29 minutes", "بعد 29 دقيقة"),
        ("2026-03-10 16:29:30", "dans moins d’une minute", "بعد أقل من دقيقة"),
        ("2026-03-10 16:30:01", "à l’instant", "الآن"),
        ("2026-03-10 16:45", "il y a 15 minutes", "منذ 15 دقيقة"),
        ("2026-03-12 17:00", "il y a 2 jours", "منذ يومين"),
        ("2026-06-18 17:00", "il y a 100 jours", "منذ 100 يوم"),
    ],
)
def test_deadlines_in_words(now: str, fr: str, ar: str) -> None:
    moment = parse_local(now)
    assert deadline_in_words(DEADLINE, moment, "fr") == fr
    assert deadline_in_words(DEADLINE, moment, "ar") == ar


@given(DAYS, st.integers(-60, 60))
def test_months_keep_the_day_or_end_the_month(day: date, n: int) -> None:
    moved = add_months(day, n)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == n
    assert moved.day == day.day or (moved.day < day.day and (moved + timedelta(days=1)).day == 1)


@settings(deadline=None)  # the first call loads the list of holidays
@given(DAYS, st.integers(-30, 30))
def test_working_days_are_counted(day: date, n: int) -> None:
    end = add_working_days(day, n)
    assert is_working_day(end)
    first, last = sorted((day, end))
    between = [first + timedelta(days=i) for i in range(1, (last - first).days)]
    worked = sum(map(is_working_day, between))
    assert worked == max(abs(n) - 1, 0)


def test_holidays_and_their_corrections() -> None:
    throne_day = date(2025, 7, 30)
    assert not is_working_day(throne_day)
    assert not is_working_day(date(2026, 3, 7))  # a Saturday
    assert is_working_day(date(2026, 3, 5))
    assert not is_working_day(date(2026, 3, 5), closed={date(2026, 3, 5)})
    assert is_working_day(throne_day, opened={throne_day})
    assert add_working_days(date(2026, 3, 6), 1, closed={date(2026, 3, 9)}) == date(2026, 3, 10)


def test_the_hour_is_the_locked_one_whatever_the_system_knows() -> None:
    """IANA 2026f: Morocco is on UTC all year again from 20 September 2026; systems of 2025 do not know."""
    assert utc_offset(datetime(2026, 8, 1, 12, tzinfo=UTC)) == 60
    assert utc_offset(datetime(2026, 3, 10, 12, tzinfo=UTC)) == 0  # Ramadan
    assert utc_offset(datetime(2026, 12, 4, 12, tzinfo=UTC)) == 0
    assert utc_offset(datetime(2027, 6, 1, 12, tzinfo=UTC)) == 0
    assert parse_local("2026-12-04 16:30") == datetime(2026, 12, 4, 16, 30, tzinfo=UTC)
