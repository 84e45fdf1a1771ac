"""A dossier's answers as she reads them again before depositing: every one, in the order of its pages."""

from collections.abc import Iterable, Mapping
from typing import Any

from ..completeness import Content, Status
from ..fields import written
from ..forms import LISTS
from ..sections import SECTIONS

Said = dict[str, str]
"""One answer under its field's name, as `words.told` tells it; nothing when nothing is said."""
TYPED = ("project", "location", "financing", "plan", "results", "declarations")
"""Sections whose answers stand one by one; budgets are tables, papers and sworn statements are lists."""


def answers(content: Content, statuses: Iterable[Status], lang: str) -> dict[str, list[tuple[str, Said]]]:
    """By section, (field, what is said): those that say something, and those that must still be said."""
    lacking = {status.section: {error.field for error in status.missing} for status in statuses}
    return {
        section: [
            (name, {name: written(name, value, lang)} if value is not None else {})
            for name in SECTIONS[section].model_fields
            if name not in ("accepted", LISTS.get(section)) and not _follows(name, data)
            if (value := data.get(name)) not in (None, "") or name in lacking.get(section, ())
        ]
        for section, data in ((section, content.get(section) or {}) for section in TYPED)
    }


def _follows(name: str, data: Mapping[str, Any]) -> bool:
    """Whether it was computed from other answers, which are shown."""
    if name == "partners_centimes":
        return any(one.get("amount_centimes") is not None for one in data.get("partners") or ())
    return name == "jobs_youth" and "jobs_women_youth" in data and "jobs_men_youth" in data
