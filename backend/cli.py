"""The operator's command: parses the first word and hands the rest to one module, imported only then.

Each module offers `main(argv) -> exit code`. A module that is missing or broken breaks its own command only.
"""

import importlib
import os
import sys
from collections.abc import Callable

from backend.ops.addresses import require_addresses
from backend.ops.refusal import Refusal, exit_code

# command: (module, what it does). The module gets the words after the command.
COMMANDS: dict[str, tuple[str, str]] = {
    "up": ("backend.ops.up", "start everything on this machine  [--port 8000] [--data .data] [--no-demo]"),
    "test": ("backend.ops.test", "run every test, with the coverage gate  [pytest arguments]"),
    "lint": (
        "backend.ops.lint",
        "style, types, import contracts, compose file, translations, OpenAPI  [--fix]",
    ),
    "demo": (
        "backend.ops.demo.run",
        "the whole cycle through the HTTP API, then one table  [--json] [--applications N]",
    ),
    "bench": ("backend.ops.bench.run", "measure against the targets  [--only NAME] [--quick] [--json]"),
    "admin": ("backend.ops.admin", "EMAIL NAME: make the first administrator of an installation"),
    "check": ("backend.ops.check", "verify the invariants of a database"),
    "verify": (
        "backend.ops.verify",
        "is the record as it was sealed?  [PROOF: check it offline] [--root HEX] [--seals FILE]",
    ),
    "call": ("backend.calls.cli", "check FILE | load FILE | amend FILE | schema: call files"),
    "ranking": (
        "backend.reviews.cli",
        "export CALL | verify FILE: a call's ranking, computed again from its file alone",
    ),
    "migrate": ("backend.ops.migrate", "bring DATABASE_URL to the latest schema"),
    "openapi": ("backend.ops.openapi", "write openapi/openapi.json  [--check]"),
    "words": ("backend.ops.words", "check: every word in both languages"),
    "docs": ("backend.ops.docs", "write the generated diagrams of docs/"),
    "lock": ("backend.ops.lock", "pin the dependencies again  [--upgrade]"),
}


def help_text() -> str:
    """The list of commands, aligned."""
    width = max(map(len, COMMANDS))
    lines = [f"  ./indh {name:<{width}}  {about}" for name, (_, about) in COMMANDS.items()]
    return "\n".join(["INDH, social and solidarity economy: the operator's command.", "", *lines])


def command(module: str) -> Callable[[list[str]], int]:
    """The `main` of `module`. Raises Refusal when that module is not part of this checkout."""
    try:
        loaded = importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name and (module == error.name or module.startswith(f"{error.name}.")):
            raise Refusal(f"this checkout has no {module} yet.") from None
        raise
    main_of_module: Callable[[list[str]], int] = loaded.main
    return main_of_module


def main(argv: list[str]) -> int:
    """Run one command; returns its exit code (2 for a mistake of the operator, 130 for Ctrl-C)."""
    if not argv or argv[0] in {"help", "-h", "--help"}:
        print(help_text())
        return 0
    if argv[0] not in COMMANDS:
        print(f"indh: unknown command '{argv[0]}'. Known: {', '.join(COMMANDS)}.", file=sys.stderr)
        return 2
    return exit_code(_run, argv)


def _run(argv: list[str]) -> int:
    require_addresses(os.environ)
    return command(COMMANDS[argv[0]][0])(argv[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
