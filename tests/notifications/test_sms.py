"""A code by SMS: to a gateway, or caught in a demonstration; never in the ledger."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest
from sqlalchemy import select, update

from backend.applications import assistance, commands
from backend.core import jobs as kernel
from backend.core.actor import SYSTEM
from backend.core.config import settings
from backend.core.tx import transaction
from backend.notifications import caught
from backend.notifications import commands as owed
from backend.notifications.messages import TEXTED
from backend.notifications.models import Channel, Message, MessageState
from backend.notifications.wording import short
from backend.people.models import Organisation, Person
from tests.applications import given


class Gateway(BaseHTTPRequestHandler):
    """Keeps what it is sent; answers as it is told."""

    got: ClassVar[list[dict[str, Any]]] = []
    answer = 200

    def do_POST(self) -> None:
        Gateway.got.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(Gateway.answer)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Quiet."""


def asked(world: Any) -> Any:
    call = given.open_call(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.get_one(Organisation, world.tifaout).phone = "+212600000017"
    with transaction(world.officer) as tx:
        made = commands.create(tx, call.id, world.tifaout)
    with transaction(world.officer) as tx:
        assistance.ask_code(tx, made.id)
    kernel.drain()
    with transaction(SYSTEM) as tx:
        return made, tx.session.scalars(select(Message).where(Message.channel == Channel.SMS)).one()


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Any:
    server = HTTPServer(("127.0.0.1", 0), Gateway)
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("SMS_URL", f"http://127.0.0.1:{server.server_port}/send")
    monkeypatch.setenv("SMS_TOKEN", "secret")
    settings.cache_clear()
    Gateway.got, Gateway.answer = [], 200
    yield Gateway
    server.shutdown()
    server.server_close()
    settings.cache_clear()


def test_the_gateway_gets_the_code_that_confirms_and_the_ledger_does_not(world: Any, gateway: Any) -> None:
    made, message = asked(world)
    assert (message.state, message.address) == (MessageState.SENT, "+212600000017")
    (sent,) = gateway.got
    assert sent["to"] == "+212600000017"
    code = next(word for word in sent["text"].split() if word.isdecimal() and len(word) == 6)
    assert code not in json.dumps(message.params)
    with transaction(world.officer) as tx:
        assert assistance.confirm_by_code(tx, made.id, code)


def test_a_refusal_for_good_is_kept(world: Any, gateway: Any) -> None:
    gateway.answer = 400
    _, message = asked(world)
    assert (message.state, message.error) == (MessageState.FAILED, "400")


def test_a_gateway_that_is_busy_is_tried_again(world: Any, gateway: Any) -> None:
    gateway.answer = 503
    _, message = asked(world)
    assert message.state is MessageState.QUEUED


def test_without_a_gateway_it_is_said(world: Any) -> None:
    _, message = asked(world)
    assert (message.state, message.error) == (MessageState.FAILED, "no_gateway")


def test_a_demonstration_catches_it(world: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from backend.notifications import sms

    class Here:
        sms_url, demo, mail_dir = "", True, tmp_path

    monkeypatch.setattr(sms, "settings", lambda: Here)
    _, message = asked(world)
    assert message.state is MessageState.SENT
    (mail,) = caught.newest(tmp_path)
    assert mail.to == "+212600000017"
    assert "10" in mail.body


@pytest.mark.parametrize(("lang", "word"), [("fr", "Récépissé"), ("ar", "الوصل")])
def test_who_has_only_a_telephone_gets_her_receipt_there(
    world: Any, gateway: Any, lang: str, word: str
) -> None:
    gateway.answer = 400
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        her = {"email": None, "phone": "+212600000018", "language": lang}
        tx.session.execute(update(Person).where(Person.id == world.holder.id).values(**her))
    made = given.submitted(world)
    kernel.drain()
    with transaction(SYSTEM) as tx:
        message = tx.session.scalars(select(Message).where(Message.template == "application.submitted")).one()
    assert (message.channel, message.state, message.address) == (
        Channel.SMS,
        MessageState.FAILED,
        her["phone"],
    )
    gateway.answer = 200
    with transaction(world.officer) as tx:
        owed.resend(tx, message.id)  # a receipt, unlike a code, is sent again
    kernel.drain()
    text = gateway.got[-1]["text"]
    with transaction(SYSTEM) as tx:
        code = tx.session.get_one(type(made), made.id).receipt_code
    assert code in text
    assert made.number in text
    assert word in text
    assert len(text) < 160


def test_every_short_text_is_filled() -> None:
    facts = {
        "number": "2026-001", "receipt": "ABCD-EFGH", "submitted_at": "2026-03-02T12:00:00+00:00",
        "version": 2, "due_on": "2026-03-12", "closes_at": "2026-03-12T12:00:00+00:00",
    }  # fmt: skip
    for lang in ("fr", "ar"):
        for template in TEXTED:
            text = short(lang, template, facts)
            assert "2026-001" in text
            assert "{" not in text
            assert len(text) < 180
