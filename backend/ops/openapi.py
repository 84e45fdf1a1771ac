"""`./indh openapi`: the API's description, written from the code; `--check` compares the committed one."""

import importlib
import json
import os
from pathlib import Path

from backend.arguments import Arguments
from backend.ops.paths import ROOT
from backend.ops.refusal import Refusal

FILE = ROOT / "openapi" / "openapi.json"


def description() -> str:
    """The OpenAPI document of the composed application, as it is committed."""
    os.environ.setdefault("SECRET_KEY", "only to describe")  # nothing is served or stored
    app = importlib.import_module("backend.app").create_app()
    return json.dumps(app.openapi(), ensure_ascii=False, indent=1) + "\n"


def difference(committed: Path, text: str) -> str | None:
    """One line that says what to do when `committed` does not hold `text`, else None."""
    if not committed.exists():
        return f"{committed.name} is missing: run ./indh openapi and commit it."
    if committed.read_text() != text:
        return f"{committed.name} no longer describes the code: run ./indh openapi and commit it."
    return None


def main(argv: list[str]) -> int:
    """Write the file, or with `--check` raise Refusal when it is not what the code says."""
    parser = Arguments(prog="./indh openapi", description="Write the API's description from the code.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the file is old")
    options = parser.parse_args(argv)
    text = description()
    if options.check:
        if problem := difference(FILE, text):
            raise Refusal(problem)
        return 0
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(text)
    print(f"written: {FILE.relative_to(ROOT)}")
    return 0
