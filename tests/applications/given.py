"""Ready dossiers for the tests of later stages."""

from copy import deepcopy
from typing import Any
from uuid import UUID

from backend.applications import assistance, commands
from backend.applications.models import Application, FieldChange
from backend.applications.schemas import SECTIONS
from backend.calls.models import Call
from backend.core.actor import SYSTEM
from backend.core.tx import Tx, transaction
from tests.calls import given as calls
from tests.world import COMMUNE

CONTENT: dict[str, dict[str, Any]] = {
    "project": {
        "title": "Unité d’huile d’argan",
        "summary": "Presser et mettre en bouteille l’huile des adhérentes.",
        "sector": "agriculture",
        "chain": "argan",
    },
    "location": {"commune": COMMUNE, "premises": "rented"},
    "budget": {
        "lines": [
            {"label": "Presse", "kind": "investment", "amount_centimes": 30_000_000},
            {"label": "Local", "kind": "investment", "amount_centimes": 10_000_000},
        ]
    },
    "financing": {
        "indh_centimes": 24_000_000,
        "own_cash_centimes": 10_000_000,
        "own_in_kind_centimes": 6_000_000,
    },
    "results": {"jobs_women": 8, "jobs_men": 2, "jobs_youth": 3, "income_centimes": 250_000},
    "documents": {},
    "declarations": {"accepted": ["accurate", "no_double_funding", "personal_data"]},
}
"""A dossier of Tifaout that passes every rule of Agadir 2023."""


def content(**sections: Any) -> dict[str, dict[str, Any]]:
    """The good content, with whole sections replaced."""
    return deepcopy(CONTENT) | sections


def open_call(world: Any, **overrides: Any) -> Call:
    """A call of province 09.001 open since yesterday, for ten days."""
    return calls.published(world, **overrides)


def draft(world: Any, call: Call | None = None, holder: str = "holder") -> Application:
    """An empty dossier of the holder's cooperative."""
    call = call or open_call(world)
    organisation: UUID = {"holder": world.tifaout, "rival": world.rival_cooperative}[holder]
    with transaction(world.people[holder]) as tx:
        return commands.create(tx, call.id, organisation)


def documents(call: Call) -> dict[str, Any]:
    """Every paper that the call asks of a cooperative, as if handed in at the counter."""
    from backend.applications.terms import terms

    asked = sorted(terms(call).file.required_documents("cooperative"))
    return {"provided": [{"code": code, "paper": True} for code in asked]}


def fill(
    tx: Tx, application: Application, sections: dict[str, Any], version: int | None = None
) -> Application:
    """Save the sections one after the other."""
    for name, data in sections.items():
        application = commands.save_section(
            tx, application.id, name, SECTIONS[name].model_validate(data), version or application.version
        )
    return application


def filled(world: Any, call: Call | None = None, holder: str = "holder", **sections: Any) -> Application:
    """A complete draft; `sections` replace those of the good content."""
    call = call or open_call(world)
    made = draft(world, call, holder)
    with transaction(world.people[holder]) as tx:
        return fill(tx, made, content(documents=documents(call)) | sections)


def changed(world: Any, application: Application, title: str = "Autre titre") -> FieldChange:
    """A change of its title, as autosave keeps it."""
    from uuid import uuid4

    from backend.applications import autosave

    was = application.content["project"]["title"]
    change = autosave.Change(uuid4(), "project", "title", was, title)
    with transaction(world.holder) as tx:
        autosave.apply(tx, application.id, [change])
        return tx.session.get_one(FieldChange, change.id)


def submitted(world: Any, call: Call | None = None, holder: str = "holder", **sections: Any) -> Application:
    """A deposited dossier."""
    made = filled(world, call, holder, **sections)
    with transaction(world.people[holder]) as tx:
        return commands.submit(tx, made.id)


def eligible(world: Any, call: Call | None = None, holder: str = "holder") -> Application:
    """A dossier admitted by the officer."""
    made = submitted(world, call, holder)
    with transaction(world.officer) as tx:
        return commands.admit(tx, made.id)


def ineligible(world: Any, call: Call | None = None, holder: str = "holder") -> Application:
    """A dossier refused: it asks for more than the call gives."""
    too_much = {"indh_centimes": 31_000_000, "own_cash_centimes": 9_000_000, "own_in_kind_centimes": 0}
    made = submitted(world, call, holder, financing=too_much)
    with transaction(world.officer) as tx:
        return commands.refuse(tx, made.id)


def confirmed(world: Any, made: Application) -> None:
    """The holder reads back the code that was sent to her telephone, for what the officer typed."""
    with transaction(world.officer) as tx:
        assistance.ask_code(tx, made.id)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        code = assistance.fresh_code(tx, made.id)
    assert code
    with transaction(world.officer) as tx:
        assert assistance.confirm_by_code(tx, made.id, code)
