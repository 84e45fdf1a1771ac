"""The words of a list of verdicts, in both languages: its columns, what is decided, what to complete."""

import re
from collections.abc import Mapping

from ..core.folding import fold
from ..core.i18n import LANGUAGES, localized, translate
from ..people.roster.table import plain
from .completion import Owed

COLUMNS = ("note_number", "note_verdict", "note_reason", "note_items", "note_text")
_SPOKEN = {
    "note_number": ("Numéro du dossier", "Numéro", "N°", "Dossier", "رقم الملف", "الرقم", "الملف"),
    "note_verdict": ("Avis", "Décision", "Verdict", "الرأي", "القرار"),
    "note_reason": ("Raison", "Raisons", "Motif", "Motifs", "السبب", "الأسباب", "التعليل"),
    "note_items": (
        "Pièces à compléter", "Compléments", "Ce qu’il faut compléter",
        "ما ينبغي استكماله", "وثائق للاستكمال",
    ),
    "note_text": ("Note", "Notes", "Remarque", "Remarques", "Observations", "ملاحظة", "ملاحظات"),
}  # fmt: skip
HEADERS = {fold(word): name for name, spoken in _SPOKEN.items() for word in spoken}
SPOKEN_VERDICTS = {
    "admit": ("Recevable", "Admis", "Admissible", "Déclarer recevable", "مستوف للشروط", "مستوف", "مقبول"),
    "refuse": (
        "Irrecevable", "Non recevable", "Refusé", "Déclarer irrecevable",
        "غير مستوف للشروط", "غير مستوف", "غير مقبول", "مرفوض",
    ),
    "return": ("À compléter", "Incomplet", "في انتظار الاستكمال", "للاستكمال", "غير مكتمل"),
}  # fmt: skip
VERDICTS = {fold(word): verb for verb, spoken in SPOKEN_VERDICTS.items() for word in spoken}
WORDS = {
    "fr": {"admit": "Recevable", "return": "À compléter", "refuse": "Irrecevable"},
    "ar": {"admit": "مستوف للشروط", "return": "للاستكمال", "refuse": "غير مستوف للشروط"},
}
"""How a verdict is offered in the workbook to fill; the others of `SPOKEN_VERDICTS` are read too."""
SECTIONS = {
    "organisation": "Organisation",
    "members": "Membres",
    "project": "Projet et filière",
    "location": "Lieu du projet",
    "budget": "Budget",
    "financing": "Financement",
    "plan": "Compte d’exploitation",
    "results": "Résultats attendus",
    "declarations": "Déclarations",
}
"""How the pages name a section, and so a list."""
LONGEST = 2_000
PAPER = "documents."


def verdict_of(cell: object) -> str | None:
    """The verb of a cell, none when it is empty; ValueError on another word."""
    said = plain(cell)
    if not said:
        return None
    verb = VERDICTS.get(fold(said))
    if verb is None:
        raise ValueError("verdict_unreadable")
    return verb


def item_name(item: str, owed: Owed, lang: str) -> str:
    """A section as pages name it, a paper as its call does."""
    if not item.startswith(PAPER):
        return str(translate(lang, SECTIONS[item]))
    labels: dict[str, Mapping[str, str]] = {one.code: dict(one.label) for one in owed.documents}
    return localized(lang, labels[item.removeprefix(PAPER)])


def items_of(cell: object, owed: Owed) -> list[str]:
    """Sections and papers that a cell names, a line or a semicolon apart; ValueError on another word."""
    names = {fold(item.removeprefix(PAPER)): item for item in owed.askable}
    for lang in LANGUAGES:
        names |= {fold(item_name(item, owed, lang)): item for item in owed.askable}
    said = plain(cell)
    if len(said) > LONGEST:
        raise ValueError("cell_too_long")
    parts = [fold(part) for part in re.split(r"[;؛\r\n]", said) if fold(part)]
    if any(part not in names for part in parts):
        raise ValueError("note_item_unknown")
    return [names[part] for part in parts]
