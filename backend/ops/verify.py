"""`./indh verify`: is the record as it was sealed, and do decisions, deposits and minutes agree with it?
`./indh verify PROOF [--root HEX] [--seals FILE]`: is this exported proof exact? Without database or network.

`--root` (a root that was printed or sent) and `--seals` (an exported list of seals) are what was known
before: whoever rewrites the whole database rewrites its seals too, but not what others hold.
Exit codes: 0 all agrees; 1 something does not (each on one line); 2 a file that cannot be read, no database.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from backend.arguments import Arguments
from backend.core.i18n import LANGUAGES, ntranslate, translate
from backend.seals import proof
from backend.seals.words import facts, sentence

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from backend.seals.trail import Counted, Published

SHOWN = 200
"""Discrepancies told one by one; the others are counted."""
LARGEST_LIST = 100_000_000
"""Bytes of a list of seals that are read: more than thirty years of one every hour."""


def main(argv: list[str]) -> int:
    """Parse and run; returns the exit code."""
    options = _parser().parse_args(argv)
    lang = options.lang
    listed = None
    if options.seals is not None and (listed := _read(options.seals, LARGEST_LIST, lang)) is None:
        return 2
    if options.proof is None:
        return _database(options.data, options.root, listed, lang)
    text = _read(options.proof, proof.LARGEST, lang)
    if text is None:
        return 2
    if len(options.root) > 1:
        print(translate(lang, "verify.one_root"), file=sys.stderr)
        return 2
    return _offline(text, options.proof, options.root[0] if options.root else None, listed, lang)


def _parser() -> Arguments:
    parser = Arguments(
        prog="./indh verify",
        description="Check the sealed record of a database, or an exported proof from its file alone.",
    )
    parser.add_argument("proof", type=Path, nargs="?", metavar="PROOF", help="an exported proof")
    parser.add_argument(
        "--root", action="append", default=[], metavar="HEX", help="a root that was printed or published"
    )
    parser.add_argument("--seals", type=Path, metavar="FILE", help="a list of seals exported before")
    parser.add_argument(
        "--data", type=Path, default=Path(".data"), metavar="DIR", help="directory of ./indh up (.data)"
    )
    parser.add_argument("--lang", choices=LANGUAGES, default="fr", help="language of the answer (fr)")
    return parser


def _read(file: Path, largest: int, lang: str) -> bytes | None:
    try:
        if file.stat().st_size > largest:
            print(translate(lang, "verify.too_large", file=file), file=sys.stderr)
            return None
        return file.read_bytes()
    except OSError as error:
        print(f"indh: {file}: {error.strerror or error}.", file=sys.stderr)
        return None


def _offline(text: bytes, file: Path, root: str | None, listed: bytes | None, lang: str) -> int:
    found = proof.verify(text, root, listed)
    if not found.ok:
        print(translate(lang, "verify.proof_wrong", file=file), file=sys.stderr)
        for fault in found.faults:
            print(f"  {sentence(fault, lang)}", file=sys.stderr)
        return 1 if found.readable else 2
    print(translate(lang, "verify.proof_right", file=file))
    for name, value in facts(found, lang):
        print(f"  {name} : {value}")
    print(translate(lang, "verify.anchored" if found.anchored else "verify.not_anchored"))
    return 0


def _database(data: Path, roots: list[str], listed: bytes | None, lang: str) -> int:
    """Check the database that is served from `data`, or the one that the environment names."""
    from sqlalchemy import create_engine, text

    from backend.seals.trail import Counted

    from .check import address

    published = _published(roots, listed, lang)
    if published is None:
        return 2
    for kind in ("models", "jobs"):
        import_module("backend.app").load(kind)
    engine, counted = create_engine(address(data)), Counted()
    try:
        with engine.connect() as connection:
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
            wrong = _told(check(connection, counted, published), lang)
    finally:
        engine.dispose()
    _sum_up(counted, wrong, lang)
    return 1 if wrong else 0


def check(
    connection: Connection, counted: Counted, published: Published | None = None
) -> Iterator[proof.Fault]:
    """Everything that does not agree, as it is found. The memory does not grow with the data."""
    from backend.seals import agreement, trail

    yield from trail.faults(connection, counted, published)
    yield from agreement.faults(connection, counted)


def _published(roots: Iterable[str], listed: bytes | None, lang: str) -> Published | None:
    """What was known before; None (and said so) when the list cannot be read or does not hold together."""
    from backend.seals.trail import Published

    rows = [] if listed is None else proof.read_list(listed)
    broken = proof.Fault("list_unreadable") if rows is None else next(proof.chain(rows), None)
    if rows is None or broken:
        print(sentence(broken or proof.Fault("list_unreadable"), lang), file=sys.stderr)
        return None
    plain = frozenset("".join(root.lower().split()) for root in roots)
    return Published(plain, {row["number"]: row["root"] for row in rows})


def _told(faults: Iterator[proof.Fault], lang: str) -> int:
    """Say each discrepancy; how many there are."""
    count = 0
    for fault in islice(faults, SHOWN):
        count += 1
        print(f"✗ {sentence(fault, lang)}", file=sys.stderr, flush=True)
    more = sum(1 for _ in faults)
    if more:
        print(ntranslate(lang, "… et {n} autre", "… et {n} autres", more), file=sys.stderr)
    return count + more


def _sum_up(counted: Counted, wrong: int, lang: str) -> None:
    out = sys.stderr if wrong else sys.stdout
    print(ntranslate(lang, "{n} sceau", "{n} sceaux", counted.seals), file=out)
    print(ntranslate(lang, "{n} événement scellé", "{n} événements scellés", counted.events), file=out)
    print(ntranslate(lang, "{n} ligne comparée", "{n} lignes comparées", counted.rows), file=out)
    if counted.erased:
        text = ntranslate(
            lang,
            "{n} nom effacé à la demande de la personne",
            "{n} noms effacés à la demande des personnes",
            counted.erased,
        )
        print(text, file=out)
    if counted.waiting:
        text = ntranslate(
            lang,
            "{n} événement attend le prochain sceau",
            "{n} événements attendent le prochain sceau",
            counted.waiting,
        )
        print(text, file=out)
    if counted.root:
        print(translate(lang, "verify.last_root", number=counted.number, root=counted.root), file=out)
    print(translate(lang, "verify.wrong" if wrong else "verify.right", n=wrong), file=out)
