"""YAML to plain data with the place of every value, within bounds that no hostile file can pass.

Built from the parser's events rather than by a loader: numbers with decimals stay text (money and
shares are read exactly), duplicate keys are found, tags are refused, depth, size and aliases are
bounded before anything grows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from backend.calls.callfile.hidden import BAD, hidden_in
from backend.calls.callfile.issues import CallFileInvalid, Issue
from backend.calls.callfile.syntax import reason

MAX_BYTES = 256 * 1024
MAX_DEPTH = 24
MAX_VALUES = 5_000
MAX_ISSUES = 100

Path = tuple[str | int, ...]
Place = tuple[str, int, int]

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,14})")
_WORDS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None,
    "true": True, "True": True, "false": False, "False": False,
}  # fmt: skip


@dataclass(slots=True)
class Document:
    """The data of one file, and where each value stands (keys of mappings for missing fields)."""

    file: str
    data: dict[str, Any]
    places: dict[Path, Place] = field(default_factory=dict)

    def place(self, path: Path) -> Place:
        """Where `path` is written, or the nearest value that contains it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return (self.file, 1, 1)


def load(source: str | bytes, file: str) -> Document:
    """Read YAML, or raise CallFileInvalid: never another exception, whatever the bytes."""
    document, faults = survey(source, file)
    if faults:
        raise CallFileInvalid(faults)
    return document


def survey(source: str | bytes, file: str) -> tuple[Document, list[Issue]]:
    """The data as far as it can be read, with its faults of form; raises only when nothing can be."""
    text, hidden = _decode(source, file)
    try:
        read, faults = _built(text, file)
    except CallFileInvalid as found:
        raise CallFileInvalid([*hidden, *found.issues]) from None
    return Document(file, deepcopy(read.data), dict(read.places)), [*hidden, *faults]


@lru_cache(maxsize=16)
def _built(text: str, file: str) -> tuple[Document, list[Issue]]:
    """The document of a text, kept: what many calls extend is the same text each time."""
    return _Builder(file).build(text)


def _decode(source: str | bytes, file: str) -> tuple[str, list[Issue]]:
    def refuse(code: str, **params: str) -> CallFileInvalid:
        return CallFileInvalid([Issue(file, 1, 1, "", code, params)])

    if len(source) > MAX_BYTES:
        raise refuse("too_large", limit=f"{MAX_BYTES // 1024} KiB")
    if isinstance(source, bytes):
        try:
            source = source.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise refuse("binary") from None
    source = source.removeprefix("\ufeff")
    if not source.strip():
        raise refuse("empty")
    found = list(islice(BAD.finditer(source), MAX_ISSUES))
    if any(one[0] == "\0" for one in found):
        found = [one for one in found if one[0] == "\0"][:1]
        raise CallFileInvalid([hidden_in(source, file, found[0])])
    return BAD.sub("", source), list(
        {one.line: one for one in (hidden_in(source, file, x) for x in found)}.values()
    )


class _Stop(Exception):
    """The file passes a bound: no use reading further."""


@dataclass(slots=True)
class _Open:
    """A collection being read: `key` is the pending key of a mapping."""

    value: Any
    path: Path
    anchor: str | None
    start: int
    key: str | None = None


class _Builder:
    """Builds one document from parser events, iteratively: no recursion to exhaust."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.issues: list[Issue] = []
        self.places: dict[Path, Place] = {}
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.stack: list[_Open] = []
        self.root: Any = None
        self.count = 0
        self.documents = 0

    def build(self, text: str) -> tuple[Document, list[Issue]]:
        """The document and its faults of form; CallFileInvalid when it cannot be read to its end."""
        whole = False
        try:
            for event in self._events(text):
                self._take(event)
            whole = True
        except _Stop:
            pass
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            at = text.split("\n")[line - 1] if line <= text.count("\n") + 1 else ""
            self._issue("syntax", line, column, **reason(str(error.problem or ""), at))
        except YAMLError:
            self._issue("unreadable", 1, 1)
        except (ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            # ruamel.yaml lets some of its own errors out on broken escapes and directives.
            self._issue("unreadable", 1, 1)
        if not self.issues and not isinstance(self.root, dict):
            self._issue("empty" if self.root is None else "not_a_mapping", 1, 1)
        if self.issues and not (whole and isinstance(self.root, dict)):
            raise CallFileInvalid(self.issues)
        return Document(self.file, self.root, self.places), self.issues

    def _events(self, text: str) -> Iterator[Any]:
        yield from YAML(typ="safe", pure=True).parse(text)

    def _issue(self, code: str, line: int, column: int, **params: object) -> None:
        path = path_text(self._path()) if self.stack else ""
        self.issues.append(Issue(self.file, line, column, path, code, {k: str(v) for k, v in params.items()}))
        if len(self.issues) >= MAX_ISSUES:
            raise _Stop

    def _at(self, event: Any, code: str, **params: object) -> None:
        self._issue(code, event.start_mark.line + 1, event.start_mark.column + 1, **params)

    def _take(self, event: Any) -> None:
        kind = type(event).__name__
        if kind == "DocumentStartEvent":
            self.documents += 1
            if self.documents > 1:
                self._at(event, "several_documents")
                raise _Stop
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            self._enter(event, {} if kind == "MappingStartEvent" else [])
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._leave()
        elif kind == "ScalarEvent":
            self._scalar(event)
        elif kind == "AliasEvent":
            self._alias(event)

    def _count(self, event: Any, n: int) -> None:
        self.count += n
        if self.count > MAX_VALUES:
            self._at(event, "too_many", limit=MAX_VALUES)
            raise _Stop

    def _tagged(self, event: Any) -> None:
        tag = str(event.tag) if event.tag is not None else ""
        if tag and tag != "!":
            self._at(event, "tag", tag=tag[:60])

    def _enter(self, event: Any, value: Any) -> None:
        self._tagged(event)
        self._count(event, 1)
        if len(self.stack) >= MAX_DEPTH:
            self._at(event, "too_deep", limit=MAX_DEPTH)
            raise _Stop
        if self.stack and isinstance(self.stack[-1].value, dict) and self.stack[-1].key is None:
            self._at(event, "key_not_text")
            raise _Stop
        path = self._path()
        self._mark(path, event)
        self.stack.append(_Open(value, path, event.anchor, self.count))

    def _leave(self) -> None:
        done = self.stack.pop()
        if done.anchor:
            self.anchors[done.anchor] = (done.value, self.count - done.start + 1)
        self._place_value(done.value)

    def _scalar(self, event: Any) -> None:
        self._tagged(event)
        self._count(event, 1)
        if self.stack and isinstance(self.stack[-1].value, dict) and self.stack[-1].key is None:
            self._key(event)
            return
        value = _resolve(event.value) if event.implicit[0] and event.style in (None, "") else event.value
        if isinstance(value, str) and (bad := BAD.search(value)):
            self._at(event, "bad_character", character=f"U+{ord(bad[0]):04X}")
            value = BAD.sub("", value)
        self._mark(self._path(), event)
        if event.anchor:
            self.anchors[event.anchor] = (value, 1)
        self._place_value(value)

    def _key(self, event: Any) -> None:
        top = self.stack[-1]
        key = event.value
        if BAD.search(key):
            self._at(event, "bad_character", character="")
            key = "?"
        if key in top.value:
            first = self.places.get((*top.path, key), (self.file, 0, 0))
            self._at(event, "duplicate_key", key=key[:60], first=first[1])
        top.key = key
        self.places.setdefault(
            (*top.path, key), (self.file, event.start_mark.line + 1, event.start_mark.column + 1)
        )

    def _alias(self, event: Any) -> None:
        if any(one.anchor == event.anchor for one in self.stack):
            self._at(event, "alias_recursive", name=event.anchor)
            raise _Stop
        if event.anchor not in self.anchors:
            self._at(event, "alias_unknown", name=event.anchor)
            raise _Stop
        if self.stack and isinstance(self.stack[-1].value, dict) and self.stack[-1].key is None:
            self._at(event, "key_not_text")
            raise _Stop
        value, size = self.anchors[event.anchor]
        self._count(event, size)
        self._mark(self._path(), event)
        self._place_value(value)

    def _path(self) -> Path:
        """Where the next value goes."""
        if not self.stack:
            return ()
        top = self.stack[-1]
        last = len(top.value) if isinstance(top.value, list) else (top.key or "")
        return (*top.path, last)

    def _mark(self, path: Path, event: Any) -> None:
        """Remember the place of a list item or of the root; a mapping's value is placed at its key."""
        self.places.setdefault(path, (self.file, event.start_mark.line + 1, event.start_mark.column + 1))

    def _place_value(self, value: Any) -> None:
        if not self.stack:
            self.root = value
        elif isinstance(self.stack[-1].value, list):
            self.stack[-1].value.append(value)
        else:
            top = self.stack[-1]
            top.value.setdefault(top.key, value)
            top.key = None


def _resolve(text: str) -> object:
    """Null, booleans and integers of a plain scalar; everything else stays text (no float, no date)."""
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _INTEGER.fullmatch(text) else text


def path_text(path: Path) -> str:
    """`rules[2].check.at_most`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text
