"""A full seal: 8 192 events committed to by their parts and put under one root; proofs out of it checked."""

import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from statistics import median
from uuid import UUID

from backend.core import commitments, merkle
from backend.core.commitments import SALT_SIZE, Told
from backend.core.seals import LARGEST
from backend.ops.bench.processes import peak_mb
from backend.ops.bench.result import Result, Target
from backend.ops.bench.rig import Rig
from backend.ops.bench.statistics import Series

PROOFS = 200
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def sealed(rig: Rig) -> Result:
    """What sealing computes, without the database: three times the largest seal that is ever made."""
    count = LARGEST // 10 if rig.quick else LARGEST
    result = Result("seals", data=f"{count} events under one root, {PROOFS} proofs")
    events = [_event(number) for number in range(1, count + 1)]
    series, cpu, wrong = Series(), list[float](), 0
    for _ in range(1 if rig.quick else 3):
        begun, before = time.perf_counter(), time.process_time()
        leaves = [_leaf(event) for event in events]
        root = merkle.root(leaves)
        series.rounds.append([time.perf_counter() - begun])
        cpu.append(time.process_time() - before)
        wrong += _disproven(leaves, root)
    result.timings(series)
    result.cpu_ms, result.memory_mb = median(cpu) * 1e3, peak_mb(os.getpid())
    result.more = [
        Target("CPU of a full seal", median(cpu), 2, "s"),
        Target("proofs that do not lead to the root", wrong, 0),
    ]
    return result


def _event(seq: int) -> Told:
    """One as a deposit leaves it: seven facts."""
    data = {
        "number": f"AGA-2026-{seq:04}", "version": 1, "receipt": "K7QF-3MRD-9XTW", "sha256": f"{seq:064x}",
        "amount_centimes": 24_000_000 + seq, "before": "draft", "after": "submitted",
    }  # fmt: skip
    return Told(
        seq, UUID(int=seq), AT + timedelta(seconds=seq), "application.submitted", "application",
        UUID(int=seq << 64), "09.001", UUID(int=7), "Fatima Aït Lahcen", f"{seq:032x}", data,
    )  # fmt: skip


def _leaf(event: Told) -> bytes:
    """As `seals` draws its secrets and commits to it."""
    secret, salt = os.urandom(SALT_SIZE), os.urandom(SALT_SIZE)
    return event.leaf(secret, commitments.name_digest(salt, event.actor_name))


def _disproven(leaves: Sequence[bytes], root: bytes) -> int:
    """Of some leaves spread over the seal, how many have a path that does not lead to its root."""
    chosen = range(0, len(leaves), max(1, len(leaves) // PROOFS))
    return sum(
        merkle.root_from(leaves[at], at, len(leaves), merkle.path(leaves, at)) != root for at in chosen
    )
