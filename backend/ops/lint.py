"""`./indh lint`: every check that needs no database, two at a time; all run, each says its result."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from backend.arguments import Arguments
from backend.ops.paths import ROOT


@dataclass(frozen=True)
class Step:
    """One check: what it is called and the command that makes it (exit code 0 = good)."""

    name: str
    command: tuple[str, ...]


def tool(name: str) -> str:
    """A program of the environment that runs us."""
    return str(Path(sys.executable).with_name(name))


def steps() -> Iterator[Step]:
    """The checks, the slowest first."""
    python = (sys.executable, "-m")
    yield Step("types", (*python, "mypy"))
    yield Step("import contracts", (tool("lint-imports"), "--no-cache", "--no-logo"))
    yield Step("style", (*python, "ruff", "check", "--quiet"))
    yield Step("format", (*python, "ruff", "format", "--check", "--quiet"))
    compose = ("--builtin-schema", "vendor.compose-spec", "docker-compose.yml")
    yield Step("compose file", (*python, "check_jsonschema", "--quiet", *compose))
    yield Step("translations", (*python, "backend.cli", "words", "check"))
    yield Step("OpenAPI", (*python, "backend.cli", "openapi", "--check"))
    yield Step("diagrams", (*python, "backend.cli", "docs", "--check"))


@dataclass(frozen=True)
class Outcome:
    """What a step said, whether it was content, and how long it took (seconds)."""

    step: Step
    good: bool
    output: str
    seconds: float


def run(step: Step) -> Outcome:
    """Make one check."""
    begun = time.monotonic()
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        step.command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    return Outcome(step, done.returncode == 0, (done.stdout + done.stderr).strip(), time.monotonic() - begun)


def report(checks: Sequence[Step]) -> int:
    """Make the checks, two at a time, print each result in order; the number of failures."""
    failures = 0
    with ThreadPoolExecutor(max_workers=2) as pool:
        for outcome in pool.map(run, checks):
            print(
                f"{'ok  ' if outcome.good else 'FAIL'}  {outcome.step.name:<18}{outcome.seconds:5.1f} s",
                flush=True,
            )
            if not outcome.good:
                failures += 1
                print("\n".join(f"      {line}" for line in outcome.output.splitlines()), flush=True)
    return failures


def main(argv: list[str]) -> int:
    """Check everything; with `--fix`, let ruff mend what it can first. Exit code 1 when a check fails."""
    parser = Arguments(prog="./indh lint", description="Every check that needs no database.")
    parser.add_argument("--fix", action="store_true", help="mend style and format first")
    if parser.parse_args(argv).fix:
        for words in (["check", "--fix", "--quiet"], ["format", "--quiet"]):
            subprocess.run([sys.executable, "-m", "ruff", *words], cwd=ROOT, check=False)
    return 1 if report([*steps()]) else 0
