"""The mail that the demonstration's catcher kept: real messages, delivered to nobody, read as plain text."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

NAME = re.compile(r"[0-9TZ.]{10,40}-[0-9]{6}-[0-9a-f]{16}\.eml")
LIMIT = 100
MAX_BYTES = 200_000


@dataclass(frozen=True)
class Caught:
    """One message as it left."""

    name: str
    to: str
    subject: str
    language: str
    sent_at: datetime | None
    message_id: str
    body: str


def newest(directory: Path, limit: int = LIMIT) -> list[Caught]:
    """The latest messages; a file that cannot be read as one is passed over."""
    names = sorted((path.name for path in directory.glob("*.eml") if NAME.fullmatch(path.name)), reverse=True)
    found = (read(directory, name) for name in names[:limit])
    return [one for one in found if one]


def count(directory: Path) -> int:
    """How many were caught in all."""
    return sum(1 for path in directory.glob("*.eml") if NAME.fullmatch(path.name))


def read(directory: Path, name: str) -> Caught | None:
    """One message by its file's name, or None; no other file of the machine can be named."""
    if not NAME.fullmatch(name):
        return None
    try:
        with (directory / name).open("rb") as file:
            message = message_from_bytes(file.read(MAX_BYTES), policy=policy.default)
    except OSError:
        return None
    assert isinstance(message, EmailMessage)
    return Caught(
        name=name,
        to=_header(message, "To"),
        subject=_header(message, "Subject"),
        language="ar" if _header(message, "Content-Language") == "ar" else "fr",
        sent_at=_date(message),
        message_id=_header(message, "Message-ID"),
        body=_text(message),
    )


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, ""))
    except (ValueError, IndexError, AttributeError):
        return ""


def _date(message: EmailMessage) -> datetime | None:
    try:
        found = parsedate_to_datetime(_header(message, "Date"))
    except (ValueError, TypeError):
        return None
    return found if found.tzinfo else None


def _text(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except (LookupError, ValueError):
        return ""
