"""What was just done to many dossiers, said above the list: the address that follows the act holds it."""

import re
from typing import Any

from ...core.i18n import ntranslate, translate

VERBS = ("admit", "refuse", "return", "note")
_SAID = re.compile(r"(\d{1,4})-(\d{1,4})-(\d{1,4})-(\d{1,4})")
AGAIN = "again"


def said(*, admit: int = 0, refuse: int = 0, sent_back: int = 0, noted: int = 0) -> str:
    """How many of each, for the address."""
    return f"{admit}-{refuse}-{sent_back}-{noted}"


def told(lang: str, text: str) -> dict[str, Any] | None:
    """The sentence for the list; None when the address says nothing, or nothing of ours."""
    if text == AGAIN:
        return {
            "title": translate(lang, "Cette liste était déjà appliquée"),
            "text": translate(lang, "Le second envoi n’a rien changé de plus."),
        }
    found = _SAID.fullmatch(text)
    counts = [int(n) for n in found.groups()] if found else []
    if not any(counts):
        return None
    admitted, refused, returned, noted = counts
    parts = [
        ntranslate(lang, "{n} déclaré recevable", "{n} déclarés recevables", admitted) if admitted else "",
        ntranslate(lang, "{n} déclaré irrecevable", "{n} déclarés irrecevables", refused) if refused else "",
        ntranslate(lang, "{n} à compléter", "{n} à compléter", returned) if returned else "",
        ntranslate(lang, "{n} annoté", "{n} annotés", noted) if noted else "",
    ]
    n, comma = sum(counts), "، " if lang == "ar" else ", "
    if noted == n:
        title = ntranslate(lang, "{n} dossier annoté", "{n} dossiers annotés", n)
        return {"title": title, "text": ""}
    judged = n - noted
    title = ntranslate(lang, "{n} dossier jugé", "{n} dossiers jugés", judged)
    return {"title": title, "text": comma.join(part for part in parts if part)}
