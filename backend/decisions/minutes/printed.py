"""The PDF of minutes (PDF/UA): the record's words, its digest, its seal, a QR code, and the signatures."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from ...core import pdf as printer
from ...core.calendar import format_datetime
from ...core.config import settings
from ...core.i18n import label, localized
from .reading import Signed
from .teller import Teller
from .told import Json, Told, translate


def pdf(
    record: Json,
    print_: str,
    lang: str,
    key: UUID,
    signatures: Sequence[Signed] = (),
    *,
    extract: bool = False,
) -> bytes:
    """The minutes in one language; with signatures, the page that lists them."""
    tell = Told(record, lang)
    address = f"{settings().base_url}/minutes/{key}"
    seal = record["seal"]
    data = {
        "title": translate(lang, "{kind} n° {number}", kind=tell.title(), number=record["session"]["number"]),
        "issuer": localized(lang, record["committee"]["name"]),
        "extract": translate(lang, "Extrait : ce sur quoi vous étiez récusée ou récusé n’y est pas.")
        if extract
        else "",
        "blocks": tell.blocks(),
        "proof_title": translate(lang, "Preuve"),
        "proof": [
            [translate(lang, "Empreinte SHA-256 de l’enregistrement"), {"mono": print_}],
            *(
                [
                    [translate(lang, "Dernier scellement"), {"ltr": str(seal["number"])}],
                    [translate(lang, "Racine du scellement"), {"mono": seal["root"]}],
                ]
                if seal
                else []
            ),
        ],
        "qr": printer.qr(address),
        "qr_alt": translate(lang, "Code QR : {address}", address=address),
        "check": translate(lang, "Pour vérifier ce procès-verbal, lisez ce code ou ouvrez cette adresse :"),
        "address": address,
        "signatures_title": translate(lang, "Signatures"),
        "signatures": [_signed(tell, one) for one in signatures],
        "signatures_none": translate(lang, "À signer : présidence, secrétariat, membres présents."),
        "foot": translate(
            lang, "Établi à partir des enregistrements de la séance ; aucun chiffre n’y est saisi."
        ),
    }
    return printer.render("decisions/minutes", lang, data, datetime.fromisoformat(record["issued_at"]))


def _signed(tell: Teller, one: Signed) -> list[Any]:
    signature = one.signature
    return [
        one.name,
        label(tell.lang, f"enum.capacity.{signature.capacity}"),
        format_datetime(signature.signed_at, tell.lang),
        label(tell.lang, f"enum.signature_level.{signature.level}"),
        {"mono": signature.signed_sha256},
    ]
