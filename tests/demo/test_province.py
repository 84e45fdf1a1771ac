"""The province of `./indh up`: whole or absent, its calls at their stages, accounts that sign in."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter

import psycopg
import pytest

from backend.core.config import settings
from backend.ops import seed
from backend.ops.demo import province
from backend.ops.demo.http import Client, every_item
from backend.ops.demo.inside import BASE, Inside
from backend.ops.paths import ROOT
from backend.ops.seed import DEMO_PASSWORD
from backend.ops.supervisor import ALOUD

from . import given


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
def test_killed_while_it_fills_it_begins_afresh_and_is_whole(committed, monkeypatch, tmp_path):
    mail = tmp_path / "mail"
    monkeypatch.setenv("FILES_URL", f"file://{tmp_path}/files")
    settings.cache_clear()
    with given.sink(mail) as port:
        filled_at_the_second_start(mail, tmp_path / "answer", port)
    with given.empty(monkeypatch, mail) as client:
        assert given.wrong() == {}
        people = {
            account.role: Inside(BASE, platform=client.platform).sign_in(account.email, DEMO_PASSWORD)
            for account in reversed(province.accounts())  # the first one of each role
        }
        calls_are_at_their_stages(people)
        everybody_has_something_to_see(people)
        something_is_to_be_shared_out(people["officer"])
        plans_hold_or_do_not(people["officer"])
        sessions_and_appeals_are_to_come(people["officer"])
        before = len(every_item(people["officer"], "/applications"))
        province.fill()
        assert len(every_item(people["officer"], "/applications")) == before
    assert set(people) == {
        "holder", "evaluator", "chair", "member", "officer", "agent", "coach",
        "administrator", "auditor", "coordination",
    }  # fmt: skip


def filled_at_the_second_start(mail, answer, port):
    """The first is killed among the deposits, and leaves nothing but the mail that had gone."""
    with prepare(answer, mail, port) as first:
        while "deposits" not in first.stdout.readline():
            assert first.poll() is None
        first.send_signal(signal.SIGKILL)
    assert rows("call", "application", "organisation", "person") == [0, 0, 0, len(seed.NATIONAL)]
    assert list(mail.glob("*.eml"))
    with prepare(answer, mail, port) as second:
        said = second.stdout.read()
    assert second.returncode == 0
    assert said.splitlines()[:4] == [
        f"{ALOUD}schema",
        f"{ALOUD}reference data",
        f"{ALOUD}demo province, at the first start only:",
        f"{ALOUD}  committee, chains and call",
    ]
    assert len(list(mail.glob("*.eml"))) == rows("message WHERE state = 'sent'")[0]
    assert len(json.loads(answer.read_text())["accounts"]) == len(province.accounts())


def calls_are_at_their_stages(people: dict[str, Client]) -> None:
    officer = people["officer"]
    calls = every_item(officer, "/calls")
    draft = [one for one in calls if one["state"] == "draft"]
    assert len(draft) == 1
    assert len(calls) == 5
    states = [
        Counter(one["state"] for one in every_item(officer, "/applications", call_id=call["id"]))
        for call in sorted(calls, key=lambda call: call["closes_at"])
        if call not in draft
    ]
    decided, lately, in_review, still_open = states
    assert lately["eligible"] >= 3
    assert decided["eligible"] >= 5
    assert decided["ineligible"] >= 5
    assert in_review["eligible"] >= 5
    assert in_review["returned"] == 1  # one of the two that were sent back was completed
    assert in_review["eligible"] + in_review["ineligible"] + 1 == province.IN_REVIEW.applications
    still_open.pop("draft", None)  # the holders'
    assert still_open == {"submitted": province.OPEN.applications - province.DRAFTS + 3}  # three are typed
    filed = every_item(officer, "/applications", state="submitted")
    assert {one["filing"] for one in filed} == {"online", "assisted", "paper"}
    assert {one["submissions"] for one in filed} == {1, 2}
    assert every_item(officer, "/conventions")


def everybody_has_something_to_see(people: dict[str, Client]) -> None:
    assert every_item(people["holder"], "/applications")
    assert every_item(people["evaluator"], "/assignments", mine=True)
    assert every_item(people["coach"], "/milestones")
    assert every_item(people["auditor"], "/messages")


def something_is_to_be_shared_out(officer: Client) -> None:
    """« Répartir » has a case to look at: what was taken back from somebody who is away."""
    taken = every_item(officer, "/assignments", state="withdrawn")
    assert 0 < len(taken) <= province.AWAY
    for one in taken:
        readings = every_item(officer, "/assignments", application_id=one["application_id"])
        assert len([r for r in readings if r["state"] not in ("withdrawn", "recused", "abstained")]) < 2


def plans_hold_or_do_not(officer: Client) -> None:
    """One good, one doubtful, one bad: by its sentences, and by its draws."""
    draws = set()
    for one in every_item(officer, "/applications", state="eligible")[:30]:
        told = officer.get(f"/applications/{one['id']}/viability")["study"]["sentences"]
        draws |= {said["severity"] for said in told if said["code"] == "draws"}
    assert draws >= {"good", "attention"}


def sessions_and_appeals_are_to_come(officer: Client) -> None:
    """One sits, one is convened with an appeal on its agenda; another appeal waits to be studied."""
    sessions = {one["state"]: one["id"] for one in every_item(officer, "/committee-sessions")}
    assert set(sessions) == {"closed", "open", "planned"}
    appeals = {one["state"]: one for one in every_item(officer, "/appeals")}
    assert set(appeals) == {"filed", "reported"}
    assert appeals["reported"]["session_id"] == sessions["planned"]
    (reviewed,) = [one["id"] for one in every_item(officer, "/calls") if one["state"] == "in_review"]
    assert officer.get(f"/decisions/calls/{reviewed}/portfolio")["granted"]
