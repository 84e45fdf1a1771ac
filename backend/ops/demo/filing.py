"""Holders of the demonstration: they register, describe themselves, fill their dossiers and submit them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from backend.applications import declared
from backend.calls.callfile import from_json

from ..seed import DEMO_PASSWORD
from . import plans
from .http import Client, Refused
from .papers import hand_in
from .people import derive
from .world import Application, World, to_api

FORMS = {"cooperative_union": "union"}
"""Forms that the register names otherwise than calls do."""
OFFICES = {"president", "vice_president", "treasurer", "secretary"}


@dataclass
class Filed:
    """One generated application and what the platform made of it."""

    planned: Application
    holder: Client
    id: str = ""
    receipt: str = ""
    refused: str = ""  # the problem's code, when the platform would not take it


@dataclass
class Filing:
    """All of them, in the order of their filing."""

    files: list[Filed] = field(default_factory=list)
    late: int = 0
    abandoned: int = 0

    def submitted(self) -> Iterator[Filed]:
        return (filed for filed in self.files if filed.receipt)


def in_order(world: World) -> list[Application]:
    """By the moment of filing; those who never submit, somewhere in the middle."""
    return sorted(world.applications, key=lambda a: (a.moment if a.moment is not None else 500, a.number))


def moment(application: Application, opens: datetime, closes: datetime) -> datetime:
    """When this one submits: within the window, or so many minutes after its end."""
    position = application.moment if application.moment is not None else 500
    if position > 1000:
        return closes + timedelta(minutes=position - 1000)
    return opens + (closes - opens) * min(position, 995) / 1000


def writes_in(application: Application) -> str:
    """Every third holder writes in Arabic."""
    return "ar" if application.number % 3 == 0 else "fr"


def prepare(stranger: Client, officer: Client, call: dict[str, Any], application: Application) -> Filed:
    """Register the holder and her organisation, and fill the dossier: everything but its submission."""
    person = application.organisation.representative
    language = writes_in(application)
    account = {"name": getattr(person.name, language), "email": person.email, "phone": person.phone}
    holder = stranger.another()
    holder.post("/people/register", account | {"language": language, "password": DEMO_PASSWORD})
    holder.sign_in(person.email, DEMO_PASSWORD)
    filed = Filed(application, holder)
    organisation = holder.post("/organisations", _organisation(application))
    members = {"members": [_member(member) for member in application.organisation.members]}
    holder.ask(
        "PUT", f"/organisations/{organisation['id']}/members", members, version=organisation["version"]
    )
    draft = holder.post(
        "/applications",
        {"call_id": call["id"], "organisation_id": organisation["id"]},
        key=f"demo-{application.number:06d}",
    )
    filed.id = draft["id"]
    version = draft["version"]
    for section, data in sections(application, call).items():
        path = f"/applications/{filed.id}/sections/{section}"
        version = holder.ask("PUT", path, data, version=version).version
    hand_in(holder, officer, filed.id, application, call)
    return filed


def submit(filed: Filed) -> None:
    """Deposit the dossier; a refusal keeps its code."""
    try:
        filed.receipt = filed.holder.post(f"/applications/{filed.id}/submit")["receipt_code"]
    except Refused as refusal:
        if refusal.code is None:
            raise
        filed.refused = refusal.code


def _organisation(application: Application) -> dict[str, Any]:
    organisation = application.organisation
    form = application.company or organisation.legal_form
    return {
        "name": to_api(organisation.name),
        "legal_form": FORMS.get(form, form),
        "commune_code": organisation.commune_code,
        "register_number": organisation.register_number,
        "ice": organisation.ice,
        "created_on": organisation.created_on.isoformat(),
        "last_agm_on": organisation.last_agm_on.isoformat() if organisation.last_agm_on else None,
        "phone": organisation.representative.phone,
    }


def _member(member: Any) -> dict[str, Any]:
    return {
        "name": f"{member.given.fr} {member.family.fr}",
        "sex": {"f": "woman", "m": "man"}[member.sex],
        "birth_year": member.birth_year,
        "office": member.role if member.role in OFFICES else None,
    }


DECLARED = {
    "born_on": "1995-05-01", "other_job": "no", "active": "yes", "active_since": "2019-01-01",
    "financed_before": "no", "times_financed": 0, "one_family": "no", "families": 6,
}  # fmt: skip
"""What a holder answers where a call's rules ask: the good answers, which break no rule."""


def sections(application: Application, call: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The dossier's sections as the API takes them, with the declarations that this call asks for."""
    asked = declared.asked(from_json(call["definition"]).every_rule())
    project, money = application.project, application.project.financing
    language = writes_in(application)
    rng = derive(0, "business", application.number)
    quality = application.quality["viability"] if "viability" in application.quality else rng.random()
    return {
        "project": {
            "title": getattr(project.title, language),
            "summary": getattr(project.summary, language),
            "sector": project.sector,
            "chain": project.chain,
        },
        "location": {"commune": project.commune_code, "premises": "rented"},
        "budget": {
            "lines": [
                {
                    "label": getattr(line.label, language),
                    "kind": line.kind,
                    "amount_centimes": line.amount_centimes,
                    **plans.life(line),
                }
                for line in project.lines
            ]
        },
        "financing": {
            "indh_centimes": money.indh,
            "own_cash_centimes": money.own_cash,
            "own_in_kind_centimes": money.own_in_kind,
            "partners_centimes": money.partner,
            "loan_centimes": money.loan,
            **plans.loan(rng, money.loan),
        },
        "plan": plans.plan(rng, project, language, quality),
        "results": {
            "jobs_women": project.jobs_women,
            "jobs_men": project.jobs_men,
            "jobs_youth": 0,
            "income_centimes": project.income_centimes,
        },
        "declarations": {
            "accepted": ["accurate", "no_double_funding", "personal_data"],
            **{field: DECLARED[field] for field in asked},
        },
    }
