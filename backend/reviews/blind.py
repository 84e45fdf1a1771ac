"""What a blind panel hides from those who judge: who files, never what is proposed. Pure.

Shown is what is named here; what a dossier may hold one day besides stays hidden until somebody decides.
The holder's own words (title, summary, names of lines and products, partners) and what is inside her papers
cannot be hidden: the call says so to her, and the page to the evaluator.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from mimetypes import guess_extension
from typing import Any

from ..people.models import LegalForm, Organisation, Sex

SHOWN = ("project", "location", "budget", "financing", "plan", "results", "documents")
"""Sections of a dossier that say what is proposed."""
CONTACT = ("address",)
"""Fields of the location by which one finds the door."""
NAMED = ("name", "sha256", "reference", "size")
"""What tells one file or one registered paper from all others."""


@dataclass(frozen=True)
class Holder:
    """Who files, as her evaluator sees it; of a blind panel the first three are None.

    `members` holds the sex of each: their number and the women among them are the project's.
    """

    name: dict[str, str] | None
    register_number: str | None
    created_on: date | None
    created_year: int | None
    legal_form: LegalForm
    commune_code: str
    members: tuple[Sex, ...]


def holder(organisation: Organisation, *, blind: bool) -> Holder:
    """The organisation without what a blind panel is not told."""
    day = organisation.created_on
    return Holder(
        None if blind else organisation.name,
        None if blind else organisation.register_number,
        None if blind else day,
        day.year if day else None,
        organisation.legal_form,
        organisation.commune_code,
        tuple(member.sex for member in organisation.members),
    )


def content(filed: Mapping[str, Any]) -> dict[str, Any]:
    """A dossier's answers without her address and without the names that she gave to her files."""
    told = {section: deepcopy(filed[section]) for section in SHOWN if section in filed}
    for field in CONTACT:
        (told.get("location") or {}).pop(field, None)
    for place, paper in enumerate((told.get("documents") or {}).get("provided") or (), 1):
        for key in NAMED:
            paper.pop(key, None)
        if paper.get("file"):
            paper["name"] = file_name(place, paper.get("media_type") or "")
    return told


def file_name(place: int, media_type: str) -> str:
    """How her file at this place among her papers is called: `piece-3.pdf`."""
    return f"piece-{place}{guess_extension(media_type) or ''}"
