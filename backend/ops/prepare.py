"""What a start does to the database before anything serves: migrate, load reference data and the demo.

A process of its own, so that the supervisor stays small. `python -m backend.ops.prepare FILE [--province]`
writes what the operator is shown to FILE as JSON: `{"accounts": [[...], ...]}`; with `--province` a
demonstration is filled with calls and dossiers too. Each stage that is done is said aloud on standard output.
"""

import json
import os
import sys
from pathlib import Path

from backend.ops import seed
from backend.ops.migrate import migrate
from backend.ops.refusal import exit_code
from backend.ops.supervisor import ALOUD


def main(argv: list[str]) -> int:
    """Migrate and load, then write the accounts to the file named."""
    migrate(os.environ.get("MIGRATION_DATABASE_URL") or os.environ["DATABASE_URL"])
    _done("schema")
    demo = os.environ.get("INDH_DEMO") == "1"
    seed.load(demo)
    _done("reference data")
    if demo and "--province" in argv[1:]:
        seed.fill(_done)
    accounts = seed.accounts() if demo else []
    Path(argv[0]).write_text(json.dumps({"accounts": accounts}, ensure_ascii=False))
    return 0


def _done(stage: str) -> None:
    print(f"{ALOUD}{stage}", flush=True)


if __name__ == "__main__":
    sys.exit(exit_code(main, sys.argv[1:]))
