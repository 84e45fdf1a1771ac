"""`./indh up`: refusals, one whole life with a stand-in for the API, and a second one after kill -9."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from backend.ops import mailbox, preflight, prepare, up
from backend.ops.paths import ROOT
from backend.ops.postgres import Postgres
from backend.ops.refusal import Refusal
from backend.ops.supervisor import ALOUD

# The real command with a stand-in for what the database gets and for API, worker and beat.
STAND_IN = """
import sys
from pathlib import Path
from backend.ops import up
from backend.ops.supervisor import Child

def edge(env, port, data):
    web = data / "web"
    web.mkdir(exist_ok=True)
    (web / "healthz").touch()
    argv = (sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(web))
    return [Child("API", argv, data / "logs" / "api.log", env=env, stage=2, ready=lambda: up.healthy(port))]

up.edge = edge
up.Platform._database = lambda self: [["das@demo.invalid", "DAS", "demo-password"]]
sys.exit(up.main(sys.argv[1:]))
"""
SERVERS = ("postgres", "valkey-server", "backend.ops.mailbox", "http.server")


@pytest.fixture
def start(tmp_path):
    running = []

    def begin(port):
        argv = [sys.executable, "-c", STAND_IN, "--port", str(port), "--data", str(tmp_path / "data")]
        ours = {key: value for key, value in os.environ.items() if not key.endswith(("_URL", "SECRET_KEY"))}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        process = subprocess.Popen(argv, env=ours | {"PYTHONPATH": str(ROOT)}, **pipes)
        running.append(process)
        return process

    yield begin
    for process in running:
        process.kill()
        process.communicate()


def read_until(process, words):
    lines = []
    for line in process.stdout:
        lines.append(line)
        if words in line:
            return "".join(lines)
    raise AssertionError("".join(lines) + process.stderr.read())


def servers_of(data: Path) -> list[str]:
    """The command lines of the servers that work in `data`."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_text().replace("\0", " ")
        except OSError:
            continue
        if str(data) in words and any(server in words for server in SERVERS):
            found.append(words)
    return found


def wait_for_silence(data: Path) -> None:
    limit = time.monotonic() + 10
    while servers_of(data):
        assert time.monotonic() < limit, servers_of(data)
        time.sleep(0.05)


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_a_life_a_kill_and_a_second_life(start, tmp_path):
    data, port = tmp_path / "data", mailbox.free_port()
    first = start(port)
    said = read_until(first, "Ctrl-C")
    assert f"Open http://127.0.0.1:{port}" in said
    assert "das@demo.invalid  DAS  demo-password" in said
    assert (data / "secret_key").stat().st_mode & 0o777 == 0o600
    key = (data / "secret_key").read_text()
    assert len(servers_of(data)) >= 4

    second = start(port)
    _, refused = second.communicate(timeout=10)
    assert second.returncode != 0
    assert f"another ./indh up (process {first.pid})" in refused

    first.kill()
    first.wait()
    third = start(port)  # at once: PostgreSQL is still shutting down
    read_until(third, "Ctrl-C")
    assert (data / "secret_key").read_text() == key
    third.send_signal(signal.SIGINT)
    said, _ = third.communicate(timeout=20)
    assert "Stopped; the data is kept." in said
    assert third.returncode == 0
    assert servers_of(data) == []


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_killed_and_left_alone_nothing_stays(start, tmp_path):
    platform = start(mailbox.free_port())
    read_until(platform, "Ctrl-C")
    platform.kill()
    platform.wait()
    wait_for_silence(tmp_path / "data")


def test_stop_before_it_is_ready(start, tmp_path):
    platform = start(mailbox.free_port())
    while not (tmp_path / "data" / "postgres").exists():
        time.sleep(0.01)
    platform.terminate()
    said, _ = platform.communicate(timeout=20)
    assert "Stopped" in said or "stopped" in said
    assert servers_of(tmp_path / "data") == []


def test_taken_port_is_refused(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Refusal, match=rf"port {port} is taken: .* --port {port + 1}"):
            up.main(["--port", str(port), "--data", str(tmp_path / "new" / "data")])
    assert not (tmp_path / "new").exists()


def test_directory_with_other_things_is_refused_untouched(tmp_path):
    tmp_path.chmod(0o755)
    (tmp_path / "letters").touch()
    with pytest.raises(Refusal, match="holds other things"):
        up.main(["--data", str(tmp_path)])
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_directory_that_cannot_be_read_is_refused(tmp_path, monkeypatch):
    def forbidden(_self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", forbidden)
    with pytest.raises(Refusal, match="cannot be read: Permission denied"):
        preflight.own_directory(tmp_path)


@pytest.mark.parametrize("number", [70000, 0, -1])
def test_number_that_is_no_port_is_refused(number):
    with pytest.raises(Refusal, match="not a port"):
        preflight.require_free_port(number)


def test_privileged_port_is_refused(monkeypatch):
    def forbidden(_self, _address):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", forbidden)
    with pytest.raises(Refusal, match="needs root"):
        preflight.require_free_port(80)


def test_full_disk_is_refused(tmp_path):
    with pytest.raises(Refusal, match="no disk space"):
        preflight.require_space(tmp_path, needed=1 << 60)


def test_full_disk_leaves_no_directory_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(preflight.shutil, "disk_usage", lambda _place: shutil._ntuple_diskusage(1, 1, 0))
    with pytest.raises(Refusal, match="no disk space"):
        up.main(["--data", str(tmp_path / "new" / "data")])
    assert not (tmp_path / "new").exists()


def test_unwritable_data_is_refused(tmp_path):
    (tmp_path / "up.lock").mkdir()
    with pytest.raises(Refusal, match="cannot be written"), preflight.only_one(tmp_path):
        pass


def test_predecessor_that_stays_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(Postgres, "running", lambda _self: True)
    with pytest.raises(Refusal, match="still uses"):
        preflight.wait_for_predecessor(Postgres(tmp_path, tmp_path), seconds=0.1)


def test_given_servers_are_used_and_none_is_started(tmp_path, monkeypatch):
    for name, value in (
        ("DATABASE_URL", "postgresql://d"),
        ("REDIS_URL", "redis://r"),
        ("SMTP_URL", "smtp://s"),
    ):
        monkeypatch.setenv(name, value)
    asked = []
    monkeypatch.setattr(up, "require_answer", asked.append)
    platform = up.Platform(tmp_path, 1, demo=False, say=lambda _line: None)
    platform._servers()
    assert asked == ["redis://r"]
    assert platform.env["DATABASE_URL"] == "postgresql://d"
    assert platform.env["INDH_DEMO"] == "0"
    assert not (tmp_path / "postgres").exists()
    assert platform.supervisor._lives == {}


def test_edge_is_api_worker_and_beat(tmp_path):
    api, *others = up.edge({}, 8000, tmp_path)
    assert [child.name for child in (api, *others)] == ["API", "worker", "beat"]
    assert "--no-access-log" in api.argv  # the server would write what was typed in an address


def test_database_step_shows_the_accounts(tmp_path, monkeypatch):
    platform = up.Platform(tmp_path, 1, demo=True, say=lambda _line: None)
    monkeypatch.setattr(
        platform.supervisor,
        "run_once",
        lambda child, hear: Path(child.argv[3]).write_text('{"accounts": [["a"]]}'),
    )
    assert platform._database() == [["a"]]


def test_every_stage_is_said_as_it_is_done(tmp_path):
    said = []
    stages = up.Stages(said.append)
    stages.done("schema")
    stages.done("demo province:")
    assert said[0].startswith("  schema  ")
    assert said[0].endswith(" s")
    assert said[1] == "  demo province:"


def test_closed_terminal_does_not_stop_it(monkeypatch):
    def closed(*_words, **_how):
        raise BrokenPipeError

    monkeypatch.setattr("builtins.print", closed)
    up.say("anything")


def test_accounts_are_aligned():
    assert up.table([["das@demo", "DAS"], ["a@demo", "Porteur"]]) == ["das@demo  DAS", "a@demo    Porteur"]


@pytest.fixture
def prepared(monkeypatch):
    """What a start would do to its database, in order; nothing is done."""
    done = []
    monkeypatch.setattr(prepare, "migrate", done.append)
    monkeypatch.setattr(prepare.seed, "load", lambda demo: done.append("demo" if demo else "reference data"))
    monkeypatch.setattr(prepare.seed, "fill", lambda say: (done.append("province"), say("the deposits")))
    monkeypatch.setenv("DATABASE_URL", "postgresql://app")
    monkeypatch.delenv("MIGRATION_DATABASE_URL", raising=False)
    return done


@pytest.mark.parametrize(("demo", "loaded"), [("1", ["demo", "province"]), ("0", ["reference data"])])
def test_the_province_is_filled_only_in_a_demonstration(
    prepared, tmp_path, monkeypatch, capsys, demo, loaded
):
    monkeypatch.setenv("INDH_DEMO", demo)
    assert prepare.main([str(tmp_path / "answer"), "--province"]) == 0
    assert prepared == ["postgresql://app", *loaded]
    aloud = [line for line in capsys.readouterr().out.splitlines() if line.startswith(ALOUD)]
    filled = [f"{ALOUD}the deposits"] if demo == "1" else []
    assert aloud == [f"{ALOUD}schema", f"{ALOUD}reference data", *filled]


def test_a_demonstration_that_asks_for_no_province_gets_none(prepared, tmp_path, monkeypatch):
    monkeypatch.setenv("MIGRATION_DATABASE_URL", "postgresql://owner")
    monkeypatch.setenv("INDH_DEMO", "1")
    prepare.main([str(tmp_path / "answer")])
    assert prepared == ["postgresql://owner", "demo"]


@pytest.mark.parametrize("demo", ["1", "0"])
def test_the_operator_is_shown_the_accounts_of_a_demonstration_only(prepared, tmp_path, monkeypatch, demo):
    monkeypatch.setenv("INDH_DEMO", demo)
    prepare.main([str(tmp_path / "answer")])
    accounts = json.loads((tmp_path / "answer").read_text())["accounts"]
    assert ("auditeur@exemple.test" in {email for _, email, _ in accounts}) is (demo == "1")
    assert bool(accounts) is (demo == "1")
