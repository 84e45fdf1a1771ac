"""Sharing out a call exactly: 1 000 dossiers of three reviews among 60 evaluators, in this process."""

import os
import time
from random import Random

from backend.ops.bench.processes import peak_mb
from backend.ops.bench.result import Result, Target
from backend.ops.bench.rig import Rig
from backend.ops.bench.statistics import Series
from backend.reviews.panel.assignment import File, Member, Shared, share

FILES, PEOPLE, REVIEWS, CHAINS = 1_000, 60, 3, 12


def shared(rig: Rig) -> Result:
    """Experts of a quarter of the chains, up to five conflicts a dossier; capacity to spare, then lacking."""
    files = FILES // 10 if rig.quick else FILES
    result = Result("assignment", data=f"{files} × {PEOPLE} × {REVIEWS}")
    series, cpu, found = Series(), 0.0, list[Shared]()
    for capacity in (2 * REVIEWS * files // PEOPLE, 45 * files // FILES):
        given = _case(files, capacity)
        for _ in range(1 if rig.quick else 3):
            begun, before = time.perf_counter(), time.process_time()
            found.append(share(*given))
            series.rounds.append([time.perf_counter() - begun])
            cpu = max(cpu, time.process_time() - before)
    result.timings(series)
    result.cpu_ms, result.memory_mb = cpu * 1e3, peak_mb(os.getpid())
    wide, tight = found[0], found[-1]
    result.more = [
        Target("CPU of the slowest", cpu, 5, "s"),
        Target("reviews lacking where capacity is wide", sum(one.missing for one in wide.unmet), 0),
        Target("loads apart where capacity is wide", max(wide.loads.values()) - min(wide.loads.values()), 1),
    ]
    result.notes.append(
        f"wide: {len(wide.pairs)} reviews, {wide.by_expert} by experts; tight: {len(tight.pairs)} given, "
        f"{sum(one.missing for one in tight.unmet)} lacking, {len(tight.unmet)} dossiers told why"
    )
    return result


def _case(files: int, capacity: int) -> tuple[list[File], list[Member]]:
    random = Random(2026)  # noqa: S311 (a case to measure, not a secret)
    chains = [f"chain-{at}" for at in range(CHAINS)]
    members = [
        Member(f"m{at:02}", capacity, random.sample(chains, CHAINS // 4), random.randrange(min(5, capacity)))
        for at in range(PEOPLE)
    ]
    names = [one.id for one in members]
    dossiers = [
        File(f"f{at:04}", REVIEWS, random.choice(chains), random.sample(names, random.randrange(6)))
        for at in range(files)
    ]
    return dossiers, members
