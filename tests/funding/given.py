"""Ready states: a call with a funded dossier, its convention prepared, signed, its first tranche payable."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from uuid_utils.compat import uuid7

from backend.applications.models import Application, ApplicationState
from backend.applications.receipts import new_code
from backend.calls.callfile import read
from backend.calls.models import Call, CallState
from backend.committees.models import CommitteeSession, Procedure, SessionState
from backend.core.actor import SYSTEM
from backend.core.tx import Tx, transaction
from backend.decisions.models import (
    Decision,
    DecisionOutcome,
    DecisionState,
    Letter,
    LetterKind,
    LetterState,
    Publication,
)
from backend.funding import commands
from backend.funding.models import Convention
from tests.world import HERE

CALLS = Path(__file__).resolve().parents[2] / "calls"
GRANT = 15_600_001  # centimes: the shares 40, 40, 20 % do not divide it
TOTAL = 26_000_001


def a_call(tx: Tx, world: Any, code: str = "agadir-2023", **terms: Any) -> UUID:
    """A decided call with the terms of the demonstration's."""
    definition = read(CALLS / "agadir-2023.yaml").as_json() | terms
    call_id: UUID = uuid7()
    tx.session.execute(
        insert(Call).values(
            id=call_id,
            version=1,
            code=code,
            province_code=HERE,
            committee_id=world.committee,
            title=definition["title"],
            opens_at=tx.now - timedelta(days=90),
            closes_at=tx.now - timedelta(days=70),
            envelope_centimes=500_000_000,
            definition=definition,
            definition_sha256=hashlib.sha256(f"{code}{terms}".encode()).hexdigest(),
            state=CallState.DECIDED,
        )
    )
    return call_id


def a_session(tx: Tx, world: Any) -> UUID:
    """A closed session of the committee."""
    procedure = tx.session.scalars(
        select(Procedure.id).where(Procedure.committee_id == world.committee)
    ).first()
    session_id: UUID = uuid7()
    tx.session.execute(
        insert(CommitteeSession).values(
            id=session_id,
            version=1,
            committee_id=world.committee,
            procedure_id=procedure,
            province_code=HERE,
            number=str(session_id)[-8:],
            scheduled_at=tx.now - timedelta(days=60),
            place="Agadir",
            state=SessionState.CLOSED,
        )
    )
    return session_id


def a_decision(
    tx: Tx,
    world: Any,
    call_id: UUID,
    session_id: UUID,
    organisation_id: UUID,
    number: int = 1,
    *,
    amount: int = GRANT,
    total: int = TOTAL,
    outcome: DecisionOutcome = DecisionOutcome.FUNDED,
    state: DecisionState = DecisionState.ADOPTED,
) -> UUID:
    """An eligible dossier and what the committee did with it; returns the dossier's id."""
    application_id: UUID = uuid7()
    tx.session.execute(
        insert(Application).values(
            id=application_id,
            version=1,
            call_id=call_id,
            organisation_id=organisation_id,
            province_code=HERE,
            number=f"AGA-2023-{str(application_id)[-12:]}",
            state=ApplicationState.ELIGIBLE,
            content={},
            title=f"Miel d’euphorbe {number}",
            total_centimes=total,
            requested_centimes=amount,
            created_by=world.holder.id,
            created_at=tx.now - timedelta(days=80),
            submitted_at=tx.now - timedelta(days=75),
            first_submitted_at=tx.now - timedelta(days=75),
        )
    )
    decision_id = uuid7()
    tx.session.execute(
        insert(Decision).values(
            id=decision_id,
            application_id=application_id,
            call_id=call_id,
            session_id=session_id,
            province_code=HERE,
            state=state,
            outcome=outcome,
            rank=number,
            score_hundredths=8_000 - number,
            amount_centimes=amount if outcome is DecisionOutcome.FUNDED else 0,
            reasons=[],
            recused_seats=[],
            decided_at=tx.now - timedelta(days=60),
        )
    )
    if state is DecisionState.ADOPTED:
        a_letter(tx, application_id, call_id)
    return application_id


def a_letter(tx: Tx, application_id: UUID, call_id: UUID) -> None:
    """The letter on the decision of that dossier, released long ago."""
    asked = select(Decision.id, Decision.outcome).where(Decision.application_id == application_id)
    decision_id, outcome = tx.session.execute(asked).one()
    tx.session.execute(
        insert(Letter).values(
            id=uuid7(),
            decision_id=decision_id,
            application_id=application_id,
            call_id=call_id,
            province_code=HERE,
            kind=LetterKind(outcome.value),
            state=LetterState.RELEASED,
            code=new_code(),
            content={},
            content_sha256="0" * 64,
            queued_at=tx.now - timedelta(days=60),
            released_at=tx.now - timedelta(days=59),
        )
    )


def funded(world: Any, count: int = 1, terms: dict[str, Any] | None = None, **options: Any) -> list[UUID]:
    """Funded dossiers (the first is Tifaout's, the second the rival's); `world.call` is theirs."""
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        world.call = a_call(tx, world, **(terms or {}))
        session_id = a_session(tx, world)
        holders = [world.tifaout, world.rival_cooperative]
        holders += [_another(tx, n) for n in range(max(0, count - 2))]
        public(tx, world, world.call)
        return [
            a_decision(tx, world, world.call, session_id, holder, n, **options)
            for n, holder in enumerate(holders[:count], 1)
        ]


def public(tx: Tx, world: Any, call_id: UUID) -> None:
    """The results of the call are published."""
    tx.session.add(
        Publication(
            call_id=call_id, province_code=HERE, published_at=tx.now, published_by=world.people["officer"].id
        )
    )
    tx.session.flush()


def prepared(world: Any, **options: Any) -> UUID:
    """The convention of Tifaout, not signed yet."""
    (application_id,) = funded(world, **options)
    with transaction(world.officer) as tx:
        return commands.prepare(tx, application_id).id


def signed(world: Any, signed_on: date | None = None, **options: Any) -> UUID:
    """The convention of Tifaout, signed (today by default), its own contribution not proven yet."""
    convention_id = prepared(world, **options)
    with transaction(world.officer) as tx:
        day = signed_on or tx.now.date() - timedelta(days=1)
        commands.sign(tx, convention_id, day)
    return convention_id


def payable(world: Any, **options: Any) -> UUID:
    """The same, with its own contribution proven: the first tranche may be released."""
    convention_id = signed(world, **options)
    with transaction(world.officer) as tx:
        commands.prove_own(tx, convention_id, "Relevé bancaire")
    return convention_id


def tranches(convention_id: UUID) -> list[UUID]:
    """The ids of its tranches, in order."""
    from backend.funding.models import Tranche

    with transaction(SYSTEM) as tx:
        found = select(Tranche.id).where(Tranche.convention_id == convention_id).order_by(Tranche.number)
        return list(tx.session.scalars(found))


def version(convention_id: UUID) -> int:
    """Its current version."""
    with transaction(SYSTEM) as tx:
        return tx.session.scalars(select(Convention.version).where(Convention.id == convention_id)).one()


def _another(tx: Tx, n: int) -> UUID:
    from backend.people.models import LegalForm, Organisation

    made = Organisation(
        name={"fr": f"Coopérative {n}", "ar": f"تعاونية {n}"},
        legal_form=LegalForm.COOPERATIVE,
        province_code=HERE,
        commune_code="09.001.05.09",
        created_on=datetime(2019, 5, 2, tzinfo=UTC).date(),
    )
    tx.session.add(made)
    tx.session.flush()
    return made.id
