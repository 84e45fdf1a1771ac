"""A session as a calendar file (RFC 5545): one UID for life, SEQUENCE at each change, instants in UTC."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit

from backend.core.config import settings
from backend.core.i18n import localized, translate

from .models import Committee, CommitteeSession, SessionState

LENGTH = timedelta(hours=3)
"""How long a session is taken to last: nobody knows before, and a calendar wants an end."""
FOLD = 75
"""Octets of a line, its end apart (RFC 5545, 3.1)."""


def calendar_file(session: CommitteeSession, committee: Committee, lang: str, at: datetime) -> bytes:
    """The file in one language: an appointment, or that it is called off. `at` is the instant of writing."""
    lines = _lines(session, committee, lang, at)
    return b"".join(_folded(line) for line in lines)


def uid(session: CommitteeSession) -> str:
    """The same for every file of the session, so that a calendar replaces the earlier one."""
    return f"{session.id}@{urlsplit(settings().base_url).hostname or 'indh.invalid'}"


def _lines(session: CommitteeSession, committee: Committee, lang: str, at: datetime) -> Iterator[str]:
    off = session.state is SessionState.CANCELLED
    starts = session.resumes_at or session.scheduled_at
    named = localized(lang, committee.name)
    summary = translate(lang, "Séance n° {number} : {committee}", number=session.number, committee=named)
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield f"PRODID:-//INDH//Programme 3//{lang.upper()}"
    yield f"METHOD:{'CANCEL' if off else 'PUBLISH'}"
    yield "BEGIN:VEVENT"
    yield f"UID:{uid(session)}"
    yield f"SEQUENCE:{session.sequence}"
    yield f"DTSTAMP:{instant(at)}"
    yield f"DTSTART:{instant(starts)}"
    yield f"DTEND:{instant(starts + LENGTH)}"
    yield f"STATUS:{'CANCELLED' if off else 'CONFIRMED'}"
    yield f"ORGANIZER:mailto:{parseaddr(settings().mail_from)[1]}"
    yield f"SUMMARY;LANGUAGE={lang}:{escaped(summary)}"
    if session.place:
        yield f"LOCATION:{escaped(session.place)}"
    yield f"URL:{settings().base_url}/sessions/{session.id}"
    yield "END:VEVENT"
    yield "END:VCALENDAR"


def instant(moment: datetime) -> str:
    """`20261203T090000Z`: UTC, that no calendar reads otherwise when Morocco changes its hour."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """A TEXT value (3.3.11); what else controls a line is dropped."""
    safe = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    safe = safe.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return "".join(one for one in safe if one >= " ")


def _folded(line: str) -> bytes:
    """The line with its end, folded between characters, never inside one."""
    parts, size = [""], 0
    for one in line:
        width = len(one.encode())
        if size + width > FOLD:
            parts.append(" ")
            size = 1
        parts[-1] += one
        size += width
    return "\r\n".join(parts).encode() + b"\r\n"
