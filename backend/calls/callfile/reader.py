"""`read`: from a call file to a `CallFile`, or every fault with its line."""

from __future__ import annotations

import json
import types
from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ValidationError
from typing_extensions import is_typeddict

from backend.calls.callfile.checks import findings
from backend.calls.callfile.document import MAX_BYTES, MAX_ISSUES, Document, Path, load, path_text, survey
from backend.calls.callfile.issues import CallFileInvalid, Issue
from backend.calls.callfile.models import CallFile
from backend.calls.callfile.partial import besides
from backend.calls.rules.parse import Finding, nearest_first, shown

EXTENDS = "extends"

# pydantic's error types that have an issue of ours; the others fall back on « invalid ».
_CODES = {
    "string_type": "text",
    "int_type": "number",
    "int_parsing": "number",
    "bool_type": "bool",
    "literal_error": "choice",
    "tuple_type": "list_expected",
    "list_type": "list_expected",
    "model_type": "mapping_expected",
    "model_attributes_type": "mapping_expected",
    "dict_type": "mapping_expected",
    "string_pattern_mismatch": "code_form",
    "string_too_short": "too_short",
    "string_too_long": "too_long",
    "too_short": "too_short",
    "too_long": "too_long",
    "greater_than_equal": "too_small",
    "less_than_equal": "too_big",
}

_OWN = frozenset({"money", "ratio", "date", "local_time", "hour_missing", "hour_twice", "province", "limit"})
"""Faults of a written value that say by themselves what is wanted; the others are of a fact's type."""


def read(source: FilePath | str | bytes, *, base: FilePath | None = None) -> CallFile:
    """Read a call file from a path, or from its text (then `base` is the folder of what it extends).

    Raises CallFileInvalid with every fault; FileNotFoundError and the like when a path cannot be read.
    """
    if isinstance(source, FilePath):
        with source.open("rb") as file:
            text: str | bytes = file.read(MAX_BYTES + 1)
        return _told_together(text, str(source), base or source.parent)
    return _told_together(source, "<call>", base)


def _told_together(text: str | bytes, name: str, base: FilePath | None) -> CallFile:
    """The call; faults of its text and of what it says in one list."""
    document, faults = survey(text, name)
    try:
        call = _read(document, base)
    except CallFileInvalid as found:
        raise CallFileInvalid([*faults, *found.issues]) from None
    if faults:
        raise CallFileInvalid(faults)
    return call


def from_json(data: Mapping[str, object]) -> CallFile:
    """The call of a frozen version (`CallFile.as_json`); the same checks, without lines."""
    return validated(Document("<json>", dict(data), {(): ("<json>", 0, 0)}))


def _read(document: Document, base: FilePath | None) -> CallFile:
    return validated(extended(document, base), every=True)


def extended(document: Document, base: FilePath | None) -> Document:
    """Fill the top-level fields that are absent from the file that it extends: whole fields, one level."""
    if EXTENDS not in document.data:
        return document
    name = document.data[EXTENDS]
    _, line, column = document.place((EXTENDS,))

    def refuse(code: str, allowed: tuple[str, ...] = ()) -> CallFileInvalid:
        return CallFileInvalid(
            [Issue(document.file, line, column, EXTENDS, code, {"value": shown(name)}, allowed)]
        )

    if not isinstance(name, str):
        raise refuse("text")
    if base is None:
        raise refuse("extends_no_base")
    root = base.resolve()
    path = (root / name).resolve()
    if not path.is_relative_to(root) or "\0" in name:
        raise refuse("extends_outside")
    if not path.is_file():
        near = tuple(str(one.relative_to(root)) for one in sorted(root.glob("*/*.yaml"))[:20])
        raise refuse("extends_missing", nearest_first(name, near))
    with path.open("rb") as file:
        parent = load(file.read(MAX_BYTES + 1), str(base / name))
    if EXTENDS in parent.data:
        place = parent.place((EXTENDS,))
        raise CallFileInvalid([Issue(*place, EXTENDS, "extends_twice")])
    return _merged(document, parent)


def _merged(document: Document, parent: Document) -> Document:
    """The call's own fields first; `assumed` of the parent counts for the fields that come from it."""
    taken = {
        key: value for key, value in parent.data.items() if key not in document.data and key != "assumed"
    }
    data = {key: value for key, value in document.data.items() if key != EXTENDS} | taken
    places = {
        path: place for path, place in parent.places.items() if path and path[0] in taken
    } | document.places
    assumed = parent.data.get("assumed")
    if isinstance(assumed, list) and isinstance(document.data.get("assumed", []), list):
        inherited = [
            one
            for one in assumed
            if isinstance(one, str) and one.partition(".")[0].partition("[")[0] in taken
        ]
        data["assumed"] = [*document.data.get("assumed", []), *inherited]
    return Document(document.file, data, places)


def validated(document: Document, *, every: bool = False) -> CallFile:
    """The call of a document, or CallFileInvalid with every fault at its place.

    `every`: what the sound parts contradict is told beside what cannot be read.
    """
    try:
        call = CallFile.model_validate_json(json.dumps(document.data))
    except ValidationError as error:
        found = list(_translated(error, document))
        places = [one["loc"] for one in error.errors(include_url=False, include_input=False) if one["loc"]]
        found += [_issue(document, fault) for fault in besides(document.data, places)] if every else []
        raise CallFileInvalid(_once(found)) from None
    faults = [*findings(call), *_assumed(call, document)]
    if faults:
        raise CallFileInvalid([_issue(document, fault) for fault in faults])
    return call


def _once(found: list[Issue]) -> list[Issue]:
    """Each fault of a place once."""
    return list({(one.line, one.path, one.code, str(one.params)): one for one in found}.values())


def _assumed(call: CallFile, document: Document) -> Iterator[Finding]:
    """Each path of `assumed` must name something of the file: a field, a rule's or a document's code."""
    for i, path in enumerate(call.assumed):
        if not exists(document.data, path):
            allowed = nearest_first(path, [key for key in document.data if key != "assumed"])
            yield Finding(("assumed", i), "unknown_path", {"value": path}, allowed)


def exists(data: object, path: str) -> bool:
    """Whether `caps.indh_amount` or `rules.seniority` (a list item by its code) is in the file."""
    for part in path.split("."):
        if isinstance(data, Mapping) and part in data:
            data = data[part]
        elif isinstance(data, list):
            item = next((one for one in data if isinstance(one, Mapping) and one.get("code") == part), None)
            if item is None:
                return False
            data = item
        else:
            return False
    return True


def _issue(document: Document, fault: Finding, prefix: Path = ()) -> Issue:
    path = (*prefix, *fault.path)
    file, line, column = document.place(path)
    return Issue(file, line, column, path_text(path), fault.code, fault.params, fault.allowed)


def _translated(error: ValidationError, document: Document) -> Iterator[Issue]:
    """Pydantic's errors as ours, with places and what is allowed."""
    errors = error.errors(include_url=False)
    inside = {one["loc"][:length] for one in errors for length in range(len(one["loc"]))}
    for one in errors[:MAX_ISSUES]:
        path: Path = one["loc"]
        if one["type"] == "too_short" and path in inside:
            continue  # the list is only short of the items that are themselves refused
        context: dict[str, Any] = one.get("ctx", {})
        if one["type"] == "findings":
            for fault in context["findings"]:
                yield _issue(document, fault, path)
            continue
        yield _issue(document, _fault(one["type"], path, one["input"], context))


def _fault(kind: str, path: Path, value: object, context: dict[str, Any]) -> Finding:
    if kind == "value":
        code = context["code"]
        code = code if code in _OWN else f"value_{code}"
        return Finding(
            path, code, {"value": context["value"], "fact": path_text(path)}, tuple(context["allowed"])
        )
    if kind == "missing":
        translation = path[-1] in ("fr", "ar")
        code = "missing_translation" if translation else "missing_field"
        params = {"field": str(path[-1])}
        return Finding(path, code, params)
    if kind == "extra_forbidden":
        allowed = nearest_first(path[-1], fields_at(path[:-1]))
        return Finding(path, "unknown_field", {"field": shown(path[-1])}, allowed)
    if kind == "literal_error":
        allowed = nearest_first(
            value,
            [text.strip("' ") for text in str(context.get("expected", "")).replace(" or ", ",").split(",")],
        )
        return Finding(path, "choice", {"value": shown(value)}, allowed)
    code = _CODES.get(kind, "invalid")
    if code == "code_form" and path and path[-1] == "url":
        code = "url"
    limit = context.get("ge", context.get("le", context.get("min_length", context.get("max_length", ""))))
    return Finding(path, code, {"value": shown(value), "limit": str(limit)})


def fields_at(path: Path) -> tuple[str, ...]:
    """The field names that the format allows at a path, by walking the models' types."""
    found: Any = CallFile
    for part in path:
        model = _structure(found)
        hints = get_type_hints(model) if model else {}
        if isinstance(part, str) and part in hints:
            found = hints[part]
        elif not isinstance(part, int):
            return ()
    model = _structure(found)
    names = tuple(get_type_hints(model)) if model else ()
    return (
        *(name for name in names if not name.startswith("_") and name != "model_config"),
        *((EXTENDS,) if not path else ()),
    )


def _structure(hint: Any) -> Any:
    """The model or typed dictionary inside `X | None`, `tuple[X, ...]` or `Annotated[…]`."""
    if isinstance(hint, type) and (issubclass(hint, BaseModel) or is_typeddict(hint)):
        return hint
    if get_origin(hint) in (tuple, list, Union, types.UnionType):
        return next((found for arg in get_args(hint) if (found := _structure(arg))), None)
    return None
