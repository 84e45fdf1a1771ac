"""An agent of the plateforme des jeunes files for holders without an account; somebody is invited by mail."""

from typing import Any

from ..seed import DEMO_PASSWORD
from .cast import Cast
from .deposits import confirm_by_sheet
from .filing import Filed, Filing, sections
from .http import Client
from .papers import asked

AGENT = ("agent.plateforme@exemple.test", "Rachida Amkhaou")
INVITED = ("zineb.oukacha@exemple.test", "Zineb Oukacha")
HELPED = (
    (
        "Coopérative Tanmirt des femmes d’Imouzzer",
        "تعاونية تانميرت لنساء إموزار",
        "Fadma Oubihi",
        "7101/2021",
    ),
    ("Coopérative Assaïs", "تعاونية أساييس", "Mina Idbelkas", "7102/2020"),
    ("Coopérative Tilila n Ida", "تعاونية تيليلا ن إدا", "Zahra Amzil", "7103/2022"),
)
MEMBERS = ("Rkia", "Aïcha", "Khadija", "Malika", "Saadia", "Naïma", "Hafida", "Brahim")


def accompany(cast: Cast, filing: Filing) -> None:
    """One dossier deposited, one that its holder has to confirm, one without its papers yet."""
    place = cast.call["province_code"]
    agent = _account(cast, *AGENT, {"role": "agent", "province_code": place}, DEMO_PASSWORD)
    known = [filed for filed in filing.files if filed.planned.intent == "eligible"] or filing.files
    for number, (fr, ar, holder, register) in enumerate(HELPED):
        organisation = _enter(agent, known[0], {"fr": fr, "ar": ar}, holder, register, number)
        _file(cast, agent, known[number % len(known)], organisation, stop=number)
    _account(cast, *INVITED, {"role": "coach", "province_code": place}, None)
    cast.officer.work()


def _account(cast: Cast, email: str, name: str, grant: dict[str, str], password: str | None) -> Client:
    body = {"name": name, "email": email, "language": "fr", "password": password, "grants": [grant]}
    cast.admin.post("/people", body)
    return cast.admin.another().sign_in(email, password) if password else cast.admin


def _enter(
    agent: Client, near: Filed, name: dict[str, str], holder: str, register: str, number: int
) -> dict[str, Any]:
    """The organisation with its holder, who has a telephone and nothing else, and its members."""
    seat = near.planned.organisation.commune_code
    made: dict[str, Any] = agent.post(
        "/organisations",
        {
            "name": name,
            "legal_form": "cooperative",
            "commune_code": seat,
            "register_number": register,
            "created_on": f"20{register[-2:]}-03-02",
            "last_agm_on": None,
            "holder": {"name": holder, "phone": f"06600007{number:02d}", "language": "ar"},
        },
    )
    members = [
        {
            "name": f"{one} {holder.rsplit(maxsplit=1)[-1]}",
            "sex": "man" if one == "Brahim" else "woman",
            "birth_year": year,
        }
        for one, year in zip(MEMBERS, range(1980, 2004, 3), strict=True)
    ]
    path = f"/organisations/{made['id']}/members"
    agent.ask("PUT", path, {"members": members}, version=made["version"])
    return made


def _file(cast: Cast, agent: Client, like: Filed, organisation: dict[str, Any], stop: int) -> None:
    """`stop`: 0 to the deposit, 1 to what the holder confirms, 2 before the budget."""
    made = agent.post("/applications", {"call_id": cast.call["id"], "organisation_id": organisation["id"]})
    typed = sections(like.planned, cast.call)
    for section in ("project", "location") if stop == 2 else typed:
        path = f"/applications/{made['id']}/sections/{section}"
        made["version"] = agent.ask("PUT", path, typed[section], version=made["version"]).version
    if stop == 2:
        return
    codes = [one["code"] for one in asked(like.planned, cast.call)]
    cast.officer.post(f"/applications/{made['id']}/papers", {"codes": codes})
    if stop == 0:
        confirm_by_sheet(agent, made["id"], made["number"])
        agent.post(f"/applications/{made['id']}/submit")
