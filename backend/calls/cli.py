"""`./indh call check|load|amend FILE` · `schema [PATH]`: call files from the operator's command.

Exit codes: 0 done, 1 the file is wrong (each fault on one line), 2 it cannot be read or the command
is not understood.
"""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from backend.arguments import Arguments
from backend.calls.callfile import CallFile, CallFileInvalid, read
from backend.calls.callfile.cautions import cautions
from backend.calls.callfile.summary import summary
from backend.core.i18n import LANGUAGES, translate

SCHEMA_PATH = Path(__file__).resolve().parents[2] / "docs" / "call-file.schema.json"


def main(argv: Sequence[str] | None = None) -> int:
    """Parse and run; returns the exit code."""
    options = _parser().parse_args(argv)
    if options.command == "schema":
        return _schema(options.path)
    call = _read(options.file, options.lang)
    if isinstance(call, int):
        return call
    if options.command == "load":
        return _load(call, options.file, options.lang)
    if options.command == "amend":
        return _amend(call, options)
    _say(call, options.file, options.lang)
    return 0


def _parser() -> Arguments:
    parser = Arguments(prog="./indh call", description="Files of calls for projects.")
    commands = parser.add_subparsers(dest="command", required=True)
    files: dict[str, Arguments] = {}
    for name, text in (
        ("check", "check a file: its faults by line, or the call in plain words"),
        ("load", "keep a checked call as a draft in DATABASE_URL"),
        ("amend", "publish a checked call as the next version of the published one, in DATABASE_URL"),
    ):
        command = files[name] = commands.add_parser(name, help=text)
        command.add_argument("file", type=Path, metavar="FILE")
        command.add_argument(
            "--lang", choices=LANGUAGES, default="fr", help="words for the call's authors (fr)"
        )
    files["amend"].add_argument("--kind", choices=("erratum", "extension"), required=True)
    for lang in LANGUAGES:
        files["amend"].add_argument(
            f"--reason-{lang}", required=True, metavar="WORDS", help="why, published with it"
        )
    schema = commands.add_parser("schema", help="write the JSON schema of call files")
    schema.add_argument(
        "path", type=Path, nargs="?", metavar="FILE", default=SCHEMA_PATH, help="docs/call-file.schema.json"
    )
    return parser


def _read(file: Path, lang: str) -> CallFile | int:
    try:
        return read(file)
    except CallFileInvalid as invalid:
        print(invalid.text(lang), file=sys.stderr)
        print(translate(lang, "callfile.count", n=len(invalid.issues)), file=sys.stderr)
        return 1
    except OSError as error:
        print(f"indh: {file}: {error.strerror or error}.", file=sys.stderr)
        return 2


def _load(call: CallFile, file: Path, lang: str) -> int:
    """Keep the call as a draft in the database that DATABASE_URL names, as the platform itself."""
    if "DATABASE_URL" not in os.environ:
        print("indh: DATABASE_URL names no database.", file=sys.stderr)
        return 2
    # The database is imported only when it is used: `check` works without one.
    from backend.calls.commands import load
    from backend.core.actor import SYSTEM
    from backend.core.errors import Problem
    from backend.core.tx import transaction

    try:
        with transaction(SYSTEM) as tx:
            kept = load(tx, call, file.read_bytes())
            state = translate(lang, f"state.call.{kept.state}")
    except Problem as problem:
        print(f"{file}: {translate(lang, f'problem.{problem.code}')}", file=sys.stderr)
        return 1
    print(translate(lang, "callfile.loaded", code=call.code, state=state))
    return 0


def _amend(call: CallFile, options: Namespace) -> int:
    """Publish the file as the next version of its call, as the platform itself, and say what changed."""
    if "DATABASE_URL" not in os.environ:
        print("indh: DATABASE_URL names no database.", file=sys.stderr)
        return 2
    from backend.calls.commands import amend
    from backend.calls.models import VersionKind
    from backend.calls.queries import by_code, editions
    from backend.core.actor import SYSTEM
    from backend.core.errors import Problem
    from backend.core.tx import transaction

    # Whoever reacts to an amendment, or knows of deposits, is composed here and named nowhere in this slice.
    import_module("backend.app").load("jobs")
    reason = {lang: getattr(options, f"reason_{lang}") for lang in LANGUAGES}
    lang = options.lang
    try:
        with transaction(SYSTEM) as tx:
            kept = amend(tx, by_code(tx, call.code).id, call, VersionKind(options.kind), reason, None)
            tx.session.flush()
            edition = editions(tx, kept)[0]
    except Problem as problem:
        print(f"{options.file}: {translate(lang, f'problem.{problem.code}')}", file=sys.stderr)
        for error in problem.errors:
            words = translate(lang, f"field.{error.code}", **error.params)
            print(f"{options.file}: [{error.field}] {words}", file=sys.stderr)
        return 1
    print(translate(lang, "callfile.amended", code=call.code, number=edition.number))
    for change in edition.changes:
        before, after = ((words or {}).get(lang, "—") for words in (change.before, change.after))
        print(f"  {change.title[lang]}: {before} → {after}")
    return 0


def _say(call: CallFile, file: Path, lang: str) -> None:
    """The call in both languages, that of the operator first."""
    print(translate(lang, "callfile.valid", file=file, rules=len(call.every_rule())))
    for each in sorted(LANGUAGES, key=lambda one: one != lang):
        print(f"\n{summary(call, each)}")
    if warned := cautions(call):
        print(f"\n{translate(lang, 'callfile.cautions', n=len(warned))}")
        print("\n".join(replace(one, file=str(file)).line_of_text(lang) for one in warned))


def _schema(path: Path) -> int:
    from backend.calls.callfile.jsonschema import schema_text

    try:
        path.write_text(schema_text(), encoding="utf-8")
    except OSError as error:
        print(f"indh: {path}: {error.strerror or error}.", file=sys.stderr)
        return 2
    print(path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
