"""Makes `.venv` from the hash-pinned lock, then runs `backend.cli` in it. Standard library only.

Two sets: what the platform runs on (requirements.lock), and what tests and lint need on top
(requirements-dev.lock). A stamp in `.venv` holds the hash of the lock that was installed: while it
agrees, nothing is installed and no registry is asked.

A killed install is never mistaken for a finished one: `.venv.lock` says "installing" from before the
first change until after the stamp, and an environment found in that state is made again.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, NoReturn

from backend import cli
from backend.ops.refusal import Refusal

ROOT = Path(__file__).resolve().parents[2]
RUNTIME = "requirements.lock"
DEVELOPMENT = "requirements-dev.lock"
BOOTSTRAP = "requirements-uv.lock"
_INSTALLING = "installing"
_OFFLINE_SIGNS = (
    "connection",
    "dns error",
    "error sending request",
    "failed to fetch",
    "name resolution",
    "network",
    "newconnectionerror",
    "proxy",
    "timed out",
)


def wanted_lock(arguments: Sequence[str]) -> str | None:
    """The lock that a command needs installed; None when it needs only the installer."""
    command = arguments[0]
    if command == "lock":
        return None
    return DEVELOPMENT if command in {"test", "lint", "bench"} else RUNTIME


class Environment:
    """The virtual environment beside the launcher.

    `root` holds the locks and receives `.venv`, `.venv.lock` and `.venv.log`.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.directory = root / ".venv"
        self.python = self.directory / "bin" / "python"
        self._guard = root / ".venv.lock"
        self._log = root / ".venv.log"

    def ready(self, lock: str | None) -> bool:
        """Whether what `lock` pins is installed. Reads files only: no process, no network."""
        if not self.python.exists():
            return False
        if lock is None:
            return (self.directory / "bin" / "uv").exists()
        # The development lock holds the runtime's, with the same versions.
        wanted = {lock, DEVELOPMENT} if lock == RUNTIME else {lock}
        return any(
            self._stamp(name).is_file() and self._stamp(name).read_text() == self._digest(name)
            for name in wanted
        )

    def ensure(self, lock: str | None) -> None:
        """Install what `lock` pins unless it is there already.

        Raises Refusal with one line when the checkout is not writable, Python lacks venv, or the
        packages cannot be had.
        """
        if self.ready(lock):
            return
        with self._alone() as guard:
            if self.ready(lock):
                return
            guard.seek(0)
            half_made = guard.read() == _INSTALLING
            _mark(guard, _INSTALLING)
            self._log.write_text("")
            if half_made or not self.python.exists():
                shutil.rmtree(self.directory, ignore_errors=True)
                self._create()
            self._install(lock)
            _mark(guard, "")

    def stamp(self, lock: str) -> None:
        """Record that `lock` is installed, and forget the other lock if it has changed since."""
        staged = self._stamp(lock).with_suffix(".new")
        staged.write_text(self._digest(lock))
        staged.replace(self._stamp(lock))

    def _stamp(self, lock: str) -> Path:
        return self.directory / f".{lock}.stamp"

    def _digest(self, lock: str) -> str:
        try:
            content = (self.root / lock).read_bytes()
        except FileNotFoundError:
            raise Refusal(f"{lock} is missing: run ./indh lock") from None
        return hashlib.sha256(content).hexdigest()

    @contextlib.contextmanager
    def _alone(self) -> Iterator[IO[str]]:
        """Hold the installer's lock, so that two launchers do not install at once."""
        try:
            guard = self._guard.open("a+")
        except OSError as error:
            raise Refusal(
                f"{self.root} cannot be written ({error.strerror}): no .venv can be made there."
            ) from None
        with guard:
            try:
                fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                _say("waiting for another ./indh that is installing …")
                fcntl.flock(guard, fcntl.LOCK_EX)
            yield guard

    def _create(self) -> None:
        _say(f"making .venv with Python {sys.version_info.major}.{sys.version_info.minor} …")
        make = [sys.executable, "-m", "venv", str(self.directory)]
        if self._run(make):
            return
        if os.getuid() == 0 and shutil.which("apt-get"):  # Debian ships venv apart from Python
            _say("installing Debian's python3-venv …")
            package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
            self._run(["apt-get", "update", "-q"])
            install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", package]
            if self._run(install, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"}) and self._run(make):
                return
        raise Refusal(
            self._failure("Python cannot make a virtual environment (Debian: apt-get install python3-venv)")
        )

    def _install(self, lock: str | None) -> None:
        pinned = self.root / BOOTSTRAP
        pip = [str(self.python), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
        if not self._run([*pip, *(["--require-hashes", "-r", str(pinned)] if pinned.exists() else ["uv"])]):
            raise Refusal(self._failure("the installer (uv) could not be installed"))
        if lock is None:
            return
        _say(f"installing {lock} …")
        install = [
            str(self.python),
            "-m",
            "uv",
            "pip",
            "install",
            "--python",
            str(self.python),
            "--require-hashes",
        ]
        if not self._run([*install, "-r", str(self.root / lock)]):
            raise Refusal(self._failure(f"{lock} could not be installed"))
        self.stamp(lock)

    def _run(self, command: list[str], env: dict[str, str] | None = None) -> bool:
        """Run `command`, its output to the log; True when it succeeded."""
        with self._log.open("a") as log:
            log.write(f"$ {' '.join(command)}\n")
            log.flush()
            try:
                done = subprocess.run(
                    command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env, check=False
                )
            except OSError as error:
                log.write(f"{error}\n")
                return False
        return done.returncode == 0

    def _failure(self, what: str) -> str:
        said = self._log.read_text(errors="replace").lower()
        offline = any(sign in said for sign in _OFFLINE_SIGNS)
        reason = " (the package registry does not answer: is there a network?)" if offline else ""
        return f"{what}{reason}; details in {self._log}"


def _mark(guard: IO[str], text: str) -> None:
    guard.seek(0)
    guard.truncate()
    guard.write(text)
    guard.flush()


def _say(text: str) -> None:
    print(f"indh: {text}", file=sys.stderr, flush=True)


def main(arguments: list[str]) -> int:
    """Make sure of the environment, then become `python -m backend.cli ARGUMENTS` in it."""
    if not arguments or arguments[0] not in cli.COMMANDS:  # help, or a mistake: neither needs an environment
        return cli.main(arguments)
    environment = Environment(ROOT)
    try:
        environment.ensure(wanted_lock(arguments))
    except Refusal as refusal:
        _say(str(refusal))
        return 2
    except KeyboardInterrupt:
        _say("interrupted while installing; the next start begins that again.")
        return 130
    return become(str(environment.python), arguments)


def become(python: str, arguments: Sequence[str]) -> NoReturn:
    """Turn this process into the operator's command, so that signals reach it directly."""
    os.execve(python, [python, "-m", "backend.cli", *arguments], os.environ | {"PYTHONPATH": str(ROOT)})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
