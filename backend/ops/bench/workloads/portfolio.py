"""The best portfolio of 1 000 dossiers under 12 constraints, proven, in this process."""

import os
import time
from fractions import Fraction
from random import Random
from statistics import median

from backend.decisions.portfolio.problem import Bound, File, Problem
from backend.decisions.portfolio.solve import solve
from backend.decisions.portfolio.told import Solution
from backend.ops.bench.processes import peak_mb
from backend.ops.bench.result import Result, Target
from backend.ops.bench.rig import Rig
from backend.ops.bench.statistics import Series

FILES, COMMUNES, CHAINS = 1_000, 14, 6
CAP, DIRHAM = 30_000_000, 100


def solved(rig: Rig) -> Result:
    """Five calls of the kind that provinces publish; amounts up to 300 000 DH, in thousands."""
    files = FILES // 10 if rig.quick else FILES
    result = Result("portfolio", data=f"{files} dossiers, 12 constraints")
    series, cpu, found = Series(), list[float](), list[Solution | None]()
    problems = [case(files, seed) for seed in range(1, 2 if rig.quick else 6)]
    for problem in problems:
        begun, before = time.perf_counter(), time.process_time()
        found.append(solve(problem))
        series.rounds.append([time.perf_counter() - begun])
        cpu.append(time.process_time() - before)
    result.timings(series)
    result.cpu_ms, result.memory_mb = median(cpu) * 1e3, peak_mb(os.getpid())
    broken = sum(
        one is None or bool(problem.breaks(one.granted)) for one, problem in zip(found, problems, strict=True)
    )
    result.more = [
        Target("CPU, optimum proven", median(cpu), 2, "s"),
        Target("portfolios that break a constraint, in centimes", broken, 0),
    ]
    funded = [f"{len(one.granted)} funded" for one in found if one]
    result.notes.append(", ".join(funded))
    return result


def case(size: int, seed: int) -> Problem:
    """Dossiers of 14 communes and 6 chains; floors and ceilings on them, on women, youth, the new ones."""
    random = Random(seed)  # noqa: S311 (a case to measure, not a secret)
    scores = sorted((min(9900, max(6000, int(random.gauss(7200, 800)))) for _ in range(size)), reverse=True)
    files = []
    for at, score in enumerate(scores):
        asked = min(CAP, random.randrange(60, 420) * 1000 * DIRHAM)
        files.append(File(f"f{at:04}", at + 1, score, score, asked, asked))
    communes: list[list[str]] = [[] for _ in range(COMMUNES)]
    chains: list[list[str]] = [[] for _ in range(CHAINS)]
    for one in files:
        communes[min(COMMUNES - 1, int(random.expovariate(0.3)))].append(one.id)
        chains[min(CHAINS - 1, int(random.expovariate(0.6)))].append(one.id)
    women, youth, new = (
        frozenset(one.id for one in files if random.random() < part) for part in (0.35, 0.25, 0.2)
    )
    envelope = size * 60_000 * DIRHAM
    bounds = [
        Bound(f"commune{at}", "ceiling", "count", max(2, size // 20), frozenset(communes[at]))
        for at in (0, 1)
    ]
    bounds += [
        Bound(f"commune{at}", "floor", "count", min(len(communes[at]), size // 100), frozenset(communes[at]))
        for at in range(6, 11)
    ]
    bounds += [
        Bound("chain0", "ceiling", "count", max(1, size // 12), frozenset(chains[0])),
        Bound("chain4", "floor", "money", envelope // 25, frozenset(chains[4])),
        Bound("women", "floor", "share", Fraction(2, 5), women),
        Bound("youth", "floor", "count", size // 15, youth),
        Bound("new", "ceiling", "share", Fraction(1, 4), new),
    ]
    return Problem(tuple(files), envelope, tuple(bounds))
