"""`./indh ranking verify FILE`: is this ranking the one that its marks, rules and seed give?

Needs no database. Exit codes: 0 the same order was found, 1 it differs (each difference on one line), 2 the
file cannot be read or is no ranking.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from backend.arguments import Arguments
from backend.core.i18n import LANGUAGES, translate
from backend.reviews.panel.verify import Fault, Verdict, verify

LARGEST = 200_000_000  # bytes; a call of 10 000 dossiers with three reviews each takes about 10 million
SHOWN = 40  # differences told one by one


def main(argv: Sequence[str] | None = None) -> int:
    """Parse and run; returns the exit code."""
    options = _parser().parse_args(argv)
    file: Path = options.file
    try:
        if file.stat().st_size > LARGEST:
            print(translate(options.lang, "ranking.too_large", file=file), file=sys.stderr)
            return 2
        text = file.read_bytes()
    except OSError as error:
        print(f"indh: {file}: {error.strerror or error}.", file=sys.stderr)
        return 2
    return _say(verify(text), file, options.lang)


def _parser() -> Arguments:
    parser = Arguments(
        prog="./indh ranking", description="The ranking of a call, as a file that proves itself."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("verify", help="compute the order again from the file alone")
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument("--lang", choices=LANGUAGES, default="fr", help="language of the answer (fr)")
    return parser


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
                unranked=len(read.unranked),
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


def _words(fault: Fault, lang: str) -> str:
    return translate(
        lang,
        f"ranking.fault.{fault.code}",
        where=fault.where,
        written=fault.written or "—",
        computed=fault.computed or "—",
    )


if __name__ == "__main__":
    raise SystemExit(main())
