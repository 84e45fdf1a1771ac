"""A proof, checked from its file alone: no database, no network, nothing but Python.

The format is documented in docs/seals.md, with the twenty lines that check one by hand.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..core import commitments, merkle
from ..core.commitments import DATA, WHAT

FORMAT = "indh-proof-1"
LIST_FORMAT = "indh-seals-1"
LARGEST = 1_000_000
"""Bytes of a proof that are read; one takes a few thousand."""
_HEX = frozenset("0123456789abcdef")
_SEAL: dict[str, tuple[type, ...]] = {
    "number": (int,),
    "at": (str,),
    "count": (int,),
    "previous": (str, type(None)),
    "events_root": (str,),
    "root": (str,),
}
_EVENT = ("id", "at", "name", "subject_type", "subject_id", "province_code")
CODES = (
    "unreadable", "not_in_tree", "seal_root", "record_differs", "record_alone", "root_differs",
    "list_unreadable", "list_broken", "list_lacks", "list_differs", "root_not_listed",
)  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """What is wrong: one of `CODES`, and the numbers or names that its sentence takes."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """What the check of a proof found.

    `event` and `said` are what it shows: what happened, and keys of its data. `anchored` tells whether its
    root was compared with one that was known otherwise: without that, it only agrees with itself.
    """

    faults: tuple[Fault, ...]
    event: Mapping[str, Any] = field(default_factory=dict)
    said: Mapping[str, Any] = field(default_factory=dict)
    record: Mapping[str, Any] | None = None
    seal: Mapping[str, Any] = field(default_factory=dict)
    hidden: int = 0
    anchored: bool = False

    @property
    def ok(self) -> bool:
        return not self.faults

    @property
    def readable(self) -> bool:
        return not any(fault.code in ("unreadable", "list_unreadable") for fault in self.faults)


class _Unreadable(ValueError):
    """Not the form of a proof; the words name the part."""


def verify(text: bytes | str, root: str | None = None, listed: bytes | str | None = None) -> Verdict:
    """Check a proof, against a root that was published and a list of seals when they are given.

    Never raises on bad input. With both, the root may be of any seal of the list: the list is a chain.
    """
    try:
        proof = _proof(_parsed(text))
    except _Unreadable as wrong:
        return Verdict((Fault("unreadable", {"part": str(wrong)}),))
    shown, hidden, leaf, seal, record = proof
    parts = {name: value for _, name, value in shown}
    said = {name.removeprefix(DATA): value for name, value in parts.items() if name.startswith(DATA)}
    faults = [*_under(shown, hidden, leaf, seal), *_recorded(record, said)]
    faults += _known(seal, root, listed)
    return Verdict(
        tuple(faults),
        event=parts[WHAT],
        said=said,
        record=record,
        seal=seal,
        hidden=len(hidden),
        anchored=root is not None or listed is not None,
    )


def chain(rows: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    """Where a list of seals, oldest first, does not hold together."""
    for before, row in zip([None, *rows], rows, strict=False):
        follows = before is None or (row["number"], row["previous"]) == (before["number"] + 1, before["root"])
        if not follows or _root(row) != row["root"]:
            yield Fault("list_broken", {"number": row["number"]})


def read_list(text: bytes | str) -> list[dict[str, Any]] | None:
    """The seals of an exported list; None when it is not one."""
    try:
        plain = _parsed(text)
        if plain.get("format") != LIST_FORMAT or not isinstance(plain.get("seals"), list):
            return None
        return [_seal(row) for row in plain["seals"]]
    except _Unreadable:
        return None


def _under(
    shown: Sequence[Any], hidden: Sequence[bytes], leaf: Mapping[str, Any], seal: Mapping[str, Any]
) -> Iterator[Fault]:
    """The event is in the tree of its seal, and the root is that seal's."""
    digests = [*(commitments.part_digest(*part) for part in shown), *hidden]
    siblings = [bytes.fromhex(one) for one in leaf["path"]]
    found = merkle.root_from(commitments.leaf(digests), leaf["index"], seal["count"], siblings)
    if found is None or found.hex() != seal["events_root"]:
        yield Fault("not_in_tree", {"number": seal["number"]})
    if _root(seal) != seal["root"]:
        yield Fault("seal_root", {"number": seal["number"]})


def _recorded(record: Mapping[str, Any] | None, said: Mapping[str, Any]) -> Iterator[Fault]:
    """The record beside it is the one whose fingerprint the event holds."""
    if record is None:
        return
    if "sha256" not in said:
        yield Fault("record_alone")
    elif commitments.digest(record) != said["sha256"]:
        yield Fault("record_differs")


def _known(seal: Mapping[str, Any], root: str | None, listed: bytes | str | None) -> Iterator[Fault]:
    """The seal is one that was published."""
    root = None if root is None else "".join(root.lower().split())
    if listed is None:
        if root is not None and root != seal["root"]:
            yield Fault("root_differs", {"number": seal["number"]})
        return
    rows = read_list(listed)
    if rows is None:
        yield Fault("list_unreadable")
        return
    yield from chain(rows)
    if root is not None and all(row["root"] != root for row in rows):
        yield Fault("root_not_listed")
    same = [row for row in rows if row["number"] == seal["number"]]
    if not same:
        yield Fault("list_lacks", {"number": seal["number"]})
    elif same[0]["root"] != seal["root"]:
        yield Fault("list_differs", {"number": seal["number"]})


def _root(seal: Mapping[str, Any]) -> str:
    return commitments.seal_root(
        seal["number"], seal["at"], seal["count"], seal["previous"], seal["events_root"]
    )


def _parsed(text: bytes | str) -> dict[str, Any]:
    """One object, without a key repeated (which readers would take differently) nor NaN."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise _Unreadable("JSON")
        return found

    def constant(_name: str) -> Any:
        raise _Unreadable("JSON")

    try:
        plain = json.loads(text, object_pairs_hook=once, parse_constant=constant)
        json.dumps(plain, ensure_ascii=False).encode()  # half of a surrogate pair is no text
    except (ValueError, RecursionError):
        raise _Unreadable("JSON") from None
    if not isinstance(plain, dict):
        raise _Unreadable("JSON")
    return plain


Proof = tuple[list[tuple[str, str, Any]], list[bytes], dict[str, Any], dict[str, Any], dict[str, Any] | None]


def _proof(plain: Mapping[str, Any]) -> Proof:
    """Its parts, each of its form. Raises `_Unreadable`."""
    if plain.get("format") != FORMAT or not plain.keys() <= {"format", "event", "leaf", "seal", "record"}:
        raise _Unreadable("format")
    event, leaf, record = plain.get("event"), plain.get("leaf"), plain.get("record")
    if not isinstance(event, dict) or not isinstance(leaf, dict):
        raise _Unreadable("event")
    shown = [_shown(part) for part in _listed(event.get("shown"), "event.shown")]
    names = [name for _, name, _ in shown]
    if len(set(names)) < len(names) or WHAT not in names:
        raise _Unreadable("event.shown")
    what = next(value for _, name, value in shown if name == WHAT)
    if not isinstance(what, dict) or set(what) != set(_EVENT):
        raise _Unreadable("event.shown")
    if not isinstance(leaf.get("index"), int) or isinstance(leaf["index"], bool):
        raise _Unreadable("leaf.index")
    if not all(_is_hash(one) for one in _listed(leaf.get("path"), "leaf.path")):
        raise _Unreadable("leaf.path")
    hidden = _listed(event.get("hidden"), "event.hidden")
    if not all(_is_hash(one) for one in hidden):
        raise _Unreadable("event.hidden")
    if record is not None and not isinstance(record, dict):
        raise _Unreadable("record")
    return shown, [bytes.fromhex(one) for one in hidden], leaf, _seal(plain.get("seal")), record


def _shown(part: Any) -> tuple[str, str, Any]:
    if not (isinstance(part, list) and len(part) == 3 and all(isinstance(one, str) for one in part[:2])):
        raise _Unreadable("event.shown")
    return part[0], part[1], part[2]


def _seal(row: Any) -> dict[str, Any]:
    if not isinstance(row, dict) or set(row) != set(_SEAL):
        raise _Unreadable("seal")
    for name, kind in _SEAL.items():
        if not isinstance(row[name], kind) or isinstance(row[name], bool):
            raise _Unreadable(f"seal.{name}")
    if not _is_hash(row["events_root"]) or not _is_hash(row["root"]):
        raise _Unreadable("seal.root")
    return row


def _listed(value: Any, part: str) -> list[Any]:
    if not isinstance(value, list):
        raise _Unreadable(part)
    return value


def _is_hash(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 2 * merkle.SIZE and _HEX.issuperset(value)
