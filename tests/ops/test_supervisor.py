"""The supervisor, with real processes: restart, order of stopping, and no orphan after kill -9."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from backend.ops import processes, supervisor, watcher
from backend.ops.paths import ROOT
from backend.ops.processes import Privilege, Watcher
from backend.ops.refusal import Refusal
from backend.ops.supervisor import ALOUD, Child, Stopped, Supervisor, last_line, outcome

SLEEP = (sys.executable, "-c", "import time; print('here', flush=True); time.sleep(60)")


def gone(pid: int, within: float = 5.0) -> bool:
    """Whether `pid` has ended (or waits only for its parent to notice)."""
    limit = time.monotonic() + within
    while time.monotonic() < limit:
        try:
            if "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text():
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def said():
    return []


@pytest.fixture
def team(said):
    made = Supervisor(said.append)
    yield made
    made.stop()


def child(tmp_path, name="child", argv=SLEEP, **more):
    return Child(name, argv, tmp_path / f"{name}.log", env=dict(os.environ), **more)


def tick_until(team, condition, within=10.0):
    limit = time.monotonic() + within
    while not condition():
        assert time.monotonic() < limit
        team.tick()
        time.sleep(0.01)


def test_killed_child_comes_back_and_is_said_once(team, said, tmp_path):
    team.start(child(tmp_path))
    first = team.pid("child")
    os.kill(first, signal.SIGKILL)
    tick_until(team, lambda: team.pid("child") != first)
    assert len(said) == 1
    assert said[0].startswith("child stopped (killed by SIGKILL); starting it again now")


def test_child_that_keeps_dying_is_started_later_each_time(team, said, tmp_path):
    team.start(child(tmp_path, argv=(sys.executable, "-c", "raise SystemExit(3)")))
    tick_until(team, lambda: len(said) == 3)
    assert [line.partition(" again ")[2].partition(" (")[0] for line in said] == ["now", "in 0.5 s", "in 1 s"]


def test_stages_stop_from_the_edge_inwards(team, tmp_path):
    order = tmp_path / "order"
    script = (
        "import signal, sys, time\n"
        "def leave(*_):\n"
        "    time.sleep(0.1); open(sys.argv[1], 'a').write(sys.argv[2] + ' '); sys.exit()\n"
        "signal.signal(signal.SIGTERM, leave); open(sys.argv[1] + sys.argv[2], 'w'); time.sleep(60)\n"
    )
    for name, stage in (("database", 0), ("api", 1)):
        argv = (sys.executable, "-c", script, str(order), name)
        team.start(child(tmp_path, name, argv, stage=stage, ready=Path(f"{order}{name}").exists))
    team.wait_ready("database", "api")
    pids = [team.pid("database"), team.pid("api")]
    team.stop()
    assert order.read_text() == "api database "
    assert all(gone(pid, 0.1) for pid in pids)


def test_child_that_ignores_the_signal_is_killed_and_said(team, said, tmp_path):
    ignore = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    deaf = f"{ignore}; print(1, flush=True); time.sleep(60)"
    log = tmp_path / "deaf.log"
    ready = lambda: log.read_text() == "1\n"  # noqa: E731
    team.start(child(tmp_path, "deaf", (sys.executable, "-c", deaf), grace=0.2, ready=ready))
    team.wait_ready("deaf")
    team.stop()
    assert said == ["deaf did not stop in time; killed."]


def test_what_a_child_forked_ends_with_it(team, tmp_path):
    argv = ("sh", "-c", "sleep 60 & echo $!; exec sleep 60")
    log = tmp_path / "child.log"
    team.start(child(tmp_path, argv=argv, ready=lambda: bool(log.read_text().strip())))
    team.wait_ready("child")
    forked = int(log.read_text())
    team.stop()
    assert gone(forked)


def test_child_that_does_not_start_is_refused_with_its_last_words(team, tmp_path):
    argv = (sys.executable, "-c", "print('no room'); raise SystemExit(1)")
    team.start(child(tmp_path, argv=argv, ready=lambda: False))
    with pytest.raises(Refusal, match=r"child did not start \(exit 1\): no room"):
        team.wait_ready("child")


def test_child_that_is_never_ready_is_refused(team, tmp_path):
    team.start(child(tmp_path, ready=lambda: False))
    with pytest.raises(Refusal, match="not ready after"):
        team.wait_ready("child", timeout=0.1)


def test_child_waiting_to_be_restarted_is_not_stopped_twice(team, said, tmp_path):
    team.start(child(tmp_path, argv=("false",)))
    tick_until(team, lambda: len(said) == 2)
    team.stop()
    assert team._lives == {}


def test_run_once_waits_for_the_end(team, tmp_path):
    team.run_once(child(tmp_path, argv=("true",)))
    with pytest.raises(Refusal, match=r"child failed \(exit 1\): it wrote nothing"):
        team.run_once(child(tmp_path, argv=("false",)))


def test_run_once_lets_the_operator_hear_what_is_said_aloud(team, tmp_path):
    (tmp_path / "child.log").write_text(f"{ALOUD}of an earlier start\n")
    heard = []
    argv = (
        "sh",
        "-c",
        f"echo '{ALOUD}one'; echo quiet; printf '{ALOUD}tw'; sleep 0.2; echo o; echo '{ALOUD}end'",
    )
    team.run_once(child(tmp_path, argv=argv), hear=heard.append)
    assert heard == ["one", "two", "end"]


def test_a_refusal_of_a_child_is_passed_on_as_it_is(team, tmp_path):
    with pytest.raises(Refusal, match=r"^no room$"):
        team.run_once(child(tmp_path, argv=("sh", "-c", "echo 'indh: no room'; exit 2")))


def test_order_to_stop_ends_every_wait(team, tmp_path):
    team._on_signal(signal.SIGTERM, None)
    with pytest.raises(Stopped):
        team.run_once(child(tmp_path))
    team.start(child(tmp_path, ready=lambda: False))
    with pytest.raises(Stopped):
        team.wait_ready("child")
    team.run()  # returns at once
    team._on_signal(signal.SIGINT, None)
    assert team._hurry


def test_listen_takes_the_three_signals(team):
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        team.listen()
        os.kill(os.getpid(), signal.SIGHUP)
        team.run()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_long_log_is_set_aside(team, tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "_LOG_LIMIT", 3)
    (tmp_path / "child.log").write_text("long")
    team.start(child(tmp_path))
    assert (tmp_path / "child.1.log").read_text() == "long"


def test_words_for_an_end(tmp_path):
    assert outcome(3) == "exit 3"
    assert outcome(-9) == "killed by SIGKILL"
    assert last_line(tmp_path / "none") == "it wrote nothing"


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's own way is Linux's")
@pytest.mark.parametrize("prefix", [(), ("unshare", "--user", "--map-user=65534", "--map-group=65534")])
def test_kill_9_of_the_supervisor_leaves_no_orphan(tmp_path, prefix):
    if prefix and (os.getuid() != 0 or not processes._can_unshare()):
        pytest.skip("no user namespace here")
    script = (
        "import os, sys, time\nfrom pathlib import Path\n"
        "from backend.ops.processes import Privilege\nfrom backend.ops.supervisor import Child, Supervisor\n"
        f"team, log = Supervisor(), Path({str(tmp_path / 'c.log')!r})\n"
        f"team.start(Child('c', ('sleep', '60'), log, privilege=Privilege(prefix={prefix!r})))\n"
        "time.sleep(0.2)\nprint(team.pid('c'), flush=True)\ntime.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(ROOT)}
    ) as boss:
        pid = int(boss.stdout.readline())
        assert not gone(pid, 0.1)
        boss.kill()
        boss.wait()
    assert gone(pid)


def test_watcher_signals_those_left_when_its_pipe_closes():
    sleepers = [subprocess.Popen(["sleep", "60"]) for _ in range(2)]
    guard = Watcher()
    for sleeper in sleepers:
        guard.watch(sleeper.pid, signal.SIGTERM)
    guard.forget(sleepers[1].pid)
    guard.process.stdin.close()
    assert sleepers[0].wait(5) == -signal.SIGTERM
    assert guard.process.wait(5) == 0
    assert sleepers[1].poll() is None
    sleepers[1].kill()
    sleepers[1].wait()


def test_watcher_does_not_mind_those_already_gone():
    done = subprocess.Popen(["true"])
    done.wait()
    watcher.main([f"+ {done.pid} {int(signal.SIGTERM)}\n"])


def test_not_root_stays_as_it_is(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "getuid", lambda: 65534)
    assert processes.unprivileged(tmp_path) == Privilege()


def test_user_without_a_name_gets_one_where_namespaces_allow_it(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "getuid", lambda: 3_000_000_000)
    monkeypatch.setattr(processes, "_can_unshare", lambda: True)
    assert processes.unprivileged(tmp_path).prefix[:2] == ("unshare", "--user")
    monkeypatch.setattr(processes, "_can_unshare", lambda: False)
    assert processes.unprivileged(tmp_path) == Privilege()


@pytest.mark.skipif(os.getuid() != 0, reason="only root has powers to drop")
class TestAsRoot:
    def test_directory_of_another_is_worked_in_as_its_owner(self, tmp_path):
        os.chown(tmp_path, 65534, 65534)
        assert processes.unprivileged(tmp_path) == Privilege(uid=65534, gid=65534)

    def test_without_namespaces_a_system_account_is_taken(self, monkeypatch):
        monkeypatch.setattr(processes, "_can_unshare", lambda: False)
        privilege = processes.unprivileged(Path("/tmp/new/postgres"))
        assert privilege.uid not in {None, 0}

    def test_account_that_cannot_enter_is_refused(self, monkeypatch, tmp_path):
        monkeypatch.setattr(processes, "_can_unshare", lambda: False)
        tmp_path.chmod(0o700)
        with pytest.raises(Refusal, match="cannot enter"):
            processes.unprivileged(tmp_path / "postgres")

    def test_no_account_at_all_is_refused(self, monkeypatch, tmp_path):
        def unknown(_name):
            raise KeyError

        monkeypatch.setattr(processes, "_can_unshare", lambda: False)
        monkeypatch.setattr(processes.pwd, "getpwnam", unknown)
        with pytest.raises(Refusal, match="no system account"):
            processes.unprivileged(tmp_path / "postgres")

    def test_without_the_program_there_is_no_namespace(self, monkeypatch):
        processes._can_unshare.cache_clear()
        monkeypatch.setattr(processes.shutil, "which", lambda _name: None)
        assert not processes._can_unshare()
        processes._can_unshare.cache_clear()
