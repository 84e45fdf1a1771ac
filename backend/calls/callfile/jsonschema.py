"""The published JSON Schema of call files, generated from the models and the catalogue of facts.

Editors complete and check with it; `read` checks more (sums, orders, contradictions).
"""

from __future__ import annotations

import json
from typing import Any

from backend.calls.callfile.models import CallFile
from backend.calls.callfile.reader import EXTENDS
from backend.calls.callfile.types import MONEY_SCHEMA, RATIO_SCHEMA
from backend.calls.rules import vocabulary
from backend.calls.rules.conditions import LIST_OPERATORS, OPERATORS
from backend.calls.rules.facts import CATALOGUE, Fact, Kind

SCHEMA_ID = "call-file.schema.json"
Schema = dict[str, Any]


def call_schema() -> Schema:
    """The schema of a file on disk: `extends` may stand for the fields that it provides."""
    schema: Schema = _linked(CallFile.model_json_schema())
    schema["$defs"] |= _definitions()
    schema["properties"][EXTENDS] = {
        "type": "string",
        "description": "File whose top-level fields fill the absent ones",
    }
    # With `extends`, the base file may provide any field: the reader tells which are missing.
    required = schema.pop("required")
    schema |= {"if": {"not": {"required": [EXTENDS]}}, "then": {"required": required}}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID, **schema}


def _linked(part: Any) -> Any:
    """Turn the types' `x-ref` marks into references to the definitions written here."""
    if isinstance(part, list):
        return [_linked(one) for one in part]
    if not isinstance(part, dict):
        return part
    if "x-ref" in part:
        return {"$ref": f"#/$defs/{part['x-ref']}"}
    return {key: _linked(value) for key, value in part.items()}


def schema_text() -> str:
    """The schema as committed in docs/call-file.schema.json."""
    return json.dumps(call_schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _closed(properties: Schema, required: list[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _type_of(fact: Fact) -> str:
    """Facts that take the same operators and values share their definitions."""
    return f"{fact.kind.value}.{fact.vocabulary}" if fact.vocabulary else fact.kind.value


def _definitions() -> Schema:
    """Conditions, and for each type of fact its comparisons, its operands and its written values."""
    types: dict[str, list[Fact]] = {}
    for fact in CATALOGUE.values():
        types.setdefault(_type_of(fact), []).append(fact)
    this, found = _ref("Condition"), {}
    many = {"type": "array", "items": this, "minItems": 1}
    heads = [
        _closed({"all": many}, ["all"]),
        _closed({"any": many}, ["any"]),
        _closed({"not": this}, ["not"]),
    ]
    heads.append(_closed({"rule": {"type": "string"}}, ["rule"]))
    for name, facts in types.items():
        found[f"compare.{name}"] = _comparison(name, facts)
        found[f"value.{name}"] = _value(facts[0])
        found[f"simple.{name}"] = {"anyOf": _simple(facts[0], _ref(f"value.{name}"))}
        found[f"operand.{name}"] = _by_case(_ref(f"simple.{name}"))
    found["Condition"] = {"anyOf": [*heads, *(_ref(f"compare.{name}") for name in types)]}
    found["MoneyOperand"] = _ref("operand.money")
    return found


def _comparison(name: str, facts: list[Fact]) -> Schema:
    """A comparison of one fact: exactly one of the operators of its type."""
    operand = _ref(f"operand.{name}")
    listed = {"type": "array", "items": _ref(f"value.{name}"), "minItems": 1, "uniqueItems": True}
    named = [
        {"const": fact.code, "title": fact.label("fr"), "description": fact.label("ar")} for fact in facts
    ]
    properties: Schema = {"fact": {"oneOf": named}}
    for op in OPERATORS[facts[0].kind]:
        properties[op] = operand
        if op == "between":
            properties[op] = {"type": "array", "items": operand, "minItems": 2, "maxItems": 2}
        elif op in LIST_OPERATORS:
            properties[op] = {"anyOf": [listed, *_by_case(listed)["anyOf"][1:]]}
    return _closed(properties, ["fact"]) | {"minProperties": 2, "maxProperties": 2}


def _simple(fact: Fact, value: Schema) -> list[Schema]:
    """A written value, or another fact of the same type: as it is, times a share, or moved in time."""
    same = {"enum": [code for code, other in CATALOGUE.items() if other.kind is fact.kind]}
    if fact.kind is Kind.DATE:
        length = {"type": "string", "pattern": r"^\d{1,5}\s*\S+$", "examples": ["12 months", "90 days"]}
        return [value, _closed({"fact": same, "minus": length, "plus": length}, ["fact"])]
    options = [value, _closed({"fact": same}, ["fact"])]
    if fact.kind in (Kind.MONEY, Kind.COUNT, Kind.RATIO):
        options.append(_closed({"share": dict(RATIO_SCHEMA), "of": same}, ["share", "of"]))
    return options


def _by_case(simple: Schema) -> Schema:
    """A value, or a value that depends on a choice fact."""
    choices = {"enum": [code for code, other in CATALOGUE.items() if other.kind is Kind.CHOICE]}
    values = {"type": "object", "minProperties": 1, "additionalProperties": simple}
    case = _closed({"fact": choices, "values": values, "otherwise": simple}, ["fact", "values"])
    return {"anyOf": [simple, _closed({"by": case}, ["by"])]}


def _value(fact: Fact) -> Schema:
    whole: Schema = {"type": "integer", "minimum": 0}
    length: Schema = {"anyOf": [whole, {"type": "string", "pattern": r"^\d{1,5}\s*\S+$"}]}
    simple: dict[Kind, Schema] = {
        Kind.MONEY: dict(MONEY_SCHEMA),
        Kind.RATIO: dict(RATIO_SCHEMA),
        Kind.DATE: {"type": "string", "format": "date"},
        Kind.BOOL: {"type": "boolean"},
        Kind.COUNT: whole,
        **dict.fromkeys((Kind.MONTHS, Kind.DAYS, Kind.YEARS), length),
    }
    if fact.kind in simple:
        return simple[fact.kind]
    # Provinces are 75 codes: their form is enough for an editor.
    codes = None if fact.vocabulary == "province" else vocabulary.known(fact.vocabulary or "")
    return {"enum": list(codes)} if codes else {"type": "string"}
