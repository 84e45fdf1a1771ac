"""`./indh bench`: the workloads of docs/bench.md, each beside the limit measured in the same run."""

import argparse
import importlib
import json
import os
import platform
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from backend.arguments import Arguments
from backend.ops.bench.result import Result, table
from backend.ops.refusal import Refusal

# name: (module, function, what it measures). The function takes a rig and returns a Result.
WORKLOADS: dict[str, tuple[str, str, str]] = {
    "start": (
        "start",
        "start",
        "second ./indh up to the first page; API beside a bare app; memory of the stack",
    ),
    "ranking-api": ("ranking", "api", "50 rows of a call's ranking, JSON"),
    "ranking-page": ("ranking", "page", "the same, as a page"),
    "review-open": ("reviews", "opened", "an evaluator opens a dossier"),
    "review-post": ("reviews", "posted", "an evaluator marks six criteria and signs"),
    "apply-flow": ("apply", "flow", "eight applicants create, save every section, submit"),
    "rush": ("rush", "rush", "the last minute before closing: every open draft is saved and deposited"),
    "list-search": ("lists", "search", "an officer's list among 100 000 dossiers: words, filters, counts"),
    "export-xlsx": ("exports", "xlsx", "10 000 dossiers with their scores, as Excel"),
    "export-csv": ("exports", "csv", "the same as CSV"),
    "reminders": ("reminders", "sent", "a worker sends what is due to an SMTP server"),
    "due-scan": ("reminders", "scanned", "the scan that finds what is due among a million"),
    "viability": ("viability", "studied", "10 000 plans computed and drawn 1 000 times each"),
    "assignment": ("assignment", "shared", "1 000 dossiers shared out exactly among 60 evaluators"),
    "portfolio": ("portfolio", "solved", "the best portfolio of 1 000 dossiers under 12 constraints"),
    "seals": ("seals", "sealed", "8 192 events put under one root, and proofs out of it"),
}


def main(argv: list[str]) -> int:
    """Measure; 1 when a target is missed. Raises Refusal for an unknown name or a stack that cannot start."""
    options = parser().parse_args(argv)
    before = signal.signal(
        signal.SIGTERM, signal.default_int_handler
    )  # so that the stack is removed then too
    try:
        results = measure(options.only or list(WORKLOADS), quick=options.quick, quiet=options.json)
    finally:
        signal.signal(signal.SIGTERM, before)
    if options.json:
        print(json.dumps(report(results), ensure_ascii=False, indent=1))
    else:
        print(f"\n{machine_words()}\n\n{table(results)}")
    return 0 if all(result.ok for result in results) else 1


def parser() -> argparse.ArgumentParser:
    """The command's flags."""
    made = Arguments(prog="./indh bench", description="Measure against the targets.")
    made.add_argument(
        "--only",
        action="append",
        metavar="NAME",
        choices=list(WORKLOADS),
        help=f"one of: {', '.join(WORKLOADS)}",
    )
    made.add_argument(
        "--quick", action="store_true", help="a tenth of the data, few rounds: for a first look"
    )
    made.add_argument("--json", action="store_true", help="for machines")
    return made


def measure(names: Sequence[str], *, quick: bool, quiet: bool = True) -> list[Result]:
    """Run these workloads on one throwaway stack, as durable at a power cut as a real one."""
    from backend.ops.bench.rig import SETTINGS, Rig
    from backend.ops.stack import embedded_stack

    if not sys.platform.startswith("linux"):
        raise Refusal("the bench reads /proc: it runs on Linux.")
    results = []
    with embedded_stack(durable=True, settings=SETTINGS) as stack:
        rig = Rig(stack, quick=quick)
        for name in names:
            if not quiet:
                print(f"  {name}: {WORKLOADS[name][2]} …", flush=True)
            module, function, _ = WORKLOADS[name]
            workload = getattr(importlib.import_module(f"backend.ops.bench.workloads.{module}"), function)
            try:
                results.append(workload(rig))
            except Exception as failure:  # noqa: BLE001 (the other workloads are still worth their figures)
                traceback.print_exc()
                results.append(Result(name, failed=f"{type(failure).__name__}: {str(failure)[:300]}"))
            if not quiet:
                print(f"    {results[-1].brief()}", flush=True)  # a run that is stopped has said what it knew
    return results


def report(results: Sequence[Result]) -> dict[str, Any]:
    """The shape that programs read."""
    return {"machine": machine(), "workloads": [result.as_json() for result in results]}


def machine() -> dict[str, Any]:
    """Where it was measured, and how busy the machine was just now."""
    memory = next(
        (
            int(line.split()[1])
            for line in Path("/proc/meminfo").read_text().splitlines()
            if "MemTotal" in line
        ),
        0,
    )
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    return {
        "cpu": model,
        "cores": len(os.sched_getaffinity(0)),
        "memory_mb": memory // 1000,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
        "load": list(os.getloadavg()),
    }


def machine_words() -> str:
    """The same in a line."""
    seen = machine()
    load = ", ".join(f"{one:.1f}" for one in seen["load"])
    return (
        f"{seen['cpu']}, {seen['cores']} cores, {seen['memory_mb'] / 1000:.0f} GB, Python {seen['python']}; "
        f"load {load}"
    )
