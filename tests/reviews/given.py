"""Ready states of the reviews: eligible dossiers, assigned ones, signed ones, with their standings."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, insert, select, update
from uuid_utils.compat import uuid7

from backend.applications.models import Application, ApplicationState
from backend.calls.callfile import read
from backend.calls.models import Call, CallState
from backend.core.actor import SYSTEM
from backend.core.tx import Tx, transaction
from backend.people.models import Interest, LegalForm, Member, Organisation, Representative, Sex
from backend.reviews import commands
from backend.reviews.models import Assignment, Standing
from tests.world import COMMUNE, HERE

CALLS = Path(__file__).resolve().parents[2] / "calls"
CRITERIA = ("impact", "viability", "relevance", "management", "durability", "innovation")
REQUESTED = 24_000_000
ENVELOPE = 100_000_000


def a_call(world: Any, code: str = "agadir-2023", envelope: int = ENVELOPE, **terms: Any) -> UUID:
    """A published call of the committee's province, its window over since last month."""
    definition = read(CALLS / "agadir-2023.yaml").as_json() | terms
    call_id: UUID = uuid7()
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(
            insert(Call).values(
                id=call_id,
                version=1,
                code=code,
                province_code=HERE,
                committee_id=world.committee,
                title=definition["title"],
                opens_at=tx.now - timedelta(days=60),
                closes_at=tx.now - timedelta(days=30),
                envelope_centimes=envelope,
                definition=definition,
                definition_sha256=hashlib.sha256(f"{code}{terms}".encode()).hexdigest(),
                state=CallState.PUBLISHED,
                published_at=tx.now - timedelta(days=61),
            )
        )
    world.call = call_id
    return call_id


def an_organisation(tx: Tx, n: int) -> UUID:
    """One more cooperative of the province, without anybody on the platform."""
    made = Organisation(
        name={"fr": f"Coopérative {n}", "ar": f"تعاونية {n}"},
        legal_form=LegalForm.COOPERATIVE,
        province_code=HERE,
        commune_code=COMMUNE,
        created_on=datetime(2019, 5, 2, tzinfo=UTC).date(),
    )
    tx.session.add(made)
    tx.session.flush()
    tx.session.add(
        Member(
            organisation_id=made.id, position=0, name="Fatima Aït Lahcen", sex=Sex.WOMAN, birth_year=1985,
            office="president",
        )
    )  # fmt: skip
    return made.id


CONTENT: dict[str, Any] = {
    "project": {"summary": "Presser et mettre en bouteille l’huile des adhérentes.", "chain": "argan"},
    "location": {"commune": COMMUNE, "premises": "rented"},
    "budget": {
        "lines": [
            {"label": "Presse", "kind": "investment", "amount_centimes": 30_000_000},
            {"label": "Local", "kind": "investment", "amount_centimes": 10_000_000},
        ]
    },
    "financing": {
        "indh_centimes": REQUESTED,
        "own_cash_centimes": 10_000_000,
        "own_in_kind_centimes": 6_000_000,
    },
    "results": {"jobs_women": 8, "jobs_men": 2, "jobs_youth": 3, "income_centimes": 250_000},
}


def eligible(world: Any, count: int = 1, requested: Sequence[int] | None = None) -> list[UUID]:
    """So many admitted dossiers of `world.call` (made if need be): Tifaout's, the rival's, then others'."""
    if "call" not in vars(world):
        a_call(world)
    amounts = requested or [REQUESTED] * count
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        holders = [world.tifaout, world.rival_cooperative][: len(amounts)]
        holders += [an_organisation(tx, n) for n in range(len(amounts) - len(holders))]
        return [
            _dossier(tx, world, holder, n, amount)
            for n, (holder, amount) in enumerate(zip(holders, amounts, strict=True), 1)
        ]


def _dossier(tx: Tx, world: Any, organisation_id: UUID, n: int, requested: int) -> UUID:
    application_id: UUID = uuid7()
    tx.session.execute(
        insert(Application).values(
            id=application_id,
            version=1,
            call_id=world.call,
            organisation_id=organisation_id,
            province_code=HERE,
            number=f"AGA-2023-{str(world.call)[-6:]}{n:04}",
            state=ApplicationState.ELIGIBLE,
            content=CONTENT,
            title=f"Huile d’argan {n}",
            sector="agriculture",
            commune_code=COMMUNE,
            total_centimes=40_000_000,
            requested_centimes=requested,
            created_by=world.holder.id,
            created_at=tx.now - timedelta(days=50),
            submitted_at=tx.now - timedelta(days=40),
            first_submitted_at=tx.now - timedelta(days=40),
        )
    )
    return application_id


def tied(world: Any, name: str, organisation_id: UUID) -> None:
    """That one of the cast has declared a tie with the organisation."""
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.add(
            Interest(
                person_id=world.people[name].id,
                organisation_id=organisation_id,
                reason="Lien de parenté",
                declared_at=tx.now,
            )
        )


def acts_for(world: Any, name: str, organisation_id: UUID) -> None:
    """That one of the cast acted for the organisation."""
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.add(
            Representative(organisation_id=organisation_id, person_id=world.people[name].id, since=tx.now)
        )


def assigned(world: Any, *names: str, application_id: UUID | None = None) -> list[Assignment]:
    """A dossier (Tifaout's unless given) on the stacks of these evaluators (`evaluator` and `second`)."""
    found = application_id or eligible(world)[0]
    with transaction(world.officer) as tx:
        return [
            commands.assign(tx, found, world.people[name].id) for name in names or ("evaluator", "second")
        ]


def opened(world: Any, name: str = "evaluator", application_id: UUID | None = None) -> Assignment:
    """A dossier on which that evaluator has declared no conflict."""
    (made,) = assigned(world, name, application_id=application_id)
    with transaction(world.people[name]) as tx:
        return commands.declare(tx, made.id, False, "", made.version)


def marks(level: int = 3, **levels: int) -> dict[str, int]:
    """The same level everywhere but for those named."""
    return dict.fromkeys(CRITERIA, level) | levels


def signed(world: Any, name: str, application_id: UUID, level: int = 3, **levels: int) -> Assignment:
    """A review signed by that evaluator."""
    made = opened(world, name, application_id)
    with transaction(world.people[name]) as tx:
        saved = commands.save(tx, made.id, marks(level, **levels), {"impact": "Emplois chiffrés."}, None)
        return commands.sign(tx, saved.id, saved.version)


def scored(world: Any, count: int = 1, requested: Sequence[int] | None = None) -> list[UUID]:
    """So many dossiers with two signed reviews each: 75 points, but for the last of three or more (50)."""
    found = eligible(world, count, requested)
    for n, application_id in enumerate(found):
        level = 2 if n >= 2 and n == len(found) - 1 else 3
        for name in ("evaluator", "second"):
            signed(world, name, application_id, level)
    with transaction(SYSTEM) as tx:  # equal ones as if they were drawn in their order
        tx.allowed = tx.recorded = True
        tx.session.execute(update(Standing).values(draw=cast(Standing.application_id, String)))
    return found


def version(assignment_id: UUID) -> int:
    """Its current version."""
    with transaction(SYSTEM) as tx:
        return tx.session.scalars(select(Assignment.version).where(Assignment.id == assignment_id)).one()


def assignment(assignment_id: UUID) -> Assignment:
    """As it stands now."""
    with transaction(SYSTEM) as tx:
        return tx.session.scalars(select(Assignment).where(Assignment.id == assignment_id)).one()


def standing(application_id: UUID) -> Standing | None:
    """The dossier's kept score."""
    with transaction(SYSTEM) as tx:
        return tx.session.get(Standing, application_id)
