"""What is said beside a season that cannot be studied: months left out, or a year without any sale."""

from collections.abc import Mapping
from typing import Any

from ...core.i18n import ntranslate, translate
from .caps import Cap


def seasons(plan: Mapping[str, Any], lang: str) -> dict[str, Cap]:
    """By field (`products.0.season`); nothing for a season that is whole, or not said at all."""
    found = {}
    for place, product in enumerate(plan.get("products") or ()):
        said = [share for share in (product or {}).get("season") or () if share is not None]
        left = 12 - len(said)
        if not said:
            continue
        if not any(said) and not left:
            text = translate(lang, "Les douze mois sont à 0 : rien ne serait vendu de l’année.")
        elif left:
            text = ntranslate(
                lang,
                "Il reste {n} mois à dire : écrivez 0 pour un mois sans vente.",
                "Il reste {n} mois à dire : écrivez 0 pour un mois sans vente.",
                left,
            )
        else:
            continue
        found[f"products.{place}.season"] = Cap(text, kept=False)
    return found
