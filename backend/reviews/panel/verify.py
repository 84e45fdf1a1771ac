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
FORM = {"missing": "field_missing", "extra_forbidden": "field_unknown", "literal_error": "value_unknown"}
"""What pydantic finds, in our codes; all else is a value of another kind than the format's."""
CODES = (
    *FORM.values(), "field_wrong", "not_text", "not_json", "key_repeated", "not_a_number", "not_an_object",
    "too_deep", "incoherent", "inputs_changed", "corrected_differs", "not_estimable", "refusal_differs",
    "score_differs", "rank_differs", "ranks_out_of_order", "reason_differs", "draw_differs", "below_differs",
    "missing", "unexpected",
)  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """Something wrong: `code` is one of `CODES`; `where` names the dossier or the part; then both values.

    Of a text that is no JSON, `written` and `computed` are the line and the column where it ends to be.
    """

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
        told = wrong.errors(include_url=False)[:MOST]
        return Verdict(False, tuple(_misshapen(one) for one in told))
    except _NotRead as wrong:
        return Verdict(False, (wrong.fault,))
    if wrong_parts := tuple(Fault("incoherent", *one) for one in contradictions(read)):
        return Verdict(True, wrong_parts, read)
    return Verdict(True, (*_changed(read), *_otherwise(read)), read)


class _NotRead(Exception):
    """The text is no JSON object that every reader takes alike."""

    def __init__(self, code: str, *values: str) -> None:
        super().__init__(code)
        self.fault = Fault(code, *(values or ("",)))


def _misshapen(found: Any) -> Fault:
    """A field that is not of the format, with what stands there (beginning only)."""
    where = ".".join(map(str, found["loc"]))
    code = FORM.get(found["type"], "field_wrong")
    return Fault(code, where, "" if code == "field_missing" else _told(found["input"]))


def _told(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:59] + "…"


def _parsed(text: bytes | str) -> Mapping[str, Any]:
    """One object, without a repeated key (which readers would take differently) nor NaN."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise _NotRead("key_repeated", key[:60])
            found[key] = value
        return found

    def constant(name: str) -> Any:
        raise _NotRead("not_a_number", name)

    try:
        plain = json.loads(text, object_pairs_hook=once, parse_constant=constant)
    except json.JSONDecodeError as wrong:
        raise _NotRead("not_json", "", str(wrong.lineno), str(wrong.colno)) from None
    except UnicodeDecodeError:
        raise _NotRead("not_text") from None
    except RecursionError:
        raise _NotRead("too_deep") from None
    except ValueError:  # a whole number of thousands of digits
        raise _NotRead("not_a_number") from None
    if not isinstance(plain, dict):
        raise _NotRead("not_an_object")
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
            yield Fault("refusal_differs", "refused", document.refused or "", found.refused or "")
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
        yield Fault("ranks_out_of_order", "order")


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
    for part, code in (("after", "reason_differs"), ("draw", "draw_differs")):
        if said[part] != found[part]:
            yield Fault(code, file, said[part] or "", found[part] or "")


def _points(hundredths: int | None) -> str:
    return "" if hundredths is None else f"{hundredths / 100:.2f}".replace(".", ",")
