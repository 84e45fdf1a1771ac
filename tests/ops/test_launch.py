"""The launcher: when it installs, when it does not, and what a killed install leaves."""

import fcntl
import os
import subprocess
import sys
import threading
import time

import pytest

from backend.ops import launch
from backend.ops.launch import DEVELOPMENT, RUNTIME, Environment
from backend.ops.refusal import Refusal


class Recorded(Environment):
    """An environment whose commands are noted, not run; `fail` names the words of one that fails."""

    def __init__(self, root, fail=()):
        super().__init__(root)
        self.commands = []
        self.fail = fail

    def _run(self, command, env=None):
        self.commands.append(command)
        if self.fail and all(word in command for word in self.fail):
            return False
        if "venv" in command:
            self.python.parent.mkdir(parents=True)
            self.python.touch()
        return True

    def installs(self):
        return [command[-1].rpartition("/")[2] for command in self.commands if "--require-hashes" in command]


@pytest.fixture
def root(tmp_path):
    (tmp_path / RUNTIME).write_text("a==1 --hash=sha256:00\n")
    (tmp_path / DEVELOPMENT).write_text("a==1 --hash=sha256:00\nb==2 --hash=sha256:11\n")
    (tmp_path / launch.BOOTSTRAP).write_text("uv==0 --hash=sha256:22\n")
    return tmp_path


@pytest.mark.parametrize(
    ("words", "lock"),
    [
        (["up"], RUNTIME),
        (["demo", "--json"], RUNTIME),
        (["test"], DEVELOPMENT),
        (["lint"], DEVELOPMENT),
        (["lock"], None),
    ],
)
def test_each_command_has_its_lock(words, lock):
    assert launch.wanted_lock(words) == lock


def test_first_start_makes_the_environment_and_the_second_runs_nothing(root):
    first = Recorded(root)
    first.ensure(RUNTIME)
    assert first.installs() == [launch.BOOTSTRAP, RUNTIME]
    second = Recorded(root)
    second.ensure(RUNTIME)
    assert second.commands == []


def test_changed_lock_installs_into_the_same_environment(root):
    Recorded(root).ensure(RUNTIME)
    (root / RUNTIME).write_text("a==2 --hash=sha256:33\n")
    again = Recorded(root)
    assert not again.ready(RUNTIME)
    again.ensure(RUNTIME)
    assert again.installs() == [launch.BOOTSTRAP, RUNTIME]
    assert not any("venv" in command for command in again.commands)


def test_development_environment_serves_the_runtime_and_not_the_reverse(root):
    Recorded(root).ensure(DEVELOPMENT)
    assert Environment(root).ready(RUNTIME)
    Environment(root)._stamp(DEVELOPMENT).unlink()
    Environment(root).stamp(RUNTIME)
    assert not Environment(root).ready(DEVELOPMENT)


def test_half_made_environment_is_made_again(root):
    killed = Recorded(root)
    killed.python.parent.mkdir(parents=True)
    killed.python.touch()
    (killed.directory / "half").touch()
    (root / ".venv.lock").write_text(launch._INSTALLING)
    killed.ensure(RUNTIME)
    assert not (killed.directory / "half").exists()
    assert killed.ready(RUNTIME)
    assert (root / ".venv.lock").read_text() == ""


def test_failed_install_leaves_no_stamp_and_one_line(root):
    failing = Recorded(root, fail=("pip", "--python"))
    (root / ".venv.log").write_text("")
    with pytest.raises(Refusal, match=r"requirements\.lock could not be installed; details in"):
        failing.ensure(RUNTIME)
    assert not Environment(root).ready(RUNTIME)
    assert (root / ".venv.lock").read_text() == launch._INSTALLING


def test_missing_network_is_named(root):
    environment = Environment(root)
    environment._log.write_text("error: error sending request for url")
    assert "is there a network?" in environment._failure("x")


def test_missing_installer_is_refused(root):
    with pytest.raises(Refusal, match="uv"):
        Recorded(root, fail=("--no-input",)).ensure(RUNTIME)


def test_the_lock_command_needs_only_the_installer(root):
    bare = Recorded(root)
    bare.ensure(None)
    assert bare.installs() == [launch.BOOTSTRAP]
    (bare.directory / "bin" / "uv").touch()
    assert bare.ready(None)


def test_python_without_venv_gets_debian_s_package_as_root(root, monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: 0)
    monkeypatch.setattr(launch.shutil, "which", lambda _name: None)
    with pytest.raises(Refusal, match="python3-venv"):
        Recorded(root, fail=("-m", "venv")).ensure(RUNTIME)
    monkeypatch.setattr(launch.shutil, "which", lambda _name: "/usr/bin/apt-get")
    poor = Recorded(root, fail=("-m", "venv"))
    with pytest.raises(Refusal, match="python3-venv"):
        poor.ensure(RUNTIME)
    assert ["apt-get", "update", "-q"] in poor.commands


def test_debian_s_package_mends_a_python_without_venv(root, monkeypatch):
    class Mended(Recorded):
        def _run(self, command, env=None):
            self.fail = () if "apt-get" in command else self.fail
            return super()._run(command, env)

    monkeypatch.setattr(os, "getuid", lambda: 0)
    monkeypatch.setattr(launch.shutil, "which", lambda _name: "/usr/bin/apt-get")
    environment = Mended(root, fail=("-m", "venv"))
    environment.ensure(RUNTIME)
    assert environment.ready(RUNTIME)


def test_missing_lock_is_refused(root):
    (root / RUNTIME).unlink()
    with pytest.raises(Refusal, match=r"requirements\.lock is missing"):
        Recorded(root).ensure(RUNTIME)


def test_unwritable_checkout_is_refused(root):
    (root / ".venv.lock").mkdir()
    with pytest.raises(Refusal, match="cannot be written"):
        Recorded(root).ensure(RUNTIME)


def test_the_second_of_two_waits_and_installs_nothing(root, capsys):
    with (root / ".venv.lock").open("a+") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        second = Recorded(root)
        waiting = threading.Thread(target=second.ensure, args=(RUNTIME,))
        waiting.start()
        while "waiting" not in capsys.readouterr().err:
            time.sleep(0.01)
        Recorded(root)._run(["venv"])
        Environment(root).stamp(RUNTIME)
    waiting.join(5)
    assert second.commands == []


def test_commands_are_logged_and_a_missing_program_is_a_failure(root):
    environment = Environment(root)
    assert environment._run([sys.executable, "-c", "print('said')"])
    assert not environment._run(["/nonexistent/program"])
    assert "said" in environment._log.read_text()


def test_main_becomes_the_command(monkeypatch, root):
    became = []
    monkeypatch.setattr(launch, "ROOT", root)
    monkeypatch.setattr(launch, "Environment", Recorded)
    monkeypatch.setattr(os, "execve", lambda *call: became.append(call))
    launch.main(["up", "--port", "1"])
    assert became[0][1][1:] == ["-m", "backend.cli", "up", "--port", "1"]
    assert became[0][2]["PYTHONPATH"] == str(root)


@pytest.mark.parametrize(("failure", "code"), [(Refusal("no"), 2), (KeyboardInterrupt(), 130)])
def test_main_turns_failures_into_exit_codes(monkeypatch, capsys, failure, code):
    def ensure(_self, _lock):
        raise failure

    monkeypatch.setattr(Environment, "ensure", ensure)
    assert launch.main(["up"]) == code
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_help_and_mistakes_need_no_environment(monkeypatch, capsys):
    monkeypatch.setattr(launch, "Environment", lambda _root: pytest.fail("an environment was asked for"))
    assert launch.main([]) == 0
    assert launch.main(["nonsense"]) == 2


def test_the_shell_part_refuses_without_python(tmp_path):
    for name in ("dirname", "sh"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    done = subprocess.run(
        ["/bin/sh", str(launch.ROOT / "indh"), "up"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "no Python 3.11" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("named", ["/nonexistent/python3", "an older python"])
def test_the_python_that_is_asked_for_is_used_or_refused(tmp_path, named):
    older = tmp_path / "an older python"
    older.write_text("#!/bin/sh\nexit 1\n")  # what the question "3.11?" gets
    older.chmod(0o755)
    asked = str(tmp_path / named)
    shell = ["/bin/sh", str(launch.ROOT / "indh"), "help"]
    done = subprocess.run(
        shell, env=os.environ | {"INDH_PYTHON": asked}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr == f"indh: INDH_PYTHON={asked} is not a Python 3.11 or newer.\n"
    older.unlink()
    older.symlink_to(sys.executable)
    spaced = os.environ | {"INDH_PYTHON": str(older)}
    assert subprocess.run(shell, env=spaced, capture_output=True, check=False).returncode == 0
