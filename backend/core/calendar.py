"""Dates, hours and deadlines in Morocco: Casablanca's clock, working days, and their words.

Instants are aware datetimes; the clock of Africa/Casablanca shifts around Ramadan (UTC+1, UTC+0
in Ramadan), which the time-zone database knows.
"""

from __future__ import annotations

import calendar as months_of
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib import resources
from typing import Literal
from zoneinfo import ZoneInfo

from backend.core.i18n import ntranslate, translate
from backend.core.money import NBSP


def _pinned(zone: str) -> ZoneInfo:
    """The zone as the locked `tzdata` tells it, never as an old system does: Morocco changes its hour late.

    (Release 2026f: UTC all year again from 20 September 2026; a system of 2025 keeps UTC+1.)
    """
    with resources.files("tzdata").joinpath("zoneinfo", *zone.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=zone)


CASABLANCA = _pinned("Africa/Casablanca")

MONTHS = {
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    # Moroccan names: those of CLDR's `ar` are the eastern ones.
    "ar": [
        "يناير",
        "فبراير",
        "مارس",
        "أبريل",
        "ماي",
        "يونيو",
        "يوليوز",
        "غشت",
        "شتنبر",
        "أكتوبر",
        "نونبر",
        "دجنبر",
    ],
}
WEEKDAYS = {
    "fr": ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    "ar": ["الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"],
}

DateForm = Literal["long", "weekday", "short", "month", "numeric"]


def local(moment: datetime) -> datetime:
    """The same instant on Casablanca's clock; refuses a naive datetime."""
    if moment.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return moment.astimezone(CASABLANCA)


def parse_local(text: str) -> datetime:
    """`2023-09-01 16:00` (or with a T) on Casablanca's clock, as an aware UTC datetime."""
    naive = datetime.fromisoformat(text.strip())
    if naive.tzinfo is not None:
        raise ValueError("a local time carries no offset")
    return naive.replace(tzinfo=CASABLANCA).astimezone(UTC)


def format_date(day: date, lang: str, form: DateForm = "long") -> str:
    """A day in words. A datetime is first taken to Casablanca.

    long `10 mars 2026`, weekday `mardi 10 mars 2026`, short `10 mars`, month `mars 2026`,
    numeric `10/03/2026`.
    """
    if isinstance(day, datetime):
        day = local(day).date()
    if form == "numeric":
        return f"{day:%d/%m/%Y}"
    month = MONTHS[lang][day.month - 1]
    if form == "month":
        return f"{month} {day.year}"
    number = "1er" if day.day == 1 and lang == "fr" else str(day.day)
    if form == "short":
        return f"{number} {month}"
    words = f"{number} {month} {day.year}"
    return f"{WEEKDAYS[lang][day.weekday()]} {words}" if form == "weekday" else words


def format_hour(moment: datetime, lang: str) -> str:
    """`16 h 30` or `16 h` in French, `16:30` in Arabic, on Casablanca's clock."""
    here = local(moment)
    if lang == "ar":
        return f"{here:%H:%M}"
    minutes = f"{NBSP}{here:%M}" if here.minute else ""
    return f"{here.hour}{NBSP}h{minutes}"


def utc_offset(moment: datetime) -> int:
    """How many minutes Casablanca is ahead of UTC at an instant."""
    ahead = local(moment).utcoffset() or timedelta()
    return int(ahead.total_seconds()) // 60


def format_time(moment: datetime) -> str:
    """`14:32` on Casablanca's clock, for short notes ("enregistré à 14:32")."""
    return f"{local(moment):%H:%M}"


def format_datetime(moment: datetime, lang: str) -> str:
    """`mardi 10 mars 2026 à 16 h 30` / `الثلاثاء 10 مارس 2026، الساعة 16:30`."""
    join = "، الساعة " if lang == "ar" else " à "
    return f"{format_date(moment, lang, 'weekday')}{join}{format_hour(moment, lang)}"


def deadline_in_words(deadline: datetime, now: datetime, lang: str) -> str:
    """`dans 6 jours`, `dans 3 heures`, `il y a 2 jours`.

    Under a day, whole hours or minutes left; from a day on, calendar days in Casablanca, as people
    count them beside a date.
    """
    late = deadline < now
    seconds = abs((deadline - now).total_seconds())
    if seconds < 60:
        return translate(lang, "à l’instant" if late else "dans moins d’une minute")
    if seconds < 3600:
        return _elapsed(lang, late, int(seconds // 60), "minute")
    if seconds < 86400:
        return _elapsed(lang, late, int(seconds // 3600), "heure")
    days = abs((local(deadline).date() - local(now).date()).days)
    return _elapsed(lang, late, days, "jour")


def _elapsed(lang: str, late: bool, n: int, unit: str) -> str:
    """The plural sentence for `n` units before or after a deadline."""
    lead = "il y a" if late else "dans"
    return ntranslate(lang, f"{lead} {{n}} {unit}", f"{lead} {{n}} {unit}s", n)


def add_months(day: date, n: int) -> date:
    """The same day `n` months on, or the last day of a shorter month (31 January + 1 → 28 February)."""
    index = day.year * 12 + day.month - 1 + n
    year, month = divmod(index, 12)
    last = months_of.monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last))


@cache
def public_holidays(year: int) -> frozenset[date]:
    """Moroccan public holidays of a year; religious dates are estimates, a day off at times."""
    import holidays  # heavy: only what counts working days pays for it

    return frozenset(holidays.country_holidays("MA", years=year))


def is_working_day(day: date, *, closed: Collection[date] = (), opened: Collection[date] = ()) -> bool:
    """Whether offices work: not a weekend nor a holiday, corrected by the confirmed dates given.

    `closed` adds days off (a religious feast once confirmed), `opened` takes an estimate away.
    """
    if day.weekday() >= 5 or day in closed:
        return False
    return day in opened or day not in public_holidays(day.year)


def add_working_days(
    day: date, n: int, *, closed: Collection[date] = (), opened: Collection[date] = ()
) -> date:
    """The `n`th working day after `day` (before it when negative); 0 is `day` or the next working day."""
    step = timedelta(days=-1 if n < 0 else 1)
    if n == 0:
        while not is_working_day(day, closed=closed, opened=opened):
            day += step
        return day
    left = abs(n)
    while left:
        day += step
        left -= is_working_day(day, closed=closed, opened=opened)
    return day
