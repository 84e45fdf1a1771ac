"""The PDF of a letter (PDF/UA), in either language, from its content: the same content, the same paper."""

from datetime import date, datetime
from typing import Any

from ..applications.receipts import readable
from ..core import pdf as printer
from ..core.calendar import format_date, format_datetime, local
from ..core.config import settings
from ..core.i18n import label, localized, translate
from ..core.money import format_money
from . import queries
from .models import Letter
from .told import appeal_ends


def pdf(letter: Letter, lang: str) -> bytes:
    """The letter; one not released yet bears that it is a preview."""
    said = letter.content
    amount = format_money(said["amount_centimes"], lang)
    address = f"{settings().base_url}/letters/{letter.code}"
    score = queries.points_text(said["score_hundredths"], lang)
    data: dict[str, Any] = {
        "title": label(lang, f"enum.letter_kind.{letter.kind}"),
        "issuer": localized(lang, said["committee"]),
        "preview": "" if letter.released_at else translate(lang, "Aperçu : cette lettre n’est pas libérée."),
        "opening": translate(lang, f"letter.{letter.kind}", amount=amount),
        "rows": _rows(letter, lang),
        "reasons_title": translate(lang, "Motifs"),
        "reasons": [queries.in_words(one, lang) for one in said["reasons"]],
        "conditions_title": translate(lang, "Conditions à remplir"),
        "conditions": [localized(lang, one) for one in said["conditions"]],
        "criteria_title": translate(lang, "Note par critère : {score} sur 100", score=score),
        "criteria_columns": [translate(lang, "Critère"), translate(lang, "Moyenne"), translate(lang, "Sur")],
        "criteria": [
            [
                localized(lang, one["label"]),
                queries.points_text(one["mean"], lang),
                queries.points_text(one["of"], lang),
            ]
            for one in said["criteria"]
        ],
        "appeal_title": translate(lang, "Voie de recours"),
        "appeal": _appeal(letter, lang),
        "code_label": translate(lang, "Code de la lettre"),
        "code": letter.code,
        "print_label": translate(lang, "Empreinte SHA-256 du contenu"),
        "print": readable(letter.content_sha256),
        "check": translate(lang, "Pour vérifier cette lettre, lisez ce code ou ouvrez cette adresse :"),
        "address": address,
        "qr": printer.qr(address),
        "qr_alt": translate(lang, "Code QR : {address}", address=address),
        "foot": translate(lang, "Établie à partir des enregistrements ; aucun chiffre n’y est saisi."),
    }
    return printer.render("decisions/letter", lang, data, letter.released_at or letter.queued_at)


def _rows(letter: Letter, lang: str) -> list[Any]:
    said = letter.content
    rows: list[Any] = [
        [translate(lang, "Dossier"), {"ltr": said["number"]}],
        [translate(lang, "Projet"), said["project"]],
        [translate(lang, "Porteur"), localized(lang, said["holder"])],
        [translate(lang, "Appel à projets"), localized(lang, said["call"])],
    ]
    if said["decided_at"]:
        decided = format_datetime(local(datetime.fromisoformat(said["decided_at"])), lang)
        rows.append([translate(lang, "Décidé"), decided])
    if said["amount_centimes"]:
        rows.append([translate(lang, "Montant"), format_money(said["amount_centimes"], lang)])
    if said["waiting_order"]:
        rows.append([translate(lang, "Place sur la liste d’attente"), str(said["waiting_order"])])
    if said["conditions_due_on"]:
        due = format_date(date.fromisoformat(said["conditions_due_on"]), lang)
        rows.append([translate(lang, "Conditions à remplir avant le"), due])
    return rows


def _appeal(letter: Letter, lang: str) -> str:
    days = letter.content["appeal_days"]
    if letter.released_at is None:
        return translate(lang, "Un recours peut être formé dans les {n} jours de cette lettre.", n=days)
    until = format_date(appeal_ends(letter.released_at, days), lang)
    return translate(
        lang, "Un recours peut être formé jusqu’au {day}, en rappelant le numéro du dossier.", day=until
    )
