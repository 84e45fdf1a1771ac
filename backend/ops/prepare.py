"""What a start does to the database before anything serves: migrate, load reference data and the demo.

A process of its own, so that the supervisor stays small. `python -m backend.ops.prepare FILE [--province]`
writes what the operator is shown to FILE as JSON: `{"accounts": [[...], ...]}`; with `--province` a
demonstration is filled with calls and dossiers too.
"""

import dataclasses
import importlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from backend.ops.migrate import migrate


def optional(name: str) -> ModuleType | None:
    """Import `name`, or None when this checkout does not have it. Errors inside it are errors."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name == error.name or name.startswith(f"{error.name}.")):
            return None
        raise


def row(account: Any) -> list[str]:
    """One demo account as words for a table, whether it is a mapping, a dataclass or a tuple.

    >>> row({"email": "das@demo.invalid", "role": "officer"})
    ['das@demo.invalid', 'officer']
    """
    if dataclasses.is_dataclass(account) and not isinstance(account, type):
        account = dataclasses.asdict(account)
    values = account.values() if isinstance(account, Mapping) else account
    return [str(value) for value in values]


def main(argv: list[str]) -> int:
    """Migrate and load, then write the accounts to the file named."""
    database_url = os.environ.get("MIGRATION_DATABASE_URL") or os.environ["DATABASE_URL"]
    migrate(database_url)
    demo = os.environ.get("INDH_DEMO") == "1"
    seed = optional("backend.ops.seed")
    accounts = []
    if seed is not None:
        seed.load(demo)
        if demo and "--province" in argv[1:]:
            seed.fill()
        accounts = [row(account) for account in seed.accounts()] if demo else []
    Path(argv[0]).write_text(json.dumps({"accounts": accounts}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
