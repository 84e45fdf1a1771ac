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
from backend.notifications import caught, sms
from backend.notifications import commands as owed
from backend.notifications.messages import CODES, TEXTED
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
        given.fill(tx, made, given.content(documents=given.documents(call)))
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
    assert "Unité d'huile d'argan" in sent["text"]
    assert "240 000,00 DH" in sent["text"]
    assert sms.parts(sent["text"]) == 1
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


FACTS: dict[str, Any] = {
    "number": "AGA-2026-0147", "receipt": "K7QF-3MRD-9XTW", "submitted_at": "2026-09-30T12:00:00+00:00",
    "version": 12, "due_on": "2026-09-30", "closes_at": "2026-09-30T12:00:00+00:00", "tranche": 2,
    "agent": "Fatima-Zahra Aït Lahcen", "title": "Huilerie",
    "organisation": {"fr": "Tifaout", "ar": "تيفاوت"}, "appeal": "AGA-2026-0147-R1",
    "scheduled_at": "2026-09-30T12:00:00+00:00",
    "milestone": "Achat de la presse", "n_days": 3, "amount_centimes": 30_000_000,
}  # fmt: skip


@pytest.mark.parametrize("template", sorted(TEXTED | set(CODES)))
def test_a_text_is_short_and_says_what_to_do(template: str) -> None:
    """One text in French, two at most in Arabic; no project, no name of hers, no amount.

    Who confirms what an agent typed hears what she confirms: the project and the amount.
    """
    for lang, most in (("fr", 1), ("ar", 2)):
        text = short(lang, template, FACTS, code="123456")
        assert "{" not in text
        assert "}" not in text
        assert sms.parts(text) <= most, (sms.parts(text), len(text), text)
        confirms = template == "assistance.code_asked"
        for kept in ("Huilerie", "300"):
            assert (kept in text) is confirms
        for kept in ("Tifaout", "تيفاوت"):
            assert kept not in text
    assert all(sign in sms.GSM for sign in short("fr", template, FACTS, code="123456"))


@pytest.mark.parametrize(("lang", "most"), [("fr", 1), ("ar", 2)])
def test_a_long_title_gives_way_to_what_must_be_read(lang: str, most: int) -> None:
    """The code, the amount, the number and the warning stay; the title is cut."""
    for title in ("Unité d’extraction d’huile d’argan biologique " * 3, "وحدة استخلاص " * 15):
        facts = FACTS | {"title": title, "amount_centimes": 123_456_789_00}
        text = short(lang, "assistance.code_asked", facts, code="123456")
        assert sms.parts(text) <= most, (sms.parts(text), len(text), text)
        for said in ("123456", "789,00", "AGA-2026-0147", "10"):
            assert said in text
        assert ("..." if lang == "fr" else "…") in text
    assert "Unit" in short(
        lang, "assistance.code_asked", FACTS | {"title": "Unité d’huile d’argan"}, code="123456"
    )


def test_parts_are_counted_as_telephones_count_them() -> None:
    assert [sms.parts("a" * n) for n in (160, 161, 306, 307)] == [1, 2, 2, 3]
    assert [sms.parts("ا" * n) for n in (70, 71, 134, 135)] == [1, 2, 2, 3]
    assert sms.plain("L’été à Fès : «ça» œuvre…\u00a0ê") == 'L\'été à Fès : "ca" oeuvre... e'


@pytest.mark.parametrize(
    ("reach", "email", "phone", "ways"),
    [
        ("email", "a@exemple.test", "+212600000018", ["email"]),
        ("sms", "a@exemple.test", "+212600000018", ["sms"]),
        ("both", "a@exemple.test", "+212600000018", ["email", "sms"]),
        ("sms", "a@exemple.test", None, ["email"]),
        ("email", None, "+212600000018", ["sms"]),
        ("both", None, "+212600000018", ["sms"]),
        ("both", None, None, ["email"]),
    ],
)
def test_what_matters_comes_once_by_the_way_she_chose(
    world: Any, reach: str, email: str | None, phone: str | None, ways: list[str]
) -> None:
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        her = {"email": email, "phone": phone, "reach": reach}
        tx.session.execute(update(Person).where(Person.id == world.holder.id).values(**her))
    given.submitted(world)
    kernel.drain()
    with transaction(SYSTEM) as tx:
        from backend.core.events import Event

        tx.allowed = tx.recorded = True
        told = tx.session.scalars(select(Event).where(Event.name == "application.submitted")).all()
        assert owed.owe(tx, told) == 0  # asked again, nothing is owed twice
        mine = select(Message.channel).where(
            Message.template == "application.submitted", Message.recipient_id == world.holder.id
        )
        assert sorted(tx.session.scalars(mine)) == ways


def test_she_chooses_on_her_page(world: Any, client: Any) -> None:
    browser = client("holder")
    assert "Par courriel et par SMS" in browser.get("/me").text
    form = {"name": "Holder", "language": "fr", "reach": "both", "version": "1"}
    assert "enregistrées" in browser.post("/me", data=form).text
    with transaction(world.holder) as tx:
        assert tx.session.get_one(Person, world.holder.id).reach == "both"
    assert browser.post("/me", data=form | {"reach": "pigeon", "version": "2"}).status_code == 422


def test_a_code_of_agreement_names_the_agent_and_confirms(world: Any, gateway: Any) -> None:
    from backend.people import commands as people
    from tests.people.test_accompaniment import ask, confirm, numbered

    numbered(world)
    asked = ask(world.agent, "77/2021")
    nobody = ask(world.agent, "78/2021")
    kernel.drain()
    (sent,) = gateway.got
    assert sent["to"] == "+212600000017"
    assert "Agent" in sent["text"]
    code = next(word.strip(".") for word in sent["text"].split() if word.strip(".").isdecimal())
    assert confirm(world.agent, asked, code)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        assert people.fresh_accompaniment_code(tx, nobody) is None
        assert people.fresh_accompaniment_code(tx, asked) is None
