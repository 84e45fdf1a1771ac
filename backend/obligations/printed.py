"""The receipt of an information request on paper (PDF/UA), with the code that opens its answer."""

from typing import Any

from ..core import pdf
from ..core.calendar import format_date, format_datetime
from ..core.config import settings
from ..core.i18n import localized, translate
from ..territory.models import Province
from .models import InformationRequest


def receipt(asked: InformationRequest, province: Province, code: str, lang: str) -> bytes:
    """Number, dates, question and code; the same request gives the same paper until its date is extended."""
    address = f"{settings().base_url}/information/follow"
    place = localized(lang, province.name)
    data: dict[str, Any] = {
        "title": translate(lang, "Récépissé d’une demande d’information"),
        "issuer": translate(lang, "INDH, province : {province}", province=place),
        "code_label": translate(lang, "Votre code : gardez-le, il ouvre la réponse"),
        "code": code,
        "rows": [
            [translate(lang, "Numéro"), {"ltr": asked.number}],
            [translate(lang, "Reçue"), format_datetime(asked.received_at, lang)],
            [translate(lang, "Réponse au plus tard le"), format_date(asked.due_on, lang, "weekday")],
        ],
        "text_title": translate(lang, "Votre question"),
        "text": asked.text,
        "rights_title": translate(lang, "Sans réponse à cette date, ou en cas de refus"),
        "rights": translate(lang, RIGHTS),
        "check": translate(lang, "Pour suivre votre demande :"),
        "address": address,
        "qr": pdf.qr(address),
        "qr_alt": translate(lang, "Code QR : {address}", address=address),
        "foot": translate(lang, "Loi 31-13 relative au droit d’accès à l’information."),
    }
    return pdf.render("obligations/receipt", lang, data, asked.received_at)


RIGHTS = (
    "Écrivez une plainte au gouverneur, chef de l’institution ; "
    "puis, si elle reste sans suite, à la Commission du droit d’accès à l’information (cdai.ma)."
)
