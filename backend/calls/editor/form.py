"""A page of the editor as form fields, and the call's data with what was typed: a patch, never a rewrite."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import Any

from ..rules.facts import CATALOGUE
from . import conditions, values
from .spec import Field
from .values import MISSING, Form, place

MOST_ITEMS = 60
AMOUNT = CATALOGUE["financing.indh"]
Data = dict[str, Any]


def at(data: Any, key: str) -> Any:
    """The value under a dotted key; MISSING when there is none."""
    for part in key.split("."):
        if not isinstance(data, Mapping) or part not in data:
            return MISSING
        data = data[part]
    return data


def put(data: Any, key: str, value: Any) -> None:
    """Write under a dotted key, making the mappings on the way; what is no mapping stays."""
    *parents, last = key.split(".")
    for part in parents:
        if value is MISSING and part not in data:
            return
        data = data.setdefault(part, {})
        if not isinstance(data, dict):
            return
    place(data, last, value)


def show(fields: Iterable[Field], data: Any, base: str = "") -> dict[str, str]:
    """What the fields show of the data; names start with `base`."""
    found: dict[str, str] = {}
    for field in fields:
        found |= _show(field, f"{base}{field.key}", at(data, field.key))
    return found


def _show(field: Field, name: str, value: Any) -> dict[str, str]:
    if field.kind in ("pages", "fixed"):
        return {}
    if field.kind in ("items", "levels"):
        return _show_items(field, name, value)
    if field.kind in _SHOWN:
        return _SHOWN[field.kind](name, value)
    return _show_plain(field, name, value)


def _show_condition(name: str, value: Any) -> dict[str, str]:
    return {} if value is MISSING else conditions.show(name, value)


def _show_amount(name: str, value: Any) -> dict[str, str]:
    if value is MISSING:
        return {f"{name}.mode": "none"}
    return conditions.show_operand(name, value, AMOUNT, "at_most")


def _show_plain(field: Field, name: str, value: Any) -> dict[str, str]:
    value = field.default if value is MISSING and field.default is not None else value
    if field.kind == "switch":
        return {f"{name}._": "1"} | ({name: "1"} if value is True else {})
    return {name: values.show(field.kind, value)}


def _show_open(name: str, value: Any) -> dict[str, str]:
    chosen = value if isinstance(value, str) else "listed"
    return {f"{name}.mode": chosen} | values.show_codes(f"{name}.c", value)


_SHOWN: dict[str, Callable[[str, Any], dict[str, str]]] = {
    "words": values.show_words,
    "prose": values.show_words,
    "checks": values.show_codes,
    "open": _show_open,
    "numbers": lambda name, value: {name: values.show_line(value)},
    "ranked": values.show_ranked,
    "lines": lambda name, value: {name: values.show_lines(value)},
    "condition": _show_condition,
    "amount": _show_amount,
}


def _show_items(field: Field, name: str, value: Any) -> dict[str, str]:
    listed = value if isinstance(value, list) and len(value) <= MOST_ITEMS else []
    found = {f"{name}.n": str(len(listed))}
    for i, item in enumerate(listed):
        one = values.show_words(f"{name}.{i}", item) if field.kind == "levels" else None
        found |= one if one is not None else show(field.fields, item, f"{name}.{i}.")
    return found


def read(fields: Iterable[Field], data: Data, form: Form, base: str = "") -> None:
    """Put what was typed into the data."""
    for field in fields:
        before = at(data, field.key)
        value = _read(field, f"{base}{field.key}", before, form)
        if value is not before:
            put(data, field.key, value)


def _read(field: Field, name: str, before: Any, form: Form) -> Any:
    kind = field.kind
    if kind in _READERS:
        return _READERS[kind](name, before, form)
    if kind in ("items", "levels"):
        return _read_items(field, name, before, form)
    if kind in ("pages", "fixed"):
        return before
    if kind == "switch":
        return _read_switch(field, name, before, form)
    text = form.get(name)
    shown = _show_plain(field, name, before)[name]
    if text is None or values.typed(text) == values.typed(shown):
        return before
    return values.read(kind, text)


def _read_condition(name: str, before: Any, form: Form) -> Any:
    found = conditions.read(form, name, None if before is MISSING else before)
    return before if found is None else found


def _read_amount(name: str, before: Any, form: Form) -> Any:
    mode = form.get(f"{name}.mode", "")
    if mode == "none":
        return MISSING
    old = None if before is MISSING else before
    if mode == "value" and (old is None or isinstance(old, str)):
        return values.read("money", form.get(f"{name}.text"), before)
    if old is not None and conditions.unchanged(form, name, _show_amount(name, old)):
        return before
    return before if not mode else conditions.read_operand(form, name, old, AMOUNT, "one")


def _read_open(name: str, before: Any, form: Form) -> Any:
    mode = form.get(f"{name}.mode")
    if mode is None or mode == _show_open(name, before)[f"{name}.mode"] != "listed":
        return before
    if mode != "listed":
        return mode
    old = before if isinstance(before, list) else []
    found = values.read_codes(form, f"{name}.c", old)
    # nothing ticked of a list that never was: only « any » turned into a list is an empty one
    return before if found is old and not isinstance(before, str) else found


def _read_switch(field: Field, name: str, before: Any, form: Form) -> Any:
    if f"{name}._" not in form:
        return before
    ticked = name in form
    shown = field.default if before is MISSING else before
    return before if ticked is shown or (not ticked and shown is not True) else ticked


def _read_items(field: Field, name: str, before: Any, form: Form) -> Any:
    count = values.whole(form.get(f"{name}.n", ""))
    old = before if isinstance(before, list) else []
    if not isinstance(count, int) or len(old) > MOST_ITEMS or (count <= 0 and not old):
        return before
    found: list[Any] = []
    for i in range(min(count, MOST_ITEMS)):
        item = old[i] if i < len(old) else {}
        found.append(_read_item(field, f"{name}.{i}", item, form))
    return before if found == old else found


def _read_item(field: Field, name: str, before: Any, form: Form) -> Any:
    if field.kind == "levels":
        level = values.read_words(form, name, before)
        return {} if level is MISSING else level
    if not isinstance(before, dict):
        return before
    item = dict(before)
    read(field.fields, item, form, f"{name}.")
    return before if item == before else item


_READERS: dict[str, Callable[[str, Any, Form], Any]] = {
    "words": lambda name, before, form: values.read_words(form, name, before),
    "prose": lambda name, before, form: values.read_words(form, name, before),
    "checks": lambda name, before, form: values.read_codes(form, name, before),
    "open": _read_open,
    "numbers": lambda name, before, form: values.read_line(form.get(name), before, values.whole),
    "ranked": lambda name, before, form: values.read_ranked(form, name, before),
    "lines": lambda name, before, form: values.read_lines(form.get(name), before),
    "condition": _read_condition,
    "amount": _read_amount,
}


def mark(shown: Mapping[str, str]) -> str:
    """What a page showed, in a few letters: tells whether somebody else has changed it since."""
    text = "\0".join(f"{key}\1{values.typed(value)}" for key, value in sorted(shown.items()))
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
