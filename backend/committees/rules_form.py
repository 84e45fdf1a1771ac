"""Rules of composition as a form types them, and as a file states them."""

import json
import re
from collections.abc import Mapping
from typing import Any

from ..core.errors import INVALID, FieldError
from .composition import Rules
from .models import College

_FRACTION = re.compile(r"(\d{1,4})\s*/\s*(\d{1,4})")
_PERCENT = re.compile(r"(\d{1,3})(?:[.,](\d))?\s*[%٪]?")
MOST_BYTES = 100_000


def share_typed(text: str, field: str) -> dict[str, int]:
    """`1/3`, `20 %` or `33,3`, exactly; raises `invalid` beside `field`."""
    text = text.strip()
    if match := _FRACTION.fullmatch(text):
        return {"of": int(match[1]), "over": int(match[2])}
    if match := _PERCENT.fullmatch(text):
        tenths = match[2] or ""
        return {"of": int(match[1] + tenths), "over": 10 ** (2 + len(tenths))}
    raise INVALID([FieldError(field, "fraction")])


def as_rules(typed: Mapping[str, str]) -> dict[str, Any]:
    """What the form says, in the shape of the schema: what was left empty is not asked."""
    said = {key: value.strip() for key, value in typed.items() if value.strip()}
    found: dict[str, Any] = {"colleges": {}}
    if bounds := _bounds(said, "seats"):
        found["seats"] = bounds
    for name in ("women", "youth"):
        if name in said:
            found[name] = share_typed(said[name], name) | {"strictly": said.get(f"{name}_strictly") == "1"}
    if "youth" in found:
        found["youth"]["under"] = said.get("youth_under", "")
    for college in College:
        if bounds := _bounds(said, f"colleges.{college}"):
            found["colleges"][college.value] = bounds
    found["alternates"] = [one.value for one in College if said.get(f"alternates.{one}") == "1"]
    if "source.fr" in said or "source.ar" in said:
        found["source"] = {lang: said.get(f"source.{lang}", "") for lang in ("fr", "ar")}
    return found


def as_typed(rules: Rules) -> dict[str, str]:
    """The same rules as the form shows them."""
    found: dict[str, str] = {}
    for prefix, bounds in [
        ("seats", rules.seats),
        *((f"colleges.{c}", b) for c, b in rules.colleges.items()),
    ]:
        found |= {
            f"{prefix}.{name}": str(value)
            for name in ("least", "most")
            if (value := getattr(bounds, name)) is not None
        }
    for name, share in (("women", rules.women), ("youth", rules.youth)):
        if share:
            found |= {name: f"{share.of}/{share.over}", f"{name}_strictly": "1" if share.strictly else ""}
    if rules.youth:
        found["youth_under"] = str(rules.youth.under)
    found |= {f"alternates.{one}": "1" for one in rules.alternates}
    if rules.source:
        found |= {"source.fr": rules.source.fr, "source.ar": rules.source.ar}
    return found


SHOWN_AT = {
    "women.of": "women",
    "women.over": "women",
    "youth.of": "youth",
    "youth.over": "youth",
    "youth.under": "youth_under",
    "seats": "seats.least",
    "": "seats.most",
    **{f"colleges.{one}": f"colleges.{one}.least" for one in College},
}
"""Where the page shows what the schema says of a part."""


def from_json(content: bytes) -> dict[str, Any]:
    """The rules of a file: those that the page gives to download, or their object alone."""
    if not content:
        raise INVALID([FieldError("file", "missing")])
    try:
        said = json.loads(content[: MOST_BYTES + 1])
    except (ValueError, RecursionError):
        raise INVALID([FieldError("file", "json_rules")]) from None
    if not isinstance(said, dict):
        raise INVALID([FieldError("file", "json_rules")])
    rules = said.get("rules", said)
    if not isinstance(rules, dict):
        raise INVALID([FieldError("file", "json_rules")])
    return rules


def _bounds(said: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {name: said[key] for name in ("least", "most") if (key := f"{prefix}.{name}") in said}
