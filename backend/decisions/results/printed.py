"""The results of a call on paper (PDF/UA), in either language: what its public page says."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ...core import pdf as printer
from ...core.calendar import format_date, format_datetime, local
from ...core.config import settings
from ...core.i18n import label, localized, translate
from ...core.money import format_money, format_number
from .reading import Change, Line, Results


def pdf(found: Results, lang: str, now: datetime) -> bytes:
    """The paper as of `now`: results move on, and the paper says of which instant it is."""
    call, address = found.call, f"{settings().base_url}/calls/{found.call.code}/results"

    def words(text: str, **params: Any) -> str:
        return translate(lang, text, **params)

    columns = [words("Projet"), words("Commune"), words("Filière"), words("Montant, DH")]
    data = {
        "title": words("Résultats de l’appel à projets"),
        "issuer": localized(lang, call.definition["issuer"]["name"]),
        "subtitle": localized(lang, call.title),
        "rows": _figures(found, lang),
        "funded_title": words("Projets financés"),
        "funded_columns": columns,
        "funded": [[*_project(line, lang), _amount(line.amount_centimes, lang)] for line in found.funded],
        "total": [words("Total"), _amount(found.total_centimes, lang)],
        "waiting_title": words("Liste d’attente"),
        "waiting_columns": [words("Place"), *columns[:3]],
        "waiting": [[str(line.place or "–"), *_project(line, lang)] for line in found.waiting],
        "changes_title": words("Depuis la publication"),
        "changes": [_change(one, lang) for one in found.changes],
        "note": words(
            "Les projets non retenus ne sont pas nommés : chaque porteur lit ses motifs dans sa lettre."
        ),
        "check": words("Les résultats à jour, avec la preuve de chaque décision :"),
        "address": address,
        "qr": printer.qr(address),
        "qr_alt": words("Code QR : {address}", address=address),
        "foot": words(
            "Établi à partir des enregistrements le {moment} ; aucun chiffre n’y est saisi.",
            moment=format_datetime(local(now), lang),
        ),
    }
    return printer.render("decisions/results", lang, data, now)


def _figures(found: Results, lang: str) -> list[Any]:
    assert found.published_at is not None
    rows: list[Any] = [
        [translate(lang, "Publiés"), format_datetime(local(found.published_at), lang)],
        [translate(lang, "Enveloppe"), format_money(found.call.envelope_centimes, lang)],
        [translate(lang, "Dossiers déposés"), format_number(found.deposited, lang)],
        [translate(lang, "Financés"), format_number(len(found.funded), lang)],
        [translate(lang, "En attente"), format_number(len(found.waiting), lang)],
        [translate(lang, "Non retenus"), format_number(found.refused, lang)],
    ]
    if found.ended:
        rows.append([translate(lang, "Renonciations et caducités"), format_number(found.ended, lang)])
    return rows


def _project(line: Line, lang: str) -> list[str]:
    """Title with who carries it and what marks it, commune, chain."""
    who = (
        localized(lang, line.organisation)
        if line.organisation
        else label(lang, f"enum.legal_form.{line.legal_form}")
    )
    marks = [who, *_marks(line, lang)]
    return [
        "\n".join([line.title, *marks]),
        localized(lang, line.commune) if line.commune else "–",
        localized(lang, line.chain) if line.chain else "–",
    ]


def _marks(line: Line, lang: str) -> Sequence[str]:
    marks = []
    if line.conditions_due_on and not line.conditions_met:
        due = format_date(line.conditions_due_on, lang)
        marks.append(translate(lang, "Sous conditions, à remplir avant le {day}", day=due))
    if line.deviates:
        because = f"\u2068{line.deviation}\u2069" if lang == "ar" else line.deviation  # in its own direction
        marks.append(translate(lang, "Écart décidé par motion : {reason}", reason=because))
    if line.origin.value != "session":
        marks.append(label(lang, f"enum.result_change.{line.origin}"))
    return marks


def _change(one: Change, lang: str) -> str:
    said = translate(
        lang,
        "{day} : {what}, « {title} »",
        day=format_date(local(one.at).date(), lang),
        what=label(lang, f"enum.result_change.{one.kind}"),
        title=one.line.title,
    )
    if one.kind == "lapsed":
        return said
    return f"{said} ({format_money(one.line.amount_centimes, lang)})" if one.line.amount_centimes else said


def _amount(centimes: int, lang: str) -> str:
    return format_money(centimes, lang, unit=False)
