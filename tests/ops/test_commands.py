"""The command line: dispatch, help, and what the commands that call tools would call."""

import subprocess
import sys
from pathlib import Path

import pytest

from backend import cli
from backend.ops import lint, lock, migrate, openapi
from backend.ops import test as tests
from backend.ops.paths import ROOT
from backend.ops.refusal import Refusal


def test_help_names_every_command(capsys):
    assert cli.main(["help"]) == 0
    said = capsys.readouterr().out
    assert all(f"./indh {name} " in said for name in cli.COMMANDS)


def test_unknown_command_is_told_the_known_ones(capsys):
    assert cli.main(["uo"]) == 2
    assert "unknown command 'uo'. Known: up," in capsys.readouterr().err


def test_missing_module_breaks_its_own_command_only(capsys, monkeypatch):
    monkeypatch.setitem(cli.COMMANDS, "later", ("backend.ops.later.run", ""))
    assert cli.main(["later"]) == 2
    assert "no backend.ops.later.run yet" in capsys.readouterr().err


def test_module_that_lacks_a_library_is_an_error(tmp_path, monkeypatch):
    (tmp_path / "needs_something.py").write_text("import a_module_that_does_not_exist")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError):
        cli.command("needs_something")


def test_arguments_reach_the_command_and_its_code_comes_back(monkeypatch):
    monkeypatch.setattr(migrate, "main", len)
    assert cli.main(["migrate", "a", "b", "c"]) == 3


def test_interruption_is_130(monkeypatch):
    def interrupted(_argv):
        raise KeyboardInterrupt

    monkeypatch.setattr(migrate, "main", interrupted)
    assert cli.main(["migrate"]) == 130


def test_module_runs_as_the_package():
    done = subprocess.run(
        [sys.executable, "-m", "backend", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "./indh up" in done.stdout


def test_migrate_wants_an_address(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("MIGRATION_DATABASE_URL", raising=False)
    with pytest.raises(Refusal, match="DATABASE_URL"):
        migrate.main([])


def test_migrate_prefers_the_owner(monkeypatch):
    asked = []
    monkeypatch.setattr(
        migrate.command,
        "upgrade",
        lambda config, revision: asked.append((config.attributes["url"], revision)),
    )
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db/indh")
    monkeypatch.setenv("MIGRATION_DATABASE_URL", "postgres://owner@db/indh")
    assert migrate.main([]) == 0
    assert asked == [("postgresql+psycopg://owner@db/indh", "head")]
    assert migrate.plain_driver("postgresql+psycopg://x") == "postgresql+psycopg://x"


class TestOpenAPI:
    def test_file_is_written_then_agrees(self, tmp_path, monkeypatch, capsys):
        monkeypatch.setattr(openapi, "ROOT", tmp_path)
        monkeypatch.setattr(openapi, "FILE", tmp_path / "openapi" / "openapi.json")
        monkeypatch.setattr(openapi, "description", lambda: '{"openapi": "3.1.0"}\n')
        with pytest.raises(Refusal, match="is missing"):
            openapi.main(["--check"])
        assert openapi.main([]) == 0
        assert openapi.main(["--check"]) == 0
        openapi.FILE.write_text("{}")
        with pytest.raises(Refusal, match="no longer describes"):
            openapi.main(["--check"])
        assert "written: openapi/openapi.json" in capsys.readouterr().out

    def test_it_describes_the_composed_application(self, monkeypatch):
        class App:
            def openapi(self):
                return {"openapi": "3.1.0", "info": {"title": "Été"}}

        monkeypatch.setattr(openapi.importlib, "import_module", lambda _name: self)
        monkeypatch.setattr(self.__class__, "create_app", lambda _self: App(), raising=False)
        assert openapi.description() == '{\n "openapi": "3.1.0",\n "info": {\n  "title": "Été"\n }\n}\n'


class TestLint:
    def test_every_step_says_its_result(self, capsys):
        good = lint.Step("good", (sys.executable, "-c", "print('not shown')"))
        bad = lint.Step("bad", (sys.executable, "-c", "print('why'); raise SystemExit(1)"))
        assert lint.report([good, bad]) == 1
        said = capsys.readouterr().out
        assert "ok    good" in said
        assert "FAIL  bad" in said
        assert "why" in said
        assert "not shown" not in said

    def test_exit_code(self, monkeypatch):
        monkeypatch.setattr(lint, "steps", lambda: iter([lint.Step("good", ("true",))]))
        assert lint.main([]) == 0
        monkeypatch.setattr(lint, "steps", lambda: iter([lint.Step("bad", ("false",))]))
        assert lint.main([]) == 1

    def test_fix_lets_ruff_mend_first(self, monkeypatch):
        called = []
        monkeypatch.setattr(lint.subprocess, "run", lambda command, **_how: called.append(command))
        monkeypatch.setattr(lint, "steps", lambda: iter([]))
        lint.main(["--fix"])
        assert [command[3] for command in called] == ["check", "format"]

    def test_every_check_is_a_program_of_this_environment(self):
        steps = [*lint.steps()]
        assert {step.command[0] for step in steps} == {sys.executable, lint.tool("lint-imports")}
        assert [step.name for step in steps][-3:] == ["translations", "OpenAPI", "diagrams"]


class TestTest:
    def test_everything_runs_in_parallel_with_coverage(self):
        assert tests.pytest_command([], 4)[2:] == [
            *["coverage", "run", "-m", "pytest"],
            *["-n", "6", "--dist", "worksteal"],
        ]

    def test_named_tests_run_without_coverage(self):
        assert tests.pytest_command(["tests/ops", "-n0"], 2)[2:] == ["pytest", "tests/ops", "-n0"]

    def test_browser_named_by_the_environment_wins(self, monkeypatch):
        monkeypatch.setenv("INDH_CHROMIUM", "/opt/chromium")
        assert tests.ensure_browser() == "/opt/chromium"

    def test_browser_on_the_path_is_found(self, monkeypatch):
        monkeypatch.delenv("INDH_CHROMIUM", raising=False)
        monkeypatch.setattr(tests.shutil, "which", {"chromium-browser": "/snap/chromium"}.get)
        assert tests.find_browser() == "/snap/chromium"

    def test_installed_package_without_browser_is_explained(self, monkeypatch):
        monkeypatch.setattr(tests, "find_browser", lambda: None)
        monkeypatch.setattr(tests.os, "getuid", lambda: 0)
        monkeypatch.setattr(tests.shutil, "which", lambda _name: "/usr/bin/apt-get")
        done = subprocess.CompletedProcess([], 0, "", "")
        monkeypatch.setattr(tests.subprocess, "run", lambda *_a, **_k: done)
        with pytest.raises(Refusal, match="need Chromium"):
            tests.ensure_browser()

    def test_missing_browser_is_explained_to_an_ordinary_user(self, monkeypatch):
        monkeypatch.setattr(tests, "find_browser", lambda: None)
        monkeypatch.setattr(tests.os, "getuid", lambda: 1000)
        with pytest.raises(Refusal, match="sudo apt-get install chromium"):
            tests.ensure_browser()

    def test_missing_browser_is_installed_for_root(self, monkeypatch):
        called, found = [], iter([None, "/usr/bin/chromium"])
        monkeypatch.setattr(tests, "find_browser", lambda: next(found))
        monkeypatch.setattr(tests.os, "getuid", lambda: 0)
        monkeypatch.setattr(tests.shutil, "which", lambda _name: "/usr/bin/apt-get")

        def run(command, **_how):
            called.append(command[1])
            return subprocess.CompletedProcess(command, 0, "", "")

        monkeypatch.setattr(tests.subprocess, "run", run)
        assert tests.ensure_browser() == "/usr/bin/chromium"
        assert called == ["update", "install"]

    def test_failed_browser_install_is_one_line(self, monkeypatch):
        monkeypatch.setattr(tests, "find_browser", lambda: None)
        monkeypatch.setattr(tests.os, "getuid", lambda: 0)
        monkeypatch.setattr(tests.shutil, "which", lambda _name: "/usr/bin/apt-get")
        failed = subprocess.CompletedProcess([], 100, "", "W: x\nE: no route")
        monkeypatch.setattr(tests.subprocess, "run", lambda *_a, **_k: failed)
        with pytest.raises(Refusal, match="E: no route"):
            tests.ensure_browser()

    @pytest.mark.parametrize(
        ("codes", "argv", "result"), [([0, 0, 2], [], 2), ([1, 0, 0], [], 1), ([5], ["-x"], 5)]
    )
    def test_the_gate_decides_only_when_all_ran(self, monkeypatch, codes, argv, result):
        answers = iter(codes)
        monkeypatch.setattr(tests, "ensure_browser", lambda: "/usr/bin/chromium")
        monkeypatch.setattr(tests, "_call", lambda *_a: next(answers))
        assert tests.main(argv) == result

    def test_tests_without_browser_do_not_ask_for_one(self, monkeypatch):
        monkeypatch.setattr(tests, "ensure_browser", lambda: pytest.fail("asked"))
        monkeypatch.setattr(tests.subprocess, "run", lambda *_a, **_k: subprocess.CompletedProcess([], 0))
        assert tests.main(["-m", "not browser"]) == 0


class TestLock:
    def test_three_locks_are_compiled_and_local_places_ignored(self, monkeypatch, tmp_path, capsys):
        called = []

        def run(command, **how):
            called.append((command, how["env"]))
            return subprocess.CompletedProcess(command, 0, "", "")

        (tmp_path / "requirements.lock").write_text("a==1")
        monkeypatch.setenv("UV_FIND_LINKS", "/somewhere/here")
        monkeypatch.setattr(lock, "ROOT", tmp_path)
        monkeypatch.setattr(lock.subprocess, "run", run)
        assert lock.main(["--upgrade"]) == 0
        assert [Path(command[-1]).name for command, _ in called] == [
            "requirements-uv.lock",
            "requirements.lock",
            "requirements-dev.lock",
        ]
        assert all("UV_FIND_LINKS" not in env and "--upgrade" in command for command, env in called)
        assert (tmp_path / "requirements-dev.lock").read_text() == "a==1"
        assert "written: requirements.lock" in capsys.readouterr().out

    def test_failure_is_one_refusal(self, monkeypatch):
        failed = subprocess.CompletedProcess([], 1, "", "no solution\n")
        monkeypatch.setattr(lock.subprocess, "run", lambda *_a, **_k: failed)
        with pytest.raises(Refusal, match="no solution"):
            lock.main([])

    def test_committed_locks_name_no_place(self):
        for name in ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock"):
            text = (ROOT / name).read_text()
            assert "://" not in text
            assert " @ " not in text
            assert "--find-links" not in text

    def test_development_lock_holds_the_runtime_s_versions(self):
        def pins(name):
            return {
                line.split(" ")[0]
                for line in (ROOT / name).read_text().splitlines()
                if "==" in line and line[0].isalpha()
            }

        assert pins("requirements.lock") <= pins("requirements-dev.lock")
