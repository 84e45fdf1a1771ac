"""What processes cost, as Linux counts it: CPU seconds, proportional memory, highest memory."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(*pids: int) -> float:
    """User and system time of these processes and all below them, ended children included."""
    return sum(_own_cpu(pid) for pid in family(*pids))


def pss_mb(*pids: int) -> float:
    """Memory of these processes and all below them, what is shared counted once (PSS), in MB."""
    return sum(_field(Path(f"/proc/{pid}/smaps_rollup"), "Pss:") for pid in family(*pids)) / 1e3


def peak_mb(pid: int) -> float:
    """The most resident memory that the process has ever had, in MB."""
    return _field(Path(f"/proc/{pid}/status"), "VmHWM:") / 1e3


def family(*pids: int) -> list[int]:
    """The processes and everything that descends from them."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (words := _stat(int(entry.name))):
            children.setdefault(int(words[1]), []).append(int(entry.name))
    found, waiting = [], list(pids)
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children.get(pid, [])
    return found


def _own_cpu(pid: int) -> float:
    words = _stat(pid)
    return sum(int(word) for word in words[11:15]) / _TICKS if words else 0.0


def _stat(pid: int) -> list[str]:
    """The words after the name (which may hold spaces): state, parent, …; nothing when it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _field(path: Path, name: str) -> float:
    """A line of kilobytes; 0 when the process has ended."""
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return 0.0
    return sum(float(line.split()[1]) for line in lines if line.startswith(name))
