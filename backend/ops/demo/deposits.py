"""Deposits in the demonstration: versions, a completion request, dossiers that the officer types."""

from datetime import datetime, timedelta
from typing import Any

from . import papers
from .cast import Cast
from .filing import Filed, Filing, sections, submit
from .http import Client

TITLE = {"fr": " (version revue)", "ar": " (صيغة منقحة)"}
NOTE = "Précisez la commune et le local du projet : l’adresse ne permet pas la visite."


def deposited_again(filing: Filing) -> None:
    """One holder deposits a second version; another changes hers and has not deposited it yet."""
    again, waiting = list(filing.submitted())[:2]
    _retitle(again)
    submit(again)
    _retitle(waiting)


def completed(cast: Cast, filing: Filing) -> None:
    """The officer sends two dossiers back: one is completed, the other is still awaited."""
    answered, awaited = list(filing.submitted())[:2]
    for filed in (answered, awaited):
        cast.officer.post(f"/applications/{filed.id}/return", {"items": ["location"], "note": NOTE})
    _retitle(answered)
    submit(answered)


def typed(cast: Cast, holders: Filing, now: datetime) -> None:
    """The officer types a dossier beside its holder, and one that was handed in on paper two hours before."""
    beside, on_paper = list(holders.submitted())[-2:]
    _typed(cast, beside, None)
    _typed(cast, on_paper, now - timedelta(hours=2))


def _typed(cast: Cast, known: Filed, handed_in_at: datetime | None) -> None:
    officer = cast.officer
    organisation = officer.get(f"/applications/{known.id}")["organisation_id"]
    body: dict[str, Any] = {"call_id": cast.call["id"], "organisation_id": organisation}
    if handed_in_at:
        body["handed_in_at"] = handed_in_at.isoformat()
    made = officer.post("/applications", body)
    version = made["version"]
    for section, data in sections(known.planned, cast.call).items():
        path = f"/applications/{made['id']}/sections/{section}"
        version = officer.ask("PUT", path, data, version=version).version
    codes = [one["code"] for one in papers.asked(known.planned, cast.call)]
    officer.post(f"/applications/{made['id']}/papers", {"codes": codes})
    confirm_by_sheet(officer, made["id"], made["number"])
    officer.post(f"/applications/{made['id']}/submit")


def confirm_by_sheet(agent: Client, application: str, number: str) -> None:
    """The sheet that the holder signed, scanned by whoever typed for her."""
    scan = papers.pdf(["Feuille de confirmation", number, "Signée par le porteur."])
    upload = agent.post("/uploads", {"name": f"confirmation-{number}.pdf", "size": len(scan)})
    agent.ask("PUT", f"/uploads/{upload['id']}?offset=0", scan)
    kept = agent.post(f"/uploads/{upload['id']}/complete")["id"]
    agent.post(f"/applications/{application}/confirmation", {"file_id": str(kept)})


def _retitle(filed: Filed) -> None:
    """The project under a title that says that it was revised."""
    kept = filed.holder.ask("GET", f"/applications/{filed.id}/sections/project")
    data = kept.body["data"]
    title = data["title"][:180] + TITLE["ar" if data["title"][0] > "\u0600" else "fr"]
    path = f"/applications/{filed.id}/sections/project"
    filed.holder.ask("PUT", path, data | {"title": title}, version=kept.version)
