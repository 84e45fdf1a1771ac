"""Where things are: the checkout, and a short directory for sockets."""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from backend.ops.refusal import Refusal

ROOT = Path(__file__).resolve().parents[2]

# A Unix socket path holds 107 bytes on Linux and 103 on macOS; PostgreSQL adds its own file name.
_LONGEST_SOCKET_PATH = 100
_LONGEST_SOCKET_NAME = "/.s.PGSQL.5432.lock"


def private_directory(path: Path) -> Path:
    """Make `path` if needed, readable by its owner alone.

    Raises Refusal when it cannot be made, is a link, or belongs to somebody else.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.is_symlink() or (path.stat().st_uid != os.getuid() and os.getuid() != 0):
            raise Refusal(f"{path} belongs to another user: choose another directory with --data.")
        if path.stat().st_uid == os.getuid():
            path.chmod(0o700)
    except OSError as error:
        raise Refusal(f"{path} cannot be used: {error.strerror}.") from error
    return path


def remove_socket_directory(data: Path) -> None:
    """Remove what socket_directory made, when it is not inside `data`."""
    directory = socket_directory(data)
    if directory.parent != data:
        shutil.rmtree(directory, ignore_errors=True)


def socket_directory(data: Path) -> Path:
    """`data/run`, or a directory of ours in the system's temporary one when that path is too long."""
    near = data / "run"
    if len(os.fsencode(near)) + len(_LONGEST_SOCKET_NAME) <= _LONGEST_SOCKET_PATH:
        return private_directory(near)
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    for base in (Path(tempfile.gettempdir()), Path("/tmp")):  # noqa: S108 - ours alone: mode 700, owner checked
        far = base / f"indh-{os.getuid()}-{digest}"
        if len(os.fsencode(far)) + len(_LONGEST_SOCKET_NAME) <= _LONGEST_SOCKET_PATH:
            return private_directory(far)
    raise Refusal(f"{data} is too long a path for a Unix socket: choose a shorter one with --data.")
