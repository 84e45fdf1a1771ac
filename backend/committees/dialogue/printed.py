"""The synthesis of a consultation on paper."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.core.calendar import format_date, format_datetime
from backend.core.errors import NOT_FOUND
from backend.core.i18n import codes, label, localized, translate
from backend.core.pdf import render
from backend.core.tx import Tx

from ..models import Committee, Consultation
from . import queries

_WORDS = ("title", "open", "answers", "context", "synthesis", "foot", "committee")


@codes
def printed_codes() -> Iterable[str]:
    """Words of the paper."""
    return [f"synthesis.{word}" for word in _WORDS]


def data_of(tx: Tx, consultation_id: UUID, lang: str) -> tuple[dict[str, Any], datetime]:
    """What the template prints, and the instant that it bears: answers are counted, never named."""
    one = tx.get(Consultation, consultation_id, "consultation.read")
    if one.synthesis is None or one.concluded_at is None:
        raise NOT_FOUND(thing="synthesis")
    committee = tx.get(Committee, one.committee_id, "committee.read")
    counted = queries.counts(tx, consultation_id)
    answers = " · ".join(f"{label(lang, f'enum.standing.{kind}')} : {n}" for kind, n in counted)
    data = {
        "title": localized(lang, one.question),
        "issuer": localized(lang, committee.name),
        "facts": [
            [translate(lang, "synthesis.committee"), localized(lang, committee.name)],
            [
                translate(lang, "synthesis.open"),
                f"{format_date(one.opens_at, lang)} – {format_datetime(one.closes_at, lang)}",
            ],
            [translate(lang, "synthesis.answers"), answers or "0"],
        ],
        "context": {"title": translate(lang, "synthesis.context"), "text": localized(lang, one.context)},
        "synthesis": {
            "title": translate(lang, "synthesis.synthesis"),
            "text": localized(lang, one.synthesis),
        },
        "foot": translate(lang, "synthesis.foot", day=format_date(one.concluded_at, lang)),
    }
    return data, one.concluded_at


def pdf(data: dict[str, Any], lang: str, at: datetime) -> bytes:
    return render("committees/synthesis", lang, data, at)
