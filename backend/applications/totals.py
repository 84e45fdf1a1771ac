"""What a dossier adds up to, in centimes: shown to who writes it, who screens it and who judges it."""

from collections.abc import Mapping
from typing import Any

SOURCES = ("indh", "own_cash", "own_in_kind", "partners", "loan")
"""Who pays, in the order of the financing section."""


def whole(line: Mapping[str, Any]) -> bool:
    """Whether a budget line says what it pays for, of what kind and how much: only then does it count."""
    return bool(line.get("label") and line.get("kind")) and line.get("amount_centimes") is not None


def sums(content: Mapping[str, Any]) -> dict[str, int]:
    """Totals of what is kept, in centimes: the budget's whole lines by kind, the financing by source."""
    found = {"investment": 0, "studies": 0, "running": 0, "budget": 0, "financing": 0}
    for line in (content.get("budget") or {}).get("lines") or ():
        if whole(line):
            found["budget"] += line["amount_centimes"]
            found[line["kind"]] += line["amount_centimes"]
    for source in SOURCES:
        found[source] = (content.get("financing") or {}).get(f"{source}_centimes") or 0
        found["financing"] += found[source]
    return found
