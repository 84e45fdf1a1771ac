"""A real SMTP server on loopback, that can be told to refuse."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from backend.core.mail import mailer
from backend.ops.mailbox import free_port


class Box:
    """What arrived. `rcpt` (by address) and `data` are answers to give instead of taking."""

    def __init__(self) -> None:
        self.raw: list[bytes] = []
        self.rcpt: dict[str, str] = {}
        self.data: str | None = None

    async def handle_RCPT(
        self, _s: SMTP, _n: Session, envelope: Envelope, address: str, _o: list[str]
    ) -> str:
        if address in self.rcpt:
            return self.rcpt[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _s: SMTP, _n: Session, envelope: Envelope) -> str:
        if self.data:
            return self.data
        assert isinstance(envelope.content, bytes)
        self.raw.append(envelope.content)
        return "250 kept"

    @property
    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=policy.default) for raw in self.raw]  # type: ignore[misc]

    @property
    def ids(self) -> list[str]:
        return [str(message["Message-ID"]) for message in self.messages]


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Box]:
    """An open mailbox; ask for `world` or `committed` before it."""
    from backend.core.config import settings

    port = free_port()
    kept = Box()
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    monkeypatch.setenv("SMTP_URL", f"smtp://127.0.0.1:{port}")
    settings.cache_clear()
    mailer.close()
    yield kept
    mailer.close()
    controller.stop()
    settings.cache_clear()
