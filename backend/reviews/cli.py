"""`./indh ranking export CALL [-o FILE]`: a call's ranking as a file that proves itself.
It is read from DATABASE_URL, or from what `./indh up` serves.
`./indh ranking verify FILE`: is this ranking the one that its marks, rules and seed give? Without a database.

Exit codes: 0 done, or the same order was found; 1 refused, or it differs (each difference on one line); 2 the
file cannot be read or written, or is no ranking.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from backend.arguments import Arguments
from backend.core.config import settings
from backend.core.i18n import LANGUAGES, codes, has, translate
from backend.reviews.panel.verify import Fault, Verdict, verify

if TYPE_CHECKING:
    from uuid import UUID

    from backend.core.tx import Tx
    from backend.reviews.queries.record import Current

ROOT = Path(__file__).resolve().parents[2]
LARGEST = 200_000_000  # bytes; a call of 10 000 dossiers with three reviews each takes about 10 million
SHOWN = 40  # differences told one by one


def main(argv: Sequence[str] | None = None) -> int:
    """Parse and run; returns the exit code."""
    options = _parser().parse_args(argv)
    if options.command == "export":
        return _export(options.call, options.output, options.lang, options.data)
    file: Path = options.file
    try:
        if file.stat().st_size > LARGEST:
            print(translate(options.lang, "ranking.too_large", file=file), file=sys.stderr)
            return 2
        text = file.read_bytes()
    except OSError as error:
        return _unopened(file, error, options.lang)
    return _say(verify(text), file, options.lang)


def _parser() -> Arguments:
    parser = Arguments(
        prog="./indh ranking", description="The ranking of a call, as a file that proves itself."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    verifying = commands.add_parser("verify", help="compute the order again from the file alone")
    verifying.add_argument("file", type=Path, metavar="FILE")
    exporting = commands.add_parser("export", help="write the ranking of a call")
    exporting.add_argument("call", metavar="CALL", help="the code of the call")
    exporting.add_argument("-o", "--output", type=Path, metavar="FILE", help="instead of the output")
    exporting.add_argument(
        "--data", type=Path, default=ROOT / ".data", metavar="DIR", help="directory of ./indh up (.data)"
    )
    for command in (verifying, exporting):
        command.add_argument("--lang", choices=LANGUAGES, default="fr", help="language of the answer (fr)")
    return parser


def _export(code: str, output: Path | None, lang: str, data: Path) -> int:
    """Write the file of a ranking, its panel studied first when its last report is behind."""
    os.environ["DATABASE_URL"] = import_module("backend.ops.check").address(data)
    settings.cache_clear()
    from sqlalchemy import select

    from backend.calls.models import Call
    from backend.core.actor import SYSTEM
    from backend.core.errors import Problem
    from backend.core.tx import transaction
    from backend.reviews.queries import document

    # Every table that a row of ours refers to is known once the whole platform is composed.
    import_module("backend.app").load("models")
    try:
        with transaction(SYSTEM) as tx:
            tx.allowed = tx.recorded = True  # a report that was owed may be made
            call_id = tx.session.scalars(select(Call.id).where(Call.code == code)).one_or_none()
            if call_id is None:
                print(translate(lang, "ranking.no_call", call=code), file=sys.stderr)
                return 1
            found = document(tx, _known(tx, call_id))
    except Problem as refused:
        print(f"indh: {translate(lang, f'problem.{refused.code}', **refused.params)}", file=sys.stderr)
        return 1
    text = found.model_dump_json(indent=1) + "\n"
    if output is None:
        sys.stdout.write(text)
        return 0
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        return _unopened(output, error, lang)
    print(
        translate(lang, "ranking.exported", file=output, ranked=len(found.order), reviews=len(found.reviews))
    )
    print(translate(lang, "ranking.fingerprint", sha256=found.sha256.inputs))
    return 0


def _known(tx: Tx, call_id: UUID) -> Current:
    """How the call is ranked, its panel studied first when its last report is behind."""
    from backend.core.errors import Problem
    from backend.reviews.commands import report
    from backend.reviews.queries import current

    try:
        return current(tx, call_id)
    except Problem as behind:
        if behind.code != "report_stale":
            raise
    report(tx, call_id)
    tx.session.flush()
    return current(tx, call_id)


def _say(verdict: Verdict, file: Path, lang: str) -> int:
    """The answer in words; the exit code."""
    if verdict.ok and verdict.document is not None:
        read = verdict.document
        print(
            translate(
                lang,
                "ranking.verified",
                file=file,
                call=read.call,
                ranked=len(read.order),
                unread=len(read.unread),
                reviews=len(read.reviews),
                method=translate(lang, f"enum.ranking_method.{read.method}"),
                seed=read.seed,
            )
        )
        print(translate(lang, "ranking.fingerprint", sha256=read.sha256.inputs))
        return 0
    head = "ranking.differs" if verdict.readable else "ranking.unreadable"
    print(translate(lang, head, file=file, n=len(verdict.faults)), file=sys.stderr)
    for fault in verdict.faults[:SHOWN]:
        print(f"  {_words(fault, lang)}", file=sys.stderr)
    if len(verdict.faults) > SHOWN:
        print(f"  {translate(lang, 'ranking.more', n=len(verdict.faults) - SHOWN)}", file=sys.stderr)
    return 1 if verdict.readable else 2


UNOPENED = {
    FileNotFoundError: "ranking.file.missing",
    NotADirectoryError: "ranking.file.missing",
    PermissionError: "ranking.file.denied",
    IsADirectoryError: "ranking.file.directory",
}


PARTS = (
    "rules", "seed", "files", "reviews", "corrected", "inputs", "order", "unread", "refused", "method",
    "grid.weights", "grid.criteria", "grid.tie_break",
)  # fmt: skip


@codes
def said_codes() -> Iterator[str]:
    """What this command says by a code, beside the faults themselves."""
    yield from (f"ranking.part.{part}" for part in PARTS)
    yield from (f"ranking.after.{reason}" for reason in ("first", "score", "draw"))
    yield from (*UNOPENED.values(), "ranking.file.failed")


def _unopened(file: Path, error: OSError, lang: str) -> int:
    """A file that cannot be read or written, and why; the exit code."""
    known = UNOPENED.get(type(error), "ranking.file.failed")
    print(translate(lang, known, file=file, number=error.errno), file=sys.stderr)
    return 2


def _words(fault: Fault, lang: str) -> str:
    """Parts of the file by their name in words, with the field; codes by what they mean."""
    part, colon, rest = fault.where.partition(": ")
    if has(lang, f"ranking.part.{part}"):
        part = f"{translate(lang, f'ranking.part.{part}')} ({part})"
    meaning = {
        "reason_differs": "ranking.after", "refusal_differs": "refused.severity",
        "not_estimable": "refused.severity",
    }.get(fault.code)  # fmt: skip
    return translate(
        lang,
        f"ranking.fault.{fault.code}",
        where=_meant(part, meaning, lang) if fault.code == "not_estimable" else part + colon + rest,
        written=_meant(fault.written, meaning, lang) or "—",
        computed=_meant(fault.computed, meaning, lang) or "—",
    )


def _meant(code: str, meaning: str | None, lang: str) -> str:
    """What the code says; itself where it is a criterion of the grid."""
    return translate(lang, f"{meaning}.{code}") if has(lang, f"{meaning}.{code}") else code


if __name__ == "__main__":
    raise SystemExit(main())
