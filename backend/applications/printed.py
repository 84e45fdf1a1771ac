"""Printed papers of a dossier: the receipt of a deposit, the sheet that a holder signs."""

from datetime import date
from typing import Any

from sqlalchemy import select

from ..calls.queries import definition
from ..calls.rules import CATALOGUE
from ..calls.rules.vocabulary import name
from ..core import pdf
from ..core.calendar import format_date, format_datetime
from ..core.config import settings
from ..core.errors import NOT_FOUND
from ..core.i18n import localized, ntranslate, translate
from ..core.money import format_money
from ..core.tx import Tx
from ..people.models import Person
from .assistance import fingerprint
from .declared import FACTS, YES_NO
from .deposits import Filed, filed_by
from .fields import DAYS
from .lifecycle import working
from .models import Application, Filing, Submission
from .receipts import readable
from .totals import sums

Row = tuple[str, Any]


def receipt(tx: Tx, application: Application, lang: str, number: int | None = None) -> bytes:
    """The receipt of one deposit as a PDF; 404 when there is no such version."""
    asked = select(Submission, Person.name).join(Person, Person.id == Submission.submitted_by)
    asked = asked.where(
        Submission.application_id == application.id,
        Submission.number == (application.submissions if number is None else number),
    )
    found = tx.session.execute(asked).one_or_none()
    if found is None:
        raise NOT_FOUND(thing="submission")
    deposit, depositor = found
    address = f"{settings().base_url}/verify/{deposit.receipt_code}"
    data = {
        "title": translate(lang, "Récépissé de dépôt"),
        "issuer": _issuer(application, lang),
        "code": deposit.receipt_code,
        "code_label": translate(lang, "Code du récépissé"),
        "rows": _rows(application, deposit, depositor, filed_by(tx, application), lang),
        "print_label": translate(lang, "Empreinte SHA-256 de ce qui a été déposé"),
        "print": readable(deposit.content_sha256).split(),
        "qr": pdf.qr(address),
        "qr_alt": translate(lang, "Code QR : {address}", address=address),
        "address": address,
        "check": translate(lang, "Pour vérifier ce récépissé, lisez ce code ou ouvrez cette adresse :"),
        "replaced": translate(
            lang,
            "Cette version a été remplacée par la version {version}, qui fait foi.",
            version=application.submissions,
        )
        if deposit.number < application.submissions
        else "",
        "foot": translate(lang, "Ce récépissé prouve le dépôt, non la recevabilité du dossier."),
    }
    return pdf.render("applications/receipt", lang, data, deposit.submitted_at)


def sheet(tx: Tx, application: Application, lang: str) -> bytes:
    """What an agent typed, to be read to the holder and signed by her; its scan confirms just that."""
    filed, content = filed_by(tx, application), working(application)
    print_ = fingerprint(application)
    data = {
        "title": translate(lang, "Feuille de confirmation"),
        "issuer": _issuer(application, lang),
        "rows": [
            *who(application, lang),
            (translate(lang, "Saisi par"), filed.agent if filed else ""),
            *_summary(content, lang),
            *_declared(content, lang),
        ],
        "lines_title": translate(lang, "Budget"),
        "lines": [
            [
                line.get("label") or "",
                {"ltr": format_money(line.get("amount_centimes") or 0, lang, unit=False)},
            ]
            for line in (content.get("budget") or {}).get("lines") or ()
        ],
        "print_label": translate(lang, "Empreinte de ce qui a été saisi"),
        "print": readable(print_).split(),
        "statement": translate(
            lang,
            "On m’a lu ce qui précède. Je confirme que c’est ce que je demande de déposer en mon nom.",
        ),
        "signature": [
            translate(lang, "Nom et prénom"),
            translate(lang, "Date"),
            translate(lang, "Signature ou empreinte"),
        ],
        "foot": translate(lang, "Si le dossier est modifié ensuite, une nouvelle confirmation est demandée."),
    }
    return pdf.render("applications/confirmation", lang, data, tx.now)


def _issuer(application: Application, lang: str) -> str:
    issuer = definition(application.call).issuer
    return localized(lang, issuer.name)


def who(application: Application, lang: str) -> list[Row]:
    """Which dossier a paper is about: its number, its holder, its call."""
    return [
        (translate(lang, "Dossier"), {"ltr": application.number}),
        (translate(lang, "Organisation"), localized(lang, application.organisation.name)),
        (translate(lang, "Appel à projets"), localized(lang, application.call.title)),
    ]


def _rows(
    application: Application, deposit: Submission, depositor: str, filed: Filed | None, lang: str
) -> list[Row]:
    title = (deposit.content.get("project") or {}).get("title")
    first, again = application.first_submitted_at, format_datetime(deposit.submitted_at, lang)
    assert first
    found = [
        *who(application, lang),
        *([(translate(lang, "Projet"), title)] if title else []),
        (translate(lang, "Déposé le"), format_datetime(first, lang)),
        *([] if deposit.number == 1 else [(translate(lang, "Cette version, le"), again)]),
        (
            translate(lang, "Version du dossier"),
            translate(
                lang, "{n}, selon la version {call} de l’appel", n=deposit.number, call=deposit.call_version
            ),
        ),
        (translate(lang, "Déposé par"), depositor),
    ]
    if filed and application.filing is not Filing.ONLINE:
        how = translate(lang, "Saisi par un agent") if application.filing is Filing.ASSISTED else ""
        if application.filing is Filing.PAPER:
            how = translate(lang, "Remis sur papier, saisi par un agent")
        found.append((how, filed.agent))
    return found


def _summary(content: Any, lang: str) -> list[Row]:
    project, place, results = (content.get(one) or {} for one in ("project", "location", "results"))
    totals = sums(content)
    jobs = (results.get("jobs_women") or 0) + (results.get("jobs_men") or 0)
    papers = len({one["code"] for one in (content.get("documents") or {}).get("provided") or ()})
    return [
        (translate(lang, "Projet"), project.get("title") or ""),
        (translate(lang, "Filière"), name("chain", project["chain"], lang) if project.get("chain") else ""),
        (translate(lang, "Commune"), name("commune", place["commune"], lang) if place.get("commune") else ""),
        (translate(lang, "Coût du projet"), {"ltr": format_money(totals["budget"], lang, unit=False)}),
        (translate(lang, "Demandé à l’INDH"), {"ltr": format_money(totals["indh"], lang, unit=False)}),
        (translate(lang, "Emplois prévus"), {"ltr": str(jobs)}),
        (translate(lang, "Pièces"), ntranslate(lang, "{n} pièce", "{n} pièces", papers)),
    ]


def _declared(content: Any, lang: str) -> list[Row]:
    """What she declared because the call's rules ask it: whoever signs for it must have heard it."""
    said = content.get("declarations") or {}
    found: list[Row] = []
    for field, fact in FACTS.items():
        if (value := said.get(field)) is None:
            continue
        label = CATALOGUE[fact].label(lang)
        if field == "born_on":
            label = translate(lang, "Date de naissance de la personne qui porte le projet")
        words: Any = {"ltr": str(value)}
        if field in YES_NO:
            words = translate(lang, "Oui") if value == "yes" else translate(lang, "Non")
        elif field in DAYS:
            words = format_date(date.fromisoformat(value), lang)
        found.append((label[:1].upper() + label[1:], words))
    return found
