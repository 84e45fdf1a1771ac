"""Signals a dead supervisor's children, where the kernel does not (not Linux).

Reads lines `+ PID SIGNAL` and `- PID 0` on standard input; at its end, signals every pid left.
"""

import contextlib
import os
import sys
from typing import TextIO


def main(lines: TextIO) -> None:
    """Read until the pipe closes, then signal who is left, last started first."""
    watched: dict[int, int] = {}
    for line in lines:
        action, pid, code = line.split()
        if action == "+":
            watched[int(pid)] = int(code)
        else:
            watched.pop(int(pid), None)
    for target, number in reversed(watched.items()):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(target, int(number))


if __name__ == "__main__":
    main(sys.stdin)
