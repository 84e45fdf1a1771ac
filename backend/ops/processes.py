"""Starting a process that cannot outlive us, and running one without root's powers.

Linux: the kernel sends the child a signal when we die (PR_SET_PDEATHSIG), even by kill -9.
Elsewhere: a small watcher process holds the other end of a pipe and sends it instead.
"""

import ctypes
import functools
import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from backend.ops.paths import ROOT
from backend.ops.refusal import Refusal

_PR_SET_PDEATHSIG = 1
_NOBODY = 65534


@dataclass(frozen=True)
class Privilege:
    """How to start a program that refuses uid 0.

    `prefix` goes before its arguments; `uid` and `gid` are set when the process itself changes account.
    """

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    def own(self, path: Path) -> None:
        """Give `path` to the account, when there is one."""
        if self.uid is not None:
            os.chown(path, self.uid, self.gid if self.gid is not None else -1)


def unprivileged(directory: Path) -> Privilege:
    """How a program that refuses root may work in `directory` (which need not exist yet).

    Not root: as we are (under another number when ours has no name, as in some containers: initdb wants
    one). Root: as the owner of an existing directory that is not root's; else as root
    seen under another number through a user namespace (no account needed, files stay root's); else as
    a system account, which must be able to enter the directory (Refusal when it cannot).
    """
    if os.getuid() != 0:
        return Privilege() if _has_name() or not _can_unshare() else Privilege(prefix=_unshare())
    if directory.exists() and (owner := directory.stat()).st_uid != 0:
        return Privilege(uid=owner.st_uid, gid=owner.st_gid)
    if _can_unshare():
        return Privilege(prefix=_unshare())
    return _system_account(directory)


def _has_name() -> bool:
    try:
        pwd.getpwuid(os.getuid())
    except KeyError:
        return False
    return True


def _unshare() -> tuple[str, ...]:
    return ("unshare", "--user", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}")


@functools.cache
def _can_unshare() -> bool:
    if not shutil.which("unshare"):
        return False
    return subprocess.run([*_unshare(), "true"], capture_output=True, check=False).returncode == 0


def _system_account(directory: Path) -> Privilege:
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        above = next(parent for parent in directory.parents if parent.exists())
        probe = ["test", "-x", str(above)]
        if subprocess.run(
            probe, user=account.pw_uid, group=account.pw_gid, extra_groups=[], check=False
        ).returncode:
            raise Refusal(
                f"PostgreSQL does not run as root and account {name} cannot enter {above}: "
                "start as an ordinary user, or choose another directory with --data."
            )
        return Privilege(uid=account.pw_uid, gid=account.pw_gid)
    raise Refusal(
        "PostgreSQL does not run as root and no system account was found: start as an ordinary user."
    )


def spawn(
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    log: Path,
    orphan_signal: signal.Signals = signal.SIGKILL,
    privilege: Privilege = Privilege(),
    cwd: Path = ROOT,
) -> subprocess.Popen[bytes]:
    """Start `argv` in a session of its own (so Ctrl-C reaches us alone), output appended to `log`.

    When we die, it gets `orphan_signal`. Call from a thread that lives as long as the child should:
    Linux counts the death of the starting thread.
    """
    with log.open("ab") as output:
        child = subprocess.Popen(
            [*privilege.prefix, *argv],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(env),
            cwd=cwd,
            start_new_session=True,
            user=privilege.uid,
            group=privilege.gid,
            extra_groups=[] if privilege.uid is not None else None,
            preexec_fn=_die_with(os.getpid(), orphan_signal) if sys.platform == "linux" else None,  # noqa: PLW1509
        )
    if sys.platform != "linux":  # pragma: no cover - measured on Linux; Watcher itself is tested there
        watcher().watch(child.pid, orphan_signal)
    return child


def _die_with(parent: int, number: signal.Signals) -> Callable[[], None]:
    libc = ctypes.CDLL(None, use_errno=True)  # loaded here: the child may only make the call

    def ask_kernel() -> None:  # pragma: no cover - runs between fork and exec, where nothing is traced
        libc.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:  # we died before the kernel was asked
            os.kill(os.getpid(), number)

    return ask_kernel


class Watcher:
    """A process that signals the children it was told of once our end of its pipe closes."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "backend.ops.watcher"],
            stdin=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            start_new_session=True,
        )

    def watch(self, pid: int, number: signal.Signals) -> None:
        """Signal `pid` with `number` when we are gone."""
        self._tell(f"+ {pid} {int(number)}")

    def forget(self, pid: int) -> None:
        """`pid` has ended: its number may be given to another process."""
        self._tell(f"- {pid} 0")

    def _tell(self, line: str) -> None:
        if self.process.stdin is None:  # pragma: no cover - opened as a pipe above
            raise RuntimeError("the watcher has no pipe")
        self.process.stdin.write(f"{line}\n".encode())
        self.process.stdin.flush()


@functools.cache
def watcher() -> Watcher:  # pragma: no cover - used off Linux
    """The one watcher of this process."""
    return Watcher()


def forget(pid: int) -> None:
    """Tell the watcher, where there is one, that `pid` has ended."""
    if sys.platform != "linux":  # pragma: no cover
        watcher().forget(pid)
