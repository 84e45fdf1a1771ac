"""Is this ranking the one that its marks, its rules and its seed give? From the file alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from . import order
from .coherence import contradictions
from .record import Document, digests, totals, written

TOLERANCE = 1
"""Hundredths of a point by which a corrected score may differ: another machine rounds floats otherwise."""
MOST = 50
"""Faults of form that are told."""
CODES = (
    "unreadable", "incoherent", "inputs_changed", "corrected_differs", "not_estimable", "refusal_differs",
    "score_differs", "rank_differs", "reason_differs", "below_differs", "missing", "unexpected",
)  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """Something wrong: `code` is one of `CODES`; `where` names the dossier or the part; then both values."""

    code: str
    where: str
    written: str = ""
    computed: str = ""


@dataclass(frozen=True)
class Verdict:
    """What the check found. `readable` is False when the file is no ranking at all."""

    readable: bool
    faults: tuple[Fault, ...] = ()
    document: Document | None = field(default=None, repr=False)

    @property
    def ok(self) -> bool:
        return self.readable and not self.faults


def verify(document: bytes | str | Mapping[str, Any]) -> Verdict:
    """Read a ranking (JSON text or the data already parsed) and compute it again. Never raises on bad
    input.
    """
    try:
        plain = document if isinstance(document, Mapping) else _parsed(document)
        read = Document.model_validate(dict(plain))
    except ValidationError as wrong:
        told = wrong.errors()[:MOST]
        return Verdict(
            False, tuple(Fault("unreadable", ".".join(map(str, one["loc"])), one["msg"]) for one in told)
        )
    except (ValueError, RecursionError) as wrong:
        return Verdict(False, (Fault("unreadable", "JSON", str(wrong)[:200]),))
    if wrong_parts := tuple(Fault("incoherent", *one) for one in contradictions(read)):
        return Verdict(True, wrong_parts, read)
    return Verdict(True, (*_changed(read), *_otherwise(read)), read)


def _parsed(text: bytes | str) -> Mapping[str, Any]:
    """One object, without a repeated key (which readers would take differently) nor NaN."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise ValueError("a key is repeated")
        return found

    def constant(name: str) -> Any:
        raise ValueError(f"{name} is no number")

    plain = json.loads(text, object_pairs_hook=once, parse_constant=constant)
    if not isinstance(plain, dict):
        raise ValueError("not an object")  # noqa: TRY004 (one kind of refusal for the caller)
    return plain


def _changed(document: Document) -> Iterator[Fault]:
    """Parts whose fingerprint is not the one written with them."""
    plain = document.model_dump(mode="json")
    said, found = plain["sha256"], digests(plain)
    for part in ("rules", "seed", "files", "corrected"):
        if said[part] != found[part]:
            yield Fault("inputs_changed", part, said[part], found[part])
    reviews, now = said["reviews"], found["reviews"]
    for file in sorted(reviews.keys() | now.keys()):
        if reviews.get(file) != now.get(file):
            yield Fault("inputs_changed", f"reviews: {file}", reviews.get(file, ""), now.get(file, ""))
    # Alone when somebody wrote every part's fingerprint anew and forgot the last.
    if said["inputs"] != found["inputs"]:
        yield Fault("inputs_changed", "inputs", said["inputs"], found["inputs"])


def _otherwise(document: Document) -> Iterator[Fault]:
    """Where the order written is not the order computed."""
    if document.asked == "corrected":
        yield from _corrected(document)
    found = order.rank(document.grid.rules(), document.by_file(), document.seed, document.corrected)
    computed = written(found)
    plain = document.model_dump(mode="json")
    yield from _rows(plain["order"], computed["order"])
    before, after = set(document.unread), set(found.unread)
    if list(document.unread) != list(found.unread) and before == after:
        yield Fault("unexpected", "unread")
    for file in sorted(after - before):
        yield Fault("missing", f"unread: {file}")
    for file in sorted(before - after):
        yield Fault("unexpected", f"unread: {file}")


def _corrected(document: Document) -> Iterator[Fault]:
    """Whether the marks allow the correction, and what it gives."""
    from .official import official

    found = official(totals(document))
    if document.method == "raw":
        if found.refused != document.refused:
            yield Fault("refusal_differs", "refused", str(document.refused), str(found.refused))
        return
    if found.corrected is None or found.refused:
        yield Fault("not_estimable", str(found.refused))
        return
    again = found.hundredths()
    for file, value in sorted((document.corrected or {}).items()):
        if abs(value - again[file]) > TOLERANCE:
            yield Fault("corrected_differs", file, f"{value / 100:.2f}", f"{again[file] / 100:.2f}")


def _rows(said: list[dict[str, Any]], found: list[dict[str, Any]]) -> Iterator[Fault]:
    before = {one["file"]: one for one in said}
    after = {one["file"]: one for one in found}
    if len(before) < len(said):
        yield Fault("unexpected", "order")
    for file, row in before.items():
        if file in after:
            yield from _row(file, row, after[file])
        else:
            yield Fault("unexpected", f"order: {file}")
    for file in sorted(after.keys() - before.keys()):
        yield Fault("missing", f"order: {file}")
    if [one["rank"] for one in said] != sorted(one["rank"] for one in said):
        yield Fault("rank_differs", "order")


def _row(file: str, said: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[Fault]:
    if said["score"] != found["score"]:
        yield Fault("score_differs", file, _points(said["score"]), _points(found["score"]))
    for code in sorted(said["means"].keys() | found["means"].keys()):
        pair = said["means"].get(code), found["means"].get(code)
        if pair[0] != pair[1]:
            yield Fault("score_differs", f"{file} / {code}", _points(pair[0]), _points(pair[1]))
    if said["below"] != found["below"]:
        yield Fault("below_differs", file, ", ".join(said["below"]), ", ".join(found["below"]))
    if said["rank"] != found["rank"]:
        yield Fault("rank_differs", file, str(said["rank"]), str(found["rank"]))
    for part in ("after", "draw"):
        if said[part] != found[part]:
            yield Fault("reason_differs", file, str(said[part]), str(found[part]))


def _points(hundredths: int | None) -> str:
    return "" if hundredths is None else f"{hundredths / 100:.2f}".replace(".", ",")
