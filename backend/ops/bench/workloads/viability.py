"""Every plan of a big year: read from its dossier, computed with its shocks, drawn a thousand times, told."""

import random
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from resource import RUSAGE_SELF, getrusage
from time import perf_counter, process_time
from typing import Any

from backend.ops.bench.result import Result, Target
from backend.ops.bench.rig import Rig
from backend.ops.bench.statistics import Series

PLANS, QUICK_PLANS, DRAWS, PROCESSES, CHUNK = 10_000, 500, 1_000, 2, 100
SECONDS = 60
"""For all PLANS on two cores, in CPU time, as neighbours may take half of any clock; quick: its share."""


@dataclass(frozen=True)
class Part:
    """What a process did: seconds of each plan, its CPU seconds, its highest MB."""

    times: list[float]
    cpu: float
    memory: float


def studied(rig: Rig) -> Result:
    """CPU and clock seconds for all plans by two processes, and the time of one plan."""
    plans = QUICK_PLANS if rig.quick else PLANS
    chunks = [range(first, first + CHUNK) for first in range(0, plans, CHUNK)]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        list(pool.map(_work, [range(2)] * PROCESSES * 2))  # started, imported, warm
        begun = perf_counter()
        parts = list(pool.map(_work, chunks))
        seconds = perf_counter() - begun
    result = Result("viability", data=f"{plans} plans × {DRAWS} draws")
    result.timings(Series([[one for part in parts for one in part.times]]))
    cpu = sum(part.cpu for part in parts)
    result.cpu_ms = cpu / plans * 1e3
    result.per_second = plans / seconds
    result.memory_mb = max(part.memory for part in parts)
    result.more.append(Target("CPU of two cores", cpu / PROCESSES, SECONDS * plans / PLANS, "s"))
    result.notes.append(
        f"{seconds:.1f} s by the clock, {PROCESSES} processes on what the neighbours left; "
        "each plan is read, computed under 6 shocks, drawn, told in French"
    )
    return result


def _work(numbers: range) -> Part:
    """In a process of its own: study these plans."""
    from backend.viability import read, study
    from backend.viability.sentences import sentences
    from backend.viability.words import say

    contents, times, before = [content(number) for number in numbers], [], process_time()
    for one in contents:
        begun = perf_counter()
        plan = read(one, members=12, discount=1000, inflation=150).plan
        assert plan is not None
        found = study(plan, draws=DRAWS)
        told = [say(sentence, "fr", plan.terms.start_month) for sentence in sentences(found)]
        assert told
        times.append(perf_counter() - begun)
    cpu = process_time() - before
    return Part(times, cpu, getrusage(RUSAGE_SELF).ru_maxrss / 1000)


def content(number: int) -> dict[str, Any]:
    """A dossier: one to six products with seasons, one to eight budget lines, a loan for every third."""
    chance = random.Random(number)  # noqa: S311 (data of a bench)

    def product() -> dict[str, Any]:
        price = chance.randrange(500, 40_000, 50)
        return {
            "name": f"Produit {number}",
            "unit": "kg",
            "price_centimes": price,
            "monthly_quantity": chance.randrange(10, 2_000),
            "variable_cost_centimes": price * chance.randrange(30, 95) // 100,
            "season": [chance.randrange(0, 200, 10) for _ in range(11)] + [100],
            "ramp_months": chance.randrange(0, 9),
            "growth_bp": chance.randrange(-500, 1_500, 100),
        }

    def line() -> dict[str, Any]:
        return {
            "label": "Matériel",
            "kind": chance.choice(["investment"] * 4 + ["studies", "running"]),
            "amount_centimes": chance.randrange(100_000, 8_000_000, 1_000),
            "life_years": chance.randrange(2, 11),
        }

    lines = [line() for _ in range(chance.randrange(1, 9))]
    cost = sum(one["amount_centimes"] for one in lines)
    loan = cost // 10 if number % 3 == 0 else 0
    return {
        "plan": {
            "products": [product() for _ in range(chance.randrange(1, 7))],
            "fixed_centimes": chance.randrange(50_000, 800_000),
            "wages_centimes": chance.randrange(0, 3_000_000),
            "customers_days": chance.randrange(0, 91),
            "suppliers_days": chance.randrange(0, 61),
            "stock_days": chance.randrange(0, 61),
            "start_month": chance.randrange(1, 13),
        },
        "budget": {"lines": lines},
        "financing": {
            "indh_centimes": cost * 6 // 10,
            "own_cash_centimes": cost - cost * 6 // 10 - loan,
            "loan_centimes": loan,
            "loan_rate_bp": 650,
            "loan_months": 48,
            "loan_grace_months": 6,
        },
        "results": {"jobs_women": 4, "jobs_men": 2},
    }
