"""The demonstration's province is whole or absent: a start that is killed while it fills leaves nothing."""

import json
import os
import signal
import subprocess
import sys
import time

import psycopg
import pytest

from backend.ops import admin, seed
from backend.ops.demo.whole import forget_lost_mail
from backend.ops.paths import ROOT
from backend.ops.refusal import Refusal
from backend.ops.supervisor import ALOUD
from tests.demo import given


def prepare(answer, mail, port):
    """`./indh up`'s first start of a demonstration, as a process of its own."""
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "INDH_DEMO": "1",
        "SMTP_URL": f"smtp://127.0.0.1:{port}",
        "INDH_MAIL_DIR": str(mail),
    }
    argv = [sys.executable, "-m", "backend.ops.prepare", str(answer), "--province"]
    return subprocess.Popen(argv, env=environment, stdout=subprocess.PIPE, text=True)


def rows(*tables):
    """How many rows each table has, once nobody else is at work in the database."""
    with psycopg.connect(os.environ["DATABASE_URL"].replace("+psycopg", "")) as connection:
        others = """SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = 'indh' AND state <> 'idle'"""
        limit = time.monotonic() + 20
        while connection.execute(others).fetchone() != (0,):
            assert time.monotonic() < limit
            time.sleep(0.05)
        return [connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_killed_while_it_fills_it_begins_afresh(committed, tmp_path):
    mail, answer = tmp_path / "mail", tmp_path / "answer"
    with given.sink(mail) as port:
        with prepare(answer, mail, port) as first:
            while "deposits" not in first.stdout.readline():
                assert first.poll() is None
            first.send_signal(signal.SIGKILL)
        assert rows("call", "application", "organisation", "person") == [0, 0, 0, len(seed.NATIONAL)]
        assert list(mail.glob("*.eml"))
        with prepare(answer, mail, port) as second:
            said = second.stdout.read()
        assert second.returncode == 0
        calls, messages = rows("call", "message WHERE state = 'sent'")
    assert said.splitlines()[:4] == [
        f"{ALOUD}schema",
        f"{ALOUD}reference data",
        f"{ALOUD}demo province, at the first start only:",
        f"{ALOUD}  committee, chains and call",
    ]
    assert calls == 5
    assert len(list(mail.glob("*.eml"))) == messages
    assert given.wrong() == {}
    assert len(json.loads(answer.read_text())["accounts"]) == 9


def test_only_mail_that_nobody_owns_is_forgotten(database, tmp_path):
    lost = tmp_path / "20260101T000000.000000Z-000000-0123456789abcdef.eml"
    lost.write_text("Message-ID: <message.0@exemple.test>\n\nperdu\n")
    (tmp_path / "mine.eml").write_text("kept by somebody")
    forget_lost_mail(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.eml"]


def test_a_demonstration_is_refused_where_real_people_are(committed, monkeypatch):
    monkeypatch.setenv("INDH_ADMIN_PASSWORD", "une phrase assez longue")
    admin.main(["vraie@prefecture.example", "Une vraie administratrice"])
    with pytest.raises(Refusal, match="--no-demo"):
        seed.load(demo=True)
