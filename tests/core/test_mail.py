"""Outgoing mail: one connection kept, made anew when dropped, and messages that say what they are."""

import smtplib
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, ClassVar

import pytest

from backend.core import mail
from backend.core.config import settings

AT = datetime(2026, 3, 10, 16, 30, tzinfo=UTC)


def message(**changed: str) -> EmailMessage:
    fields: dict[str, Any] = {
        "to": "fatima@exemple.test",
        "name": "Fatima, « présidente »",
        "subject": "Votre dossier",
        "body": "Bonjour,\n\nUne étape.\n",
        "language": "fr",
        "message_id": "0190-abc",
        "at": AT,
    }
    return mail.compose(**(fields | changed))


class FakeServer:
    """What `smtplib` offers, noting what is asked of it."""

    made: ClassVar[list["FakeServer"]] = []
    failures: ClassVar[list[Exception]] = []

    def __init__(self, host: str, port: int, timeout: int) -> None:
        self.where = (host, port, timeout)
        self.did: list[Any] = []
        FakeServer.made.append(self)

    def send_message(self, sent: EmailMessage) -> None:
        if FakeServer.failures:
            raise FakeServer.failures.pop(0)
        self.did.append(sent["Message-ID"])

    def starttls(self) -> None:
        self.did.append("starttls")

    def login(self, user: str, password: str) -> None:
        self.did.append((user, password))

    def close(self) -> None:
        self.did.append("closed")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`server(url)` is a mailer whose connections are fake ones; they are in `FakeServer.made`."""
    FakeServer.made, FakeServer.failures = [], []
    monkeypatch.setattr(smtplib, "SMTP", FakeServer)
    monkeypatch.setattr(smtplib, "SMTP_SSL", type("FakeSecure", (FakeServer,), {}))

    def at(url: str) -> mail.Mailer:
        monkeypatch.setenv("SMTP_URL", url)
        settings.cache_clear()
        return mail.Mailer()

    yield at
    monkeypatch.undo()
    settings.cache_clear()


def test_one_connection_serves_many_messages(server: Any) -> None:
    mailer = server("smtp://relay.example:2525")
    mailer.send(message())
    mailer.send(message(message_id="0190-def"))
    (one,) = FakeServer.made
    assert one.where == ("relay.example", 2525, mail.TIMEOUT)
    assert [said.partition("@")[0] for said in one.did] == ["<0190-abc", "<0190-def"]


def test_a_dropped_connection_is_made_anew(server: Any) -> None:
    mailer = server("smtp://relay.example")
    mailer.send(message())
    FakeServer.failures = [smtplib.SMTPServerDisconnected()]
    mailer.send(message())
    assert len(FakeServer.made) == 2
    assert FakeServer.made[0].did[-1] == "closed"
    assert FakeServer.made[1].where[1] == 25


@pytest.mark.parametrize("failure", [TimeoutError(), smtplib.SMTPDataError(550, b"no"), OSError()])
def test_a_failure_is_told_and_its_connection_dropped(server: Any, failure: Exception) -> None:
    mailer = server("smtp://relay.example")
    FakeServer.failures = [failure]
    with pytest.raises(type(failure)):
        mailer.send(message())
    assert mailer.connection is None
    mailer.send(message())
    assert len(FakeServer.made) == 2


def test_secrets_and_encryption_of_the_address(server: Any) -> None:
    server("smtp+starttls://indh:p%40ss@relay.example:587").send(message())
    assert FakeServer.made[0].did[:2] == ["starttls", ("indh", "p@ss")]
    server("smtps://indh@relay.example:465").send(message())
    assert type(FakeServer.made[1]).__name__ == "FakeSecure"
    assert FakeServer.made[1].did[0] == ("indh", "")


def test_a_message_says_who_when_and_in_which_language() -> None:
    made = message_from_bytes(bytes(message()), policy=policy.default)
    assert made["To"].addresses[0].display_name == "Fatima, « présidente »"
    assert made["To"].addresses[0].addr_spec == "fatima@exemple.test"
    assert made["Date"].datetime == AT
    assert made["Message-ID"].startswith("<0190-abc@")
    assert made["Message-ID"].partition("@")[2].rstrip(">") == made["From"].addresses[0].domain
    assert (made["Content-Language"], made["Auto-Submitted"]) == ("fr", "auto-generated")
    assert made.get_content() == "Bonjour,\n\nUne étape.\n"


def test_arabic_travels_whole() -> None:
    body = "السلام عليكم،\n\n" + "سطر طويل جدا " * 200
    made = message_from_bytes(
        bytes(message(body=body, subject="طلبكم", language="ar")), policy=policy.default
    )
    assert made.get_content().rstrip("\n") == body
    assert made["Subject"] == "طلبكم"


def test_a_subject_cannot_add_a_header() -> None:
    made = message(subject="Dossier\r\nBcc: tous@exemple.test\n  suite")
    assert made["Subject"] == "Dossier Bcc: tous@exemple.test suite"
    assert made["Bcc"] is None


@pytest.mark.parametrize("to", ["a@b.test\nBcc: c@d.test", "pas une adresse", ""])
def test_what_is_no_address_is_refused(to: str) -> None:
    with pytest.raises(Exception, match=r".*"):
        message(to=to)
