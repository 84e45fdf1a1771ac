"""A condition as flat form fields (`rules.2.check.0.fact` …) and back: groups in groups, every operand.

A node has `.kind`; its parts are `.0`, `.1` … Anything that this cannot show has the kind `other` and comes
back as it was. An unchanged part comes back as the very same data (see `values`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..rules.conditions import LIST_OPERATORS, OPERATORS
from ..rules.facts import CATALOGUE, Fact, Kind
from ..rules.parse import MAX_DEPTH
from . import values
from .values import Form

GROUPS = ("all", "any")
HEADS = ("fact", "all", "any", "not", "rule")
MOST_PARTS = 60
MODES = ("value", "fact", "share", "moved", "by")
BLANK: dict[str, Any] = {"fact": "members.count", "at_least": ""}
"""A comparison that is still to be written."""


def shape_of(op: str) -> str:
    """How many values an operator takes: `one`, the two ends of `between`, or a `list` of codes."""
    if op == "between":
        return "two"
    return "list" if op in LIST_OPERATORS else "one"


def sort_of(fact: Fact) -> str:
    """Facts of one sort take the same values."""
    return f"{fact.kind.value}.{fact.vocabulary or ''}"


# -- showing -----------------------------------------------------------------------------------------
def show(name: str, raw: Any, depth: int = 0) -> dict[str, str]:
    """The fields of a condition."""
    heads = [key for key in HEADS if key in raw] if isinstance(raw, Mapping) else []
    other = {f"{name}.kind": "other"}
    if len(heads) != 1 or depth > MAX_DEPTH:
        return other
    head, fields = heads[0], {f"{name}.kind": heads[0]}
    body = raw[head]
    if head == "fact":
        return _show_compare(name, raw) or other
    parts = [body] if head == "not" else body if head in GROUPS else []
    wrong = (
        not isinstance(parts, list)
        or len(parts) > MOST_PARTS
        or (head == "rule" and not isinstance(body, str))
    )
    if wrong or len(raw) != 1:
        return other
    if head == "rule":
        return fields | {f"{name}.rule": body}
    if head in GROUPS:
        fields[f"{name}.n"] = str(len(parts))
    for i, part in enumerate(parts):
        fields |= show(f"{name}.{i}", part, depth + 1)
    return fields


def _show_compare(name: str, raw: Mapping[str, Any]) -> dict[str, str] | None:
    fact = CATALOGUE.get(raw["fact"]) if isinstance(raw["fact"], str) else None
    ops = [key for key in raw if key != "fact"]
    if fact is None or len(ops) != 1 or ops[0] not in OPERATORS[fact.kind]:
        return None
    op = ops[0]
    fields = {f"{name}.kind": "fact", f"{name}.fact": fact.code, f"{name}.op": op}
    fields |= {f"{name}.was": sort_of(fact), f"{name}.shape": shape_of(op)}
    ends = raw[op] if shape_of(op) == "two" else [raw[op]]
    if not isinstance(ends, list) or len(ends) != (2 if shape_of(op) == "two" else 1):
        ends = ["", ""]
    for key, end in zip(("v", "w"), ends, strict=False):
        fields |= show_operand(f"{name}.{key}", end, fact, op)
    return fields


def show_operand(name: str, raw: Any, fact: Fact, op: str) -> dict[str, str]:
    """The fields of a value: how it is given, then what it needs."""
    by = raw.get("by") if isinstance(raw, Mapping) and len(raw) == 1 else None
    cases = by.get("values") if isinstance(by, Mapping) else None
    if not isinstance(by, Mapping) or not isinstance(cases, Mapping):
        return _show_simple(name, raw, fact, op)
    selector = CATALOGUE.get(str(by.get("fact")))
    if selector is None or selector.kind is not Kind.CHOICE or set(by) - {"fact", "values", "otherwise"}:
        return {f"{name}.mode": "other"}
    fields = {f"{name}.mode": "by", f"{name}.by": selector.code}
    for code, value in cases.items():
        fields |= _show_simple(f"{name}.case.{code}", value, fact, op, inside=True)
    if "otherwise" in by:
        fields |= _show_simple(f"{name}.otherwise", by["otherwise"], fact, op, inside=True)
    return fields


def _show_simple(name: str, raw: Any, fact: Fact, op: str, *, inside: bool = False) -> dict[str, str]:
    mode = f"{name}.mode"
    if isinstance(raw, Mapping):
        return _show_reference(name, raw)
    if shape_of(op) == "list" and not inside:
        return {mode: "value"} | values.show_codes(f"{name}.c", raw)
    text = values.show_line(raw) if isinstance(raw, list) else values.show(values.kind_of(fact.kind), raw)
    return {mode: "value", f"{name}.text": text}


def _show_reference(name: str, raw: Mapping[str, Any]) -> dict[str, str]:
    mode = f"{name}.mode"
    keys = set(raw)
    if keys == {"share", "of"}:
        share = values.show("share", raw["share"])
        return {mode: "share", f"{name}.share": share, f"{name}.of": values.shown(raw["of"])}
    if keys == {"fact"}:
        return {mode: "fact", f"{name}.of": values.shown(raw["fact"])}
    if keys in ({"fact", "minus"}, {"fact", "plus"}):
        sign = "minus" if "minus" in keys else "plus"
        length, unit = values.show_length(raw[sign])
        moved = {f"{name}.sign": sign, f"{name}.length": length, f"{name}.unit": unit}
        return {mode: "moved", f"{name}.of": values.shown(raw["fact"])} | moved
    return {mode: "other"}


# -- reading -----------------------------------------------------------------------------------------
def unchanged(form: Form, name: str, was: Mapping[str, str]) -> bool:
    """Whether every field under `name` is as it was shown."""
    start = f"{name}."
    sent = {key: values.typed(text) for key, text in form.items() if key.startswith(start)}
    plain = {key: values.typed(text) for key, text in was.items()}
    # an empty row of a table by case was not shown: it says nothing
    return plain == {key: text for key, text in sent.items() if key in plain or not _idle(sent, key)}


def _idle(sent: Form, key: str) -> bool:
    """A field of a row that holds nothing."""
    row = key.rpartition(".")[0]
    written = sent.get(f"{row}.mode", "value") != "value" or sent.get(f"{row}.text")
    return (".case." in row or row.endswith(".otherwise")) and not written


def read(form: Form, name: str, before: Any = None, depth: int = 0) -> Any:
    """The condition written in the fields; `before` is what they were shown for."""
    kind = form.get(f"{name}.kind", "other")
    if depth > MAX_DEPTH or unchanged(form, name, show(name, before, depth)):
        return before
    if kind == "fact":
        return _read_compare(form, name, before)
    if kind == "rule":
        return {"rule": values.typed(form.get(f"{name}.rule", ""))}
    old = before.get(kind) if isinstance(before, Mapping) else None
    if kind == "not":
        return {"not": read(form, f"{name}.0", old, depth + 1)}
    if kind not in GROUPS:
        return before
    count = values.whole(form.get(f"{name}.n", "0"))
    count = min(count, MOST_PARTS) if isinstance(count, int) else 0
    parts = old if isinstance(old, list) else []
    read_parts = [
        read(form, f"{name}.{i}", parts[i] if i < len(parts) else None, depth + 1) for i in range(count)
    ]
    return {kind: [part for part in read_parts if part is not None]}


def _read_compare(form: Form, name: str, before: Any) -> Any:
    fact = CATALOGUE.get(form.get(f"{name}.fact", ""))
    if fact is None:
        return before
    allowed = OPERATORS[fact.kind]
    op = form.get(f"{name}.op", "")
    if op not in allowed or form.get(f"{name}.was") != sort_of(fact):
        op = op if op in allowed else allowed[0]
        return {"fact": fact.code, op: blank(fact, op)}
    old = before.get(op) if isinstance(before, Mapping) else None
    ends = old if isinstance(old, list) and shape_of(op) == "two" else [old, old]
    shape = form.get(f"{name}.shape", "one")
    found = [
        read_operand(form, f"{name}.{key}", ends[i] if i < len(ends) else None, fact, shape)
        for i, key in enumerate(("v", "w") if shape == "two" else ("v",))
    ]
    return {"fact": fact.code, op: _settled(found, shape, shape_of(op))}


def blank(fact: Fact, op: str) -> Any:
    """The value of a comparison that is still to be written; a yes/no fact starts with yes."""
    if fact.kind is Kind.BOOL:
        return True
    return {"two": ["", ""], "list": [], "one": ""}[shape_of(op)]


def _settled(found: list[Any], was: str, now: str) -> Any:
    """The values read for operators of one shape, as one of another shape needs them."""
    first = found[0]
    if was == now:
        return found if now == "two" else first
    if now == "two":
        return [first, ""]
    if isinstance(first, Mapping):
        return first
    if now == "list":
        return [first] if isinstance(first, str) and first else []
    return (first[0] if first else "") if isinstance(first, list) else first


def read_operand(form: Form, name: str, before: Any, fact: Fact, shape: str) -> Any:
    """A value as its fields say; one whose way of being given has just changed starts empty."""
    mode = form.get(f"{name}.mode", "")
    if mode == "by":
        return _read_cases(form, name, before, fact, shape)
    if mode in ("value", "fact", "share", "moved"):
        return _read_simple(form, name, before, fact, shape)
    return before


def _read_simple(form: Form, name: str, before: Any, fact: Fact, shape: str, *, inside: bool = False) -> Any:
    mode = form.get(f"{name}.mode", "value")
    of = form.get(f"{name}.of") or first_of(fact)
    if mode == "fact":
        return {"fact": of}
    if mode == "share":
        share = values.read("share", form.get(f"{name}.share", ""), _part(before, "share"))
        return {"share": "" if share is values.MISSING else share, "of": of}
    if mode == "moved":
        sign = "plus" if form.get(f"{name}.sign") == "plus" else "minus"
        length = values.read_length(form.get(f"{name}.length", ""), form.get(f"{name}.unit", "months"))
        return {"fact": of, sign: length}
    written = values.MISSING if isinstance(before, Mapping) else before
    if shape == "list" and not inside:
        found = values.read_codes(form, f"{name}.c", written)
        return [] if found is values.MISSING else found
    if shape == "list":
        found = values.read_line(form.get(f"{name}.text"), written, str)
        return "" if found is values.MISSING else found
    found = values.read(values.kind_of(fact.kind), form.get(f"{name}.text", ""), written)
    return blank(fact, "is") if found is values.MISSING or found is None else found


def _part(before: Any, key: str) -> Any:
    return before.get(key, values.MISSING) if isinstance(before, Mapping) else values.MISSING


def _read_cases(form: Form, name: str, before: Any, fact: Fact, shape: str) -> Any:
    found_by = before.get("by") if isinstance(before, Mapping) else None
    old: Mapping[str, Any] = found_by if isinstance(found_by, Mapping) else {}
    selector = CATALOGUE.get(form.get(f"{name}.by", ""))
    if selector is None or selector.kind is not Kind.CHOICE:
        return {"by": {"fact": "organisation.legal_form", "values": {}}}
    if selector.code != old.get("fact") and old:
        return {"by": {"fact": selector.code, "values": {}}}
    written = old.get("values")
    cases: Mapping[str, Any] = written if isinstance(written, Mapping) else {}
    start = f"{name}.case."
    codes = [*cases, *(key[len(start) :].rpartition(".")[0] for key in form if key.startswith(start))]
    found = {}
    for code in dict.fromkeys(code for code in codes if code):
        value = _row(form, f"{start}{code}", cases.get(code), fact, shape)
        if value is not None:
            found[code] = value
    body: dict[str, Any] = {"fact": selector.code, "values": found}
    otherwise = _row(form, f"{name}.otherwise", old.get("otherwise"), fact, shape)
    return {"by": body if otherwise is None else body | {"otherwise": otherwise}}


def _row(form: Form, name: str, before: Any, fact: Fact, shape: str) -> Any:
    """The value of one case; None when nothing is written for it."""
    mode = form.get(f"{name}.mode", "value")
    if mode == "value" and not values.typed(form.get(f"{name}.text", "")):
        return None
    if mode == "other":
        return before
    return _read_simple(form, name, before, fact, shape, inside=True)


def first_of(fact: Fact) -> str:
    """Another fact of the same kind, to begin with."""
    if fact.kind is Kind.DATE:
        return "call.reference_date"
    if fact.kind is Kind.MONEY and fact.code != "budget.total":
        return "budget.total"
    return next(
        (code for code, one in CATALOGUE.items() if one.kind is fact.kind and one is not fact), fact.code
    )
