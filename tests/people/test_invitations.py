"""Whoever was entered with an address is sent a way in, once, and chooses her password."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from backend.core import jobs
from backend.core.actor import SYSTEM
from backend.core.clock import arriving
from backend.core.events import Event
from backend.core.tx import transaction
from backend.notifications.models import Message
from backend.people import commands
from backend.people.models import Invitation
from tests.people import given
from tests.people.given import PASSWORD
from tests.people.test_organisations import refused

FORM = {"password": PASSWORD}


@pytest.fixture
def sent(database: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The bodies of what leaves."""
    from backend.core.mail import mailer

    bodies: list[str] = []
    monkeypatch.setattr(mailer, "send", lambda mail: bodies.append(mail.get_content()))
    return bodies


def link_in(body: str) -> str:
    found = re.search(r"/invitations/[\w-]{40,}", body)
    assert found
    return found[0]


def test_she_gets_a_link_chooses_and_is_in(world: Any, client: Any, sent: list[str]) -> None:
    key = given.person("karim@exemple.ma")
    jobs.drain()
    (body,) = sent
    link = link_in(body)
    browser = client(None)
    page = browser.get(link)
    assert "karim@exemple.ma" in page.text
    assert (page.headers["cache-control"], page.headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert browser.post(link, data={"password": "court"}).status_code == 422
    assert browser.post(link, data={"password": "karim naciri"}).status_code == 422
    done = browser.post(link, data=FORM, follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, "/welcome")
    assert browser.get("/api/v1/me").json()["id"] == str(key)
    assert browser.get(link).status_code == 404
    assert browser.post(link, data=FORM).status_code == 404
    with transaction(SYSTEM) as tx:
        assert commands.sign_in  # her password is hers: see the sign-in below
        names = tx.session.scalars(select(Event.name).where(Event.subject_id == key)).all()
    assert "person.joined" in names
    fresh = client(None)
    asked = {"email": "karim@exemple.ma", "password": PASSWORD}
    assert fresh.post("/api/v1/sessions", json=asked).status_code in (200, 201)


def test_the_secret_is_written_nowhere(world: Any, sent: list[str]) -> None:
    given.person("karim@exemple.ma")
    jobs.drain()
    secret = link_in(sent[0]).rsplit("/", 1)[1]
    with transaction(SYSTEM) as tx:
        kept = tx.session.scalars(
            text("SELECT data::text FROM event UNION ALL SELECT new::text FROM row_change "
                 "UNION ALL SELECT params::text FROM message UNION ALL SELECT token_hash FROM invitation")
        ).all()  # fmt: skip
        assert all(secret not in (row or "") for row in kept)


def test_it_lives_seven_days_and_the_latest_alone_serves(world: Any, client: Any, sent: list[str]) -> None:
    key = given.person("karim@exemple.ma")
    jobs.drain()
    answer = client("administrator").post(f"/admin/people/{key}/invite")
    assert "part dans quelques secondes" in answer.text
    jobs.drain()
    first, second = map(link_in, sent)
    assert client(None).get(first).status_code == 404
    with transaction(SYSTEM) as tx:
        now = tx.session.scalars(select(Invitation.asked_at).order_by(Invitation.id.desc())).first()
    assert now
    secret = second.rsplit("/", 1)[1]
    with arriving(at=now + timedelta(days=7, minutes=1)):
        assert refused(lambda tx: commands.invited(tx, secret), SYSTEM).status == 404
    assert client(None).get(second).status_code == 200


def test_who_is_not_invited(world: Any, client: Any, sent: list[str]) -> None:
    with_password = given.person("a@exemple.ma", password=PASSWORD)
    without_mail = given.person(None)
    jobs.drain()
    assert sent == []
    for key in (with_password, without_mail):
        page = client("administrator").get(f"/admin/people/{key}").text
        assert "Envoyer une" not in page
        refusal = refused(lambda tx, key=key: commands.invite(tx, key), world.administrator)
        assert refusal.code == "person_uninvitable"
    key = given.person("b@exemple.ma")
    jobs.drain()
    for _ in range(4):
        assert client("administrator").post(f"/api/v1/people/{key}/invite").status_code == 201
    assert client("administrator").post(f"/api/v1/people/{key}/invite").json()["code"] == "invited_enough"
    assert client("officer").post(f"/api/v1/people/{key}/invite").status_code == 404


def test_a_link_that_was_replaced_before_it_left_is_not_sent(world: Any, sent: list[str]) -> None:
    key = given.person("karim@exemple.ma")
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        commands.invite(tx, key)
    jobs.drain()
    with transaction(SYSTEM) as tx:
        messages = tx.session.scalars(select(Message).where(Message.template == "person.invited")).all()
        assert {row.error for row in messages} <= {None, "not_awaited"}
    assert len(sent) >= 1
    assert link_in(sent[-1])


def test_registering_does_not_ask_the_address_again(client: Any, world: Any) -> None:
    browser = client(None)
    form = {"name": "Amina", "email": "Amina+1@exemple.ma", "language": "fr", "password": PASSWORD}
    answer = browser.post("/register", data=form, follow_redirects=False)
    assert "amina" not in answer.headers["location"].lower()
    page = browser.get(answer.headers["location"]).text
    assert 'value="amina+1@exemple.ma"' in page
    assert 'value="amina+1' not in browser.get("/sign-in").text
