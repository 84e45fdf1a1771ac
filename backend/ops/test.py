"""`./indh test`: everything, with the coverage gate; or the tests named, without it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

from backend.ops.paths import ROOT
from backend.ops.refusal import Refusal

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Debian's browser takes its fonts from the system; these have Arabic, for pages whose own font fails to load.
_PACKAGES = ("chromium", "fonts-noto-core")


def find_browser() -> str | None:
    """The path of a Chromium: INDH_CHROMIUM, else the first on PATH."""
    if named := os.environ.get("INDH_CHROMIUM"):
        return named
    return next((path for name in _BROWSERS if (path := shutil.which(name))), None)


def ensure_browser() -> str:
    """A Chromium, installed from Debian's packages when we are root and it is missing.

    Raises Refusal with the way to install it otherwise.
    """
    if found := find_browser():
        return found
    if os.getuid() == 0 and shutil.which("apt-get"):
        print("installing Chromium for the browser journeys …", flush=True)
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", *_PACKAGES]):
            done = subprocess.run(
                ["apt-get", *words], env=environment, capture_output=True, text=True, check=False
            )
            if done.returncode:
                tail = (done.stderr.strip() or "no message").splitlines()[-1]
                raise Refusal(f"Chromium was not installed ({tail}): set INDH_CHROMIUM, or -m 'not browser'.")
        if found := find_browser():
            return found
    raise Refusal(
        "the browser journeys need Chromium: install it (Debian: sudo apt-get install chromium), "
        "set INDH_CHROMIUM=/path/to/chromium, or leave them out with -m 'not browser'."
    )


def pytest_command(arguments: Sequence[str], cores: int) -> list[str]:
    """The pytest call: in parallel unless the arguments say how; coverage only when everything runs.

    Three processes for two cores, as each waits for PostgreSQL a third of its time and more.
    """
    python = [sys.executable, "-m"]
    parallel = [] if any(word.startswith("-n") for word in arguments) else _processes(cores)
    runner = [*python, "pytest"] if arguments else [*python, "coverage", "run", "-m", "pytest"]
    return [*runner, *parallel, *arguments]


def _processes(cores: int) -> list[str]:
    """Neighbouring tests stay in one process, which then starts what their module shares only once."""
    return ["-n", str(min(max(cores + cores // 2, 2), 8)), "--dist", "worksteal"]


def main(argv: list[str]) -> int:
    """Run the tests; returns pytest's exit code, or coverage's when the gate is missed."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    if "not browser" not in argv:
        environment["INDH_CHROMIUM"] = ensure_browser()
    code = _call(pytest_command(argv, os.cpu_count() or 2), environment)
    if argv:
        return code
    coverage = [sys.executable, "-m", "coverage"]
    _call([*coverage, "combine", "--quiet"], environment)
    gate = _call([*coverage, "report"], environment)
    return code or gate


def _call(command: list[str], environment: dict[str, str]) -> int:
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
