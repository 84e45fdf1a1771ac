"""The convocation on paper (PDF/UA), in the reader's language."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from backend.core import pdf
from backend.core.calendar import format_date, format_datetime, format_hour, local
from backend.core.config import settings
from backend.core.i18n import label, localized, ntranslate, translate
from backend.core.tx import Tx

from . import queries
from .models import AgendaItem, Committee, CommitteeSession, ItemKind, Procedure

PRIVATE = (ItemKind.PRESENTATION, ItemKind.APPEAL)
"""Points about one dossier: the paper goes to members who may be tied to its holder, and names neither."""


def convocation(tx: Tx, session_id: UUID, lang: str) -> bytes:
    """When, where, what about; with the rules of quorum, and the way to say that one cannot come."""
    session = tx.session.get_one(CommitteeSession, session_id)
    committee = tx.session.get_one(Committee, session.committee_id)
    rules = tx.session.get_one(Procedure, session.procedure_id)
    address = f"{settings().base_url}/sessions/{session.id}"
    at = session.convened_at or tx.now
    data = {
        "title": translate(lang, "Convocation"),
        "issuer": localized(lang, committee.name),
        "lead": _lead(tx, session, lang),
        "rows": [
            (translate(lang, "Séance"), {"ltr": session.number}),
            (translate(lang, "Jour et heure"), format_datetime(session.scheduled_at, lang)),
            (translate(lang, "Lieu"), session.place or "–"),
            (translate(lang, "Convocation du"), format_date(local(at).date(), lang)),
        ],
        "agenda_title": translate(lang, "Ordre du jour"),
        "agenda": [_point(item, lang) for item in queries.agenda(tx, session.id)],
        "notes": _notes(rules, lang, session),
        "address": address,
        "check": translate(lang, "La page de la séance, pour ses membres :"),
        "qr": pdf.qr(address),
        "qr_alt": translate(lang, "Code QR : {address}", address=address),
        "foot": translate(
            lang, "Convocation établie par la plateforme le {day}.", day=format_date(local(at).date(), lang)
        ),
    }
    return pdf.render("committees/convocation", lang, data, at)


def _lead(tx: Tx, session: CommitteeSession, lang: str) -> str:
    if session.second_of_id:
        first = tx.session.get_one(CommitteeSession, session.second_of_id)
        return translate(
            lang,
            "Seconde convocation : la séance n° {number} n’a pas réuni le quorum.",
            number=first.number,
        )
    if session.sequence:
        return translate(lang, "Cette convocation remplace la précédente.")
    return translate(lang, "Vous êtes prié(e) de prendre part à la séance du comité.")


def _point(item: AgendaItem, lang: str) -> list[Any]:
    title = (
        label(lang, f"enum.item_kind.{item.kind}") if item.kind in PRIVATE else localized(lang, item.title)
    )
    return [
        {"ltr": str(item.position + 1)},
        title,
        format_hour(item.starts_at, lang) if item.starts_at else "",
    ]


def _notes(rules: Procedure, lang: str, session: CommitteeSession) -> list[str]:
    """What one should know before one stays at home."""
    found = [
        translate(
            lang, "Si vous ne pouvez pas venir, prévenez le secrétariat ; votre suppléant siège pour vous."
        )
    ]
    if rules.proxies:
        found.append(
            ntranslate(
                lang,
                "Vous pouvez donner procuration à un autre membre, qui en porte {n} au plus.",
                "Vous pouvez donner procuration à un autre membre, qui en porte {n} au plus.",
                rules.proxies,
            )
        )
    if rules.second_after_days is not None and session.second_of_id is None:
        day = local(session.scheduled_at).date() + timedelta(days=rules.second_after_days)
        found.append(
            translate(
                lang,
                "Sans quorum, une seconde séance peut se tenir à partir du {day}.",
                day=format_date(day, lang),
            )
        )
    return found
