"""The mail catcher: keeps each message whole, and fails as told."""

import smtplib
import socket
import subprocess
import time
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from backend.ops import mailbox
from backend.ops.supervisor import Supervisor


def letter(identity="<first@indh.invalid>", text="السلام عليكم, à bientôt"):
    message = EmailMessage()
    message["From"], message["To"], message["Message-ID"] = "das@indh.invalid", "coop@indh.invalid", identity
    message["Subject"] = "Échéance"
    message.set_content(text)
    return message


@pytest.fixture
def catcher(tmp_path):
    team = Supervisor()

    def start(**how):
        port = mailbox.free_port()
        team.start(mailbox.child(tmp_path / "mail", port, tmp_path / "mail.log", **how))
        team.wait_ready("Mail catcher")
        return port

    yield start
    team.stop()


def test_message_is_kept_whole_with_its_recipients(catcher, tmp_path):
    with smtplib.SMTP("127.0.0.1", catcher(), timeout=5) as client:
        client.send_message(letter(), to_addrs=["coop@indh.invalid", "hidden@indh.invalid"])
        client.send_message(letter("<second@indh.invalid>"))
    first, second = sorted((tmp_path / "mail").iterdir())
    assert first.suffix == second.suffix == ".eml"
    kept = first.read_bytes()
    assert kept.startswith(b"X-Envelope-To: coop@indh.invalid, hidden@indh.invalid\r\n")
    assert b"Message-ID: <first@indh.invalid>" in kept


def test_refusing(catcher, tmp_path):
    with (
        smtplib.SMTP("127.0.0.1", catcher(mode="refuse"), timeout=5) as client,
        pytest.raises(smtplib.SMTPDataError, match="told to refuse"),
    ):
        client.send_message(letter())
    assert [*(tmp_path / "mail").iterdir()] == []


def test_hanging(catcher, tmp_path):
    client = smtplib.SMTP("127.0.0.1", catcher(mode="hang"), timeout=0.3)
    with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)):
        client.send_message(letter())
    client.close()
    assert [*(tmp_path / "mail").iterdir()] == []


def test_slow(catcher):
    begun = time.monotonic()
    with smtplib.SMTP("127.0.0.1", catcher(mode="slow", delay=0.2), timeout=5) as client:
        client.send_message(letter())
    assert time.monotonic() - begun > 0.2


def test_names_sort_by_time_and_show_a_repeat():
    now = datetime(2026, 3, 10, 16, 30, tzinfo=UTC)
    first, again = (mailbox.file_name(letter().as_bytes(), now) for _ in range(2))
    other = mailbox.file_name(letter("<b@b>").as_bytes(), now)
    bare = mailbox.file_name(b"no header", now)
    assert first < again < other < bare
    assert first.startswith("20260310T163000.000000Z-")
    assert first.rpartition("-")[2] == again.rpartition("-")[2] != other.rpartition("-")[2]


def test_nobody_answers_on_a_free_port():
    assert not mailbox.answers(mailbox.free_port())


def test_port_in_use_ends_the_catcher(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        argv = mailbox.child(tmp_path, int(port), tmp_path / "log").argv
        done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=20)
    assert done.returncode != 0
    assert "address already in use" in done.stderr
