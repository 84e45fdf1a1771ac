"""Two provinces with a record of one cooperative each, doubtful numbers, a list of members in Excel."""

import io
from typing import Any

from ..seed import DEMO_PASSWORD
from .cast import Cast
from .http import Client

AWAY = "09.541"
"""Taroudannt: the neighbour of the demonstration's province."""
OFFICER = ("das.taroudannt@exemple.test", "Hassan Oubella")
RIB = "007640000123456789012372"
DOUBTFUL_ICE = "001561191000068"
ROSTER = (
    ("Nom et prénom", "Sexe", "Année de naissance", "Fonction", "CIN"),
    ("Fadma Aït Oumghar", "Femme", 1984, "Présidence", "JT204518"),
    ("Khadija Boulmane", "Femme", 1996, "Trésorerie", "JT318846"),
    ("زهرة أوبلا", "امرأة", 1991, "", ""),
    ("Lahcen Idhmad", "Homme", 1979, "", ""),
    ("Une ligne à corriger", "?", "vers 1990", "", ""),
)


def compare(cast: Cast) -> None:
    """An officer of the neighbouring province, and records there that are, or seem, ones of here."""
    here = cast.officer.get("/organisations", legal_form="cooperative", limit=3)["items"]
    away = _officer(cast)
    commune = cast.admin.get("/communes", province=AWAY)["items"][0]["code"]
    first, second, third = here
    _correct(cast.officer, second, bank_account=RIB, commercial_register="45120 Agadir")
    known = cast.officer.get(f"/organisations/{first['id']}")
    moved = _enter(away, known["name"], commune, ice=known["ice"], phone="0528851122")
    name = {"fr": "Coopérative Tagmat Taroudannt", "ar": "تعاونية تاكمات تارودانت"}
    _enter(away, name, commune, bank_account=RIB)
    near = {"fr": f"{third['name']['fr']}e", "ar": third["name"]["ar"]}
    _enter(cast.officer, near, third["commune_code"], register_number="9001/2024", ice=DOUBTFUL_ICE)
    path = f"/organisations/{moved['id']}/members/import?keep_right=true"
    away.ask("POST", path, workbook(), version=moved["version"])
    cast.officer.work()


def workbook() -> bytes:
    """The list as she would send it: one line of it is wrong."""
    import xlsxwriter

    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept, {"in_memory": True})
    sheet = book.add_worksheet("Membres")
    for line, row in enumerate(ROSTER):
        sheet.write_row(line, 0, row)
    book.close()
    return kept.getvalue()


def _officer(cast: Cast) -> Client:
    email, name = OFFICER
    cast.admin.post(
        "/people",
        {
            "name": name,
            "email": email,
            "language": "fr",
            "password": DEMO_PASSWORD,
            "grants": [{"role": "officer", "province_code": AWAY}],
        },
    )
    return cast.admin.another().sign_in(email, DEMO_PASSWORD)


def _correct(officer: Client, organisation: dict[str, Any], **facts: Any) -> None:
    officer.ask("PATCH", f"/organisations/{organisation['id']}", facts, version=organisation["version"])


def _enter(officer: Client, name: dict[str, str], commune: str, **facts: Any) -> dict[str, Any]:
    holder = {"name": "Fadma Aït Oumghar", "phone": "0612345678", "language": "ar"}
    body = {"name": name, "legal_form": "cooperative", "commune_code": commune, "holder": holder} | facts
    made: dict[str, Any] = officer.post("/organisations", body)
    return made
