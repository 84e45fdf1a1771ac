"""Mistakes of the operator: one clear line on the standard error, exit code 2, no traceback, nothing made."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from backend import cli
from backend.core.config import settings
from backend.ops import store
from backend.ops.addresses import require_addresses
from backend.ops.paths import ROOT
from backend.ops.refusal import Refusal, exit_code

DEAD = "postgresql://somebody:hidden-word@127.0.0.1:1/indh"


def run(*words, **variables):
    """The command in a process of its own, with no server of the tests."""
    ours = {key: value for key, value in os.environ.items() if not key.endswith("_URL")}
    return subprocess.run(
        [sys.executable, "-m", "backend.cli", *map(str, words)],
        cwd=ROOT,
        env=ours | {"PYTHONPATH": str(ROOT), "INDH_ADMIN_PASSWORD": "une phrase assez longue"} | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def refused(done, *said):
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert all(word in done.stderr for word in said), done.stderr
    assert "hidden-word" not in done.stderr


@pytest.fixture
def nowhere(monkeypatch):
    """No server is named, as in an operator's shell."""
    for name in ("DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL", "SMTP_URL"):
        monkeypatch.delenv(name, raising=False)
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("up --port many", "--port"),
        ("up --port 0", "not a port"),
        ("up somewhere", "unrecognized arguments: somewhere"),
        ("demo --applications 0", "from 1 to 2000"),
        ("demo --call absent.yaml", "No such file"),
        ("check --data absent", "not being served"),
        ("ranking export agadir-2023 --data absent", "not being served"),
        ("check it", "unrecognized"),
        ("call", "required: command"),
        ("call check", "required: FILE"),
        ("call check absent.yaml", "No such file"),
        ("call check calls", "Is a directory"),
        ("call load calls/agadir-2023.yaml", "DATABASE_URL"),
        ("call schema calls", "Is a directory"),
        ("admin someone@exemple.test", "required: NAME"),
        ("migrate now", "unrecognized"),
        ("openapi --chek", "unrecognized"),
        ("docs --chek", "unrecognized"),
        ("words find", "invalid choice"),
        ("lint --mend", "unrecognized"),
        ("lock --newest", "unrecognized"),
    ],
)
def test_a_mistake_is_one_line(nowhere, capsys, words, said):
    try:
        code = cli.main(words.split())
    except SystemExit as left:
        code = left.code
    told = capsys.readouterr()
    assert code == 2
    assert told.out == ""
    assert told.err.startswith("indh: ")
    assert said in told.err
    assert told.err.count("\n") == 1


@pytest.mark.parametrize("command", ["call check", "demo --call"])
def test_a_binary_file_is_told_so(tmp_path, command):
    (tmp_path / "picture.yaml").write_bytes(bytes(range(256)))
    done = run(*command.split(), tmp_path / "picture.yaml")
    assert done.returncode in {1, 2}
    assert "picture.yaml:1: ce n'est pas du texte UTF-8." in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["call check", "demo --call"])
def test_a_file_that_may_not_be_read_is_told_so(monkeypatch, capsys, command):
    def forbidden(_self, *_how):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)
    assert cli.main([*command.split(), "closed.yaml"]) == 2
    assert capsys.readouterr().err == "indh: closed.yaml: Permission denied.\n"


@pytest.mark.parametrize(
    "words", ["check", "migrate", "call load calls/agadir-2023.yaml", "admin a@exemple.test Nom"]
)
def test_a_database_that_does_not_answer_is_one_line(words):
    refused(run(*words.split(), DATABASE_URL=DEAD), "the database cannot be used", "Connection refused")


def test_a_start_on_a_database_that_does_not_answer_is_one_line(tmp_path):
    words = ("up", "--port", "18231", "--data", tmp_path / "data")
    done = run(*words, DATABASE_URL=DEAD, REDIS_URL="redis://127.0.0.1:1")
    refused(done, "REDIS_URL", "Connection refused")
    refused(run(*words, DATABASE_URL=DEAD), "the database cannot be used", "Connection refused")


def test_a_database_that_answers_and_refuses(committed):
    without_schema = urlsplit(committed)._replace(path="/template1")
    refused(run("check", DATABASE_URL=urlunsplit(without_schema)), "./indh migrate")
    stranger = committed.replace("indh_app", "stranger:hidden-word")
    refused(run("check", DATABASE_URL=stranger), "the database cannot be used", "stranger")


@pytest.mark.parametrize(
    "given",
    ["mysql://a:hidden-word@b/c", "nonsense", "postgresql://a:hidden-word@b:port/c", "postgresql://[b/c"],
)
def test_what_is_no_address_is_said_without_repeating_it(given):
    with pytest.raises(Refusal, match=r"^DATABASE_URL is not an address such as postgresql://") as said:
        require_addresses({"DATABASE_URL": given})
    assert "hidden-word" not in str(said.value)


def test_addresses_of_every_kind_are_taken():
    require_addresses(
        {
            "DATABASE_URL": "postgresql+psycopg://indh_app@/indh?host=/tmp/run",
            "MIGRATION_DATABASE_URL": "postgres://owner:a%40b@db:5432/indh",
            "REDIS_URL": "redis+socket:///tmp/run/store.sock",
            "SMTP_URL": "smtp+starttls://user:password@mail:587",
            "BASE_URL": "anything",
        }
    )
    with pytest.raises(Refusal, match="REDIS_URL"):
        require_addresses({"REDIS_URL": "http://b"})


def test_a_store_that_answers_is_taken():
    store.require_answer(os.environ["REDIS_URL"])


def test_a_reader_who_has_enough_is_no_fault():
    words = f"{sys.executable} -m backend.cli call check calls/agadir-2023.yaml | head -1"
    done = subprocess.run(["/bin/sh", "-c", words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""


def test_a_fault_of_ours_keeps_its_traceback():
    def broken(_argv):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        exit_code(broken, [])
