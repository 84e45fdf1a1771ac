"""Outgoing mail over SMTP, at least once, each message under an id derived from its row."""

import smtplib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from threading import local
from urllib.parse import unquote, urlsplit

from .config import settings

TIMEOUT = 10  # seconds; a server that hangs must not hold a worker longer


class Mailer(local):
    """One connection a thread, kept between messages and made anew when the server dropped it."""

    connection: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> None:
        """Hand the message over; raises `smtplib.SMTPException` or `OSError` when the server will not."""
        try:
            self._open().send_message(message)
        except smtplib.SMTPServerDisconnected:
            self.close()
            self._open().send_message(message)
        except Exception:
            self.close()
            raise

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def _open(self) -> smtplib.SMTP:
        if self.connection is None:
            url = urlsplit(settings().smtp_url)
            kind = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
            self.connection = kind(url.hostname or "", url.port or 25, timeout=TIMEOUT)
            if url.scheme == "smtp+starttls":
                self.connection.starttls()
            if url.username:
                self.connection.login(unquote(url.username), unquote(url.password or ""))
        return self.connection


mailer = Mailer()


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a message; its type may have parameters, as `text/calendar; method=CANCEL`."""

    name: str
    media_type: str
    content: bytes


def compose(  # noqa: PLR0913 (a message has as many parts)
    *,
    to: str,
    name: str,
    subject: str,
    body: str,
    language: str,
    message_id: str,
    at: datetime,
    attachments: Iterable[Attachment] = (),
) -> EmailMessage:
    """A plain-text message in one language; `message_id` is the part before the @."""
    message = EmailMessage()
    sender, sender_address = parseaddr(settings().mail_from)
    domain = sender_address.rpartition("@")[2]
    message["From"] = Address(sender, addr_spec=sender_address)
    message["To"] = Address(name, addr_spec=to)
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{message_id}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body, charset="utf-8", cte="8bit" if body.isascii() else "base64")
    message["Content-Language"] = language  # after the content, whose setting drops every Content-* header
    for one in attachments:
        kind, *parameters = (part.strip() for part in one.media_type.split(";"))
        maintype, _, subtype = kind.partition("/")
        given = dict(parameter.split("=", 1) for parameter in parameters)
        message.add_attachment(
            one.content, maintype=maintype, subtype=subtype, filename=one.name, params=given
        )
    return message
