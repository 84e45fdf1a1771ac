"""The ledger over HTTP and as a page; the mail that a demonstration caught."""

from pathlib import Path
from typing import Any

import pytest

from backend.core import jobs as kernel
from backend.core.config import settings
from backend.notifications import caught
from backend.ops.mailbox import file_name
from tests.funding import given as funding

from .conftest import Box

API = "/api/v1"
HTML = {"accept": "text/html"}


def page(browser: Any, path: str, lang: str = "fr") -> str:
    answer = browser.get(path, params={"lang": lang}, headers=HTML)
    assert answer.status_code == 200, answer.text[:2000]
    text: str = answer.text
    assert "{" not in text.split("</head>")[1]
    return text


def refused_and_sent(world: Any, box: Box) -> None:
    """Two messages: the holder's refused for good, the rival's sent (in Arabic)."""
    box.rcpt["holder@exemple.test"] = "550 5.1.1 no"
    funding.funded(world, count=2)
    from backend.core.tx import transaction
    from backend.funding.commands import prepare_call

    with transaction(world.officer) as tx:
        prepare_call(tx, world.call)
    kernel.drain()


def test_the_ledger_over_the_api(world: Any, client: Any, box: Box) -> None:
    refused_and_sent(world, box)
    officer = client("officer")
    listed = officer.get(f"{API}/messages").json()
    assert [m["state"] for m in listed["items"]] == ["failed", "sent"]
    assert listed["counts"] == {"queued": 0, "sent": 1, "failed": 1, "no_address": 0}
    failed = listed["items"][0]
    assert (failed["error"], failed["recipient"], failed["address"]) == (
        "550 5.1.1",
        "Holder",
        "holder@exemple.test",
    )
    assert failed["subject"].startswith("Convention")
    assert listed["items"][1]["subject"].startswith("الاتفاقية")
    first = officer.get(f"{API}/messages?limit=1").json()
    assert (
        officer.get(f"{API}/messages", params={"cursor": first["next"]}).json()["items"]
        == listed["items"][1:]
    )
    assert (
        officer.get(f"{API}/messages?state=sent&template=convention.prepared").json()["items"]
        == listed["items"][1:]
    )
    assert officer.get(f"{API}/messages/{failed['id']}").json() == failed
    box.rcpt.clear()
    assert officer.post(f"{API}/messages/{failed['id']}/resend").json()["state"] == "queued"
    kernel.drain()
    assert officer.get(f"{API}/messages/{failed['id']}").json()["state"] == "sent"
    again = officer.post(f"{API}/messages/{failed['id']}/resend")
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")


@pytest.mark.parametrize(
    ("who", "seen"), [("auditor", 2), ("holder", 1), ("rival", 1), ("stranger", 0), ("coach", 0)]
)
def test_who_reads_the_ledger(world: Any, client: Any, box: Box, who: str, seen: int) -> None:
    refused_and_sent(world, box)
    answer = client(who).get(f"{API}/messages").json()
    assert len(answer["items"]) == sum(answer["counts"].values()) == seen
    assert client(None).get(f"{API}/messages").status_code == 401


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_the_ledger_as_a_page(world: Any, client: Any, box: Box, lang: str) -> None:
    officer = client("officer")
    page(officer, "/messages", lang)
    funding.prepared(world)
    kernel.run([])
    page(officer, "/messages", lang)
    box.rcpt["holder@exemple.test"] = "550 5.1.1 no"
    kernel.drain()
    text = page(officer, "/messages", lang)
    assert "550 5.1.1" in text
    assert "/resend" in text
    assert "/resend" not in page(client("auditor"), "/messages", lang)
    for query in ("state=failed", "state=x&template=y", "template=convention.prepared"):
        page(officer, f"/messages?{query}", lang)
    path = text.split('action="/messages/')[1].split('"')[0]
    box.rcpt.clear()
    answer = officer.post(f"/messages/{path}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/messages?done=1")
    page(officer, "/messages?done=1", lang)
    page(officer, "/messages", lang)
    twice = officer.post(f"/messages/{path}", headers=HTML)
    assert twice.status_code == 409
    kernel.drain()
    page(officer, "/messages", lang)
    assert client("auditor").post(f"/messages/{path}", headers=HTML).status_code == 403


@pytest.fixture
def mail_dir(world: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("INDH_MAIL_DIR", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    settings.cache_clear()


def keep(folder: Path, raw: bytes) -> str:
    from datetime import UTC, datetime

    name = file_name(raw, datetime.now(UTC))
    (folder / name).write_bytes(raw)
    return name


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_caught_mail_is_read_by_anyone_as_text(
    client: Any, mail_dir: Path, lang: str, world: Any, box: Box
) -> None:
    nobody = client(None)
    page(nobody, "/demo/mail", lang)
    funding.funded(world, count=2)
    from backend.core.tx import transaction
    from backend.funding.commands import prepare_call

    with transaction(world.officer) as tx:
        prepare_call(tx, world.call)
    kernel.drain()
    names = [keep(mail_dir, raw) for raw in box.raw]
    listed = page(nobody, "/demo/mail", lang)
    assert all(f"/demo/mail/{name}" in listed for name in names)
    assert "الاتفاقية" in page(nobody, f"/demo/mail/{names[1]}", lang) + page(
        nobody, f"/demo/mail/{names[0]}", lang
    )
    wicked = keep(
        mail_dir,
        b"Subject: <script>x</script>\r\nTo: a@b\r\nDate: never\r\n\r\n<script>alert(1)</script>\r\n",
    )
    shown = nobody.get(f"/demo/mail/{wicked}", headers=HTML).text
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)" in shown


@pytest.mark.parametrize(
    "name", ["..%2F..%2Fetc%2Fpasswd", "x.eml", "20260101T000000.000000Z-000000-0123456789abcdef.eml"]
)
def test_no_other_file_is_read(client: Any, mail_dir: Path, name: str) -> None:
    assert client(None).get(f"/demo/mail/{name}", headers=HTML).status_code == 404


def test_odd_mail(mail_dir: Path) -> None:
    html_only = keep(
        mail_dir, b"Content-Type: text/html\r\nDate: Mon, 1 Jan 2024 00:00:00 -0000\r\n\r\n<b>x</b>"
    )
    assert (found := caught.read(mail_dir, html_only))
    assert (found.body, found.sent_at, found.language) == (
        "",
        None,
        "fr",
    )
    unknown = keep(mail_dir, b"Content-Type: text/plain; charset=klingon\r\n\r\n\xff\xfe")
    assert (found := caught.read(mail_dir, unknown))
    assert found.body == ""
    (mail_dir / "20990101T000000.000000Z-000000-0123456789abcdef.eml").mkdir()
    assert len(caught.newest(mail_dir)) == 2
    assert caught.count(mail_dir) == 3


def test_without_a_catcher_there_is_no_such_page(client: Any) -> None:
    assert settings().mail_dir is None
    assert client(None).get("/demo/mail", headers=HTML).status_code == 404


def test_the_ledger_costs_the_same_for_one_or_many(
    world: Any, client: Any, box: Box, statements: Any
) -> None:
    refused_and_sent(world, box)
    officer = client("officer")
    counts = []
    for limit in (1, 3):
        with statements() as seen:
            officer.get(f"{API}/messages?limit={limit}")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 5
