"""What is typed in the journeys, in each language, and the words of the reference data."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from backend.applications.schemas import DECLARATIONS
from backend.calls.callfile import read
from backend.calls.rules.vocabulary import chain_rows, sector_rows
from backend.territory.reference import communes
from tests.calls.given import AGADIR, hour
from tests.world import COMMUNE

PASSWORD = "des arganiers en fleur"
ASKED, OWN_CASH, OWN_IN_KIND = "240 000", "100 000", "60 000"
ASKED_CENTIMES, TOTAL_CENTIMES = 24_000_000, 40_000_000


@dataclass(frozen=True)
class Tale:
    """One holder and her project, as she types them."""

    lang: str
    name: str
    email: str
    organisation: str
    members: tuple[tuple[str, str, str], ...]  # name, sex, year of birth
    title: str
    summary: str
    lines: tuple[tuple[str, str], ...]  # what, how much
    report: str
    tie: str
    note: str
    evidence: str

    @property
    def other(self) -> str:
        return {"fr": "ar", "ar": "fr"}[self.lang]


FR = Tale(
    "fr",
    "Khadija Aït Baha",
    "khadija@exemple.test",
    "Coopérative Tagmat",
    (
        ("Khadija Aït Baha", "woman", "1984"),
        ("Fadma Oubella", "woman", "1990"),
        ("Rkia Amzil", "woman", "1978"),
        ("Zahra Idbella", "woman", "1996"),
        ("Brahim Oufkir", "man", "1988"),
    ),
    "Unité d’huile d’argan de Tagmat",
    "Presser et mettre en bouteille l’huile des adhérentes, pour la vendre sans intermédiaire.",
    (("Presse à froid", "300 000,00"), ("Aménagement de l'atelier", "100 000")),
    "La presse est livrée.\nIl manque l’étiqueteuse.",
    "La présidente est ma belle-sœur.",
    "Emplois chiffrés, l'adhérente d'abord : c’est crédible.",
    "Relevé bancaire du 3 mai",
)
AR = Tale(
    "ar",
    "خديجة أيت باها",
    "khadija@exemple.test",
    "تعاونية تاكمات",
    (
        ("خديجة أيت باها", "woman", "1984"),
        ("فاضمة أوبلا", "woman", "1990"),
        ("رقية أمزيل", "woman", "1978"),
        ("الزهرة إدبلا", "woman", "1996"),
        ("إبراهيم أوفقير", "man", "1988"),
    ),
    "وحدة استخراج زيت الأركان بتاكمات",
    "عصر زيت المنخرطات وتعبئته في قنينات لبيعه دون وسيط.",
    (("معصرة على البارد", "300 000,00"), ("تهيئة الورشة", "١٠٠٠٠٠")),
    "تم تسليم المعصرة.\nبقيت آلة العنونة.",
    "الرئيسة زوجة أخي.",
    "مناصب شغل مرقمة وذات مصداقية.",
    "كشف بنكي بتاريخ 3 ماي",
)


def call_text(code: str, opens_at: datetime, closes_at: datetime) -> str:
    """The file of Agadir 2023 as an officer would paste it, with another code and window."""
    text = Path(AGADIR).read_text(encoding="utf-8")
    for name, value in (("code", code), ("opens_at", hour(opens_at)), ("closes_at", hour(closes_at))):
        text = re.sub(rf"(?m)^{name}:.*$", f"{name}: {value}", text)
    return text


CALL = read(AGADIR)
TITLE = dict(CALL.title)
ASSENTS = {
    "accurate": "Les renseignements de ce dossier sont exacts.",
    "no_double_funding": (
        "Les dépenses de ce budget ne sont pas déjà financées par une autre aide publique."
    ),
    "personal_data": (
        "J’accepte que ces données servent à instruire et à suivre le projet (loi 09-08). "
        "Je peux les consulter et les faire corriger."
    ),
}
assert set(ASSENTS) == set(DECLARATIONS)


def papers() -> list[str]:
    """The papers that the call asks of a cooperative."""
    asked = CALL.required_documents("cooperative")
    return [one.code for one in CALL.documents if one.code in asked]


def commune() -> dict[str, str]:
    (found,) = [one for one in communes() if one.code == COMMUNE]
    return {"fr": found.name_fr, "ar": found.name_ar}


def sector() -> dict[str, str]:
    row = sector_rows()["agriculture"]
    return {"fr": row["fr"], "ar": row["ar"]}


def chain() -> dict[str, str]:
    """As the list of the form writes it: the sector, then the chain."""
    row = chain_rows()["argan"]
    return {lang: f"{sector()[lang]} · {row[lang]}" for lang in ("fr", "ar")}
