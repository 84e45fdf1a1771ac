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
    definitions: Schema = schema["$defs"]
    definitions["Condition"] = _condition()
    definitions["MoneyOperand"] = _operand(CATALOGUE["financing.indh"])
    for fact in CATALOGUE.values():
        definitions[f"fact.{fact.code}"] = _comparison(fact)
    schema["properties"][EXTENDS] = {"type": "string", "description": "File whose top-level fields fill the absent ones"}
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


def _condition() -> Schema:
    this = {"$ref": "#/$defs/Condition"}
    many = {"type": "array", "items": this, "minItems": 1}
    heads = [_closed({"all": many}, ["all"]), _closed({"any": many}, ["any"]), _closed({"not": this}, ["not"])]
    heads.append(_closed({"rule": {"type": "string"}}, ["rule"]))
    return {"anyOf": [*heads, *({"$ref": f"#/$defs/fact.{code}"} for code in CATALOGUE)]}


def _comparison(fact: Fact) -> Schema:
    """A comparison of one fact: exactly one of the operators of its type."""
    operand = _operand(fact)
    properties: Schema = {"fact": {"const": fact.code}}
    for op in OPERATORS[fact.kind]:
        if op == "between":
            properties[op] = {"type": "array", "items": operand, "minItems": 2, "maxItems": 2}
        else:
            properties[op] = _operand(fact, many=True) if op in LIST_OPERATORS else operand
    schema = _closed(properties, ["fact"])
    return schema | {"title": fact.label("fr"), "description": fact.label("ar"), "minProperties": 2, "maxProperties": 2}


def _operand(fact: Fact, many: bool = False) -> Schema:
    """A written value, a reference to a fact of the same type, or a value by case."""
    value = _value(fact)
    if many:
        value = {"type": "array", "items": value, "minItems": 1, "uniqueItems": True}
    same = {"enum": [code for code, other in CATALOGUE.items() if other.kind is fact.kind]}
    options: list[Schema] = [value]
    if fact.kind is Kind.DATE:
        length = {"type": "string", "pattern": r"^\d{1,5}\s*\S+$", "examples": ["12 months", "90 days"]}
        options.append(_closed({"fact": same, "minus": length, "plus": length}, ["fact"]))
    else:
        options.append(_closed({"fact": same}, ["fact"]))
    if fact.kind in (Kind.MONEY, Kind.COUNT, Kind.RATIO):
        options.append(_closed({"share": dict(RATIO_SCHEMA), "of": same}, ["share", "of"]))
    simple: Schema = {"anyOf": options}
    choices = {"enum": [code for code, other in CATALOGUE.items() if other.kind is Kind.CHOICE]}
    values = {"type": "object", "minProperties": 1, "additionalProperties": simple}
    case = _closed({"fact": choices, "values": values, "otherwise": simple}, ["fact", "values"])
    return {"anyOf": [*options, _closed({"by": case}, ["by"])]}


def _value(fact: Fact) -> Schema:
    if fact.kind is Kind.MONEY:
        return dict(MONEY_SCHEMA)
    if fact.kind is Kind.RATIO:
        return dict(RATIO_SCHEMA)
    if fact.kind is Kind.DATE:
        return {"type": "string", "format": "date"}
    if fact.kind is Kind.BOOL:
        return {"type": "boolean"}
    if fact.kind is Kind.COUNT:
        return {"type": "integer", "minimum": 0}
    if fact.kind in (Kind.MONTHS, Kind.DAYS, Kind.YEARS):
        return {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": r"^\d{1,5}\s*\S+$"}]}
    # Provinces are 75 codes: their form is enough for an editor.
    codes = None if fact.vocabulary == "province" else vocabulary.known(fact.vocabulary or "")
    return {"enum": list(codes)} if codes else {"type": "string"}
