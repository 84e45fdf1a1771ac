"""Ready appeals: a refused decision contested, given to somebody who did not decide, before a session."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from backend.applications.models import Application
from backend.committees import commands as committees
from backend.committees.models import BallotChoice
from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from backend.decisions.appeals import filing, settling, studying
from backend.decisions.models import Appeal, Decision, DecisionOutcome, DecisionState
from tests.committees import given as sittings
from tests.decisions import given

ANSWER = {"fr": "Le comité a entendu vos raisons.", "ar": "استمعت اللجنة إلى أسبابكم."}


def refused_decision(world: Any) -> UUID:
    """The decision that refuses Tifaout's dossier (made so: her dossier is as good as any other)."""
    given.adopted(world, 1)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        hers = select(Application.id).where(
            Application.organisation_id == world.tifaout, Application.call_id == world.call
        )
        found = tx.session.scalars(select(Decision).where(Decision.application_id.in_(hers))).one()
        tx.session.execute(
            update(Decision)
            .where(Decision.id == found.id)
            .values(outcome=DecisionOutcome.REFUSED, amount_centimes=0)
        )
        return found.id


def filed(world: Any, reasons: str = "Le terrain est à nous.") -> Appeal:
    decision = refused_decision(world)
    with transaction(world.holder) as tx:
        return filing.file_appeal(tx, decision, reasons)


def assigned(world: Any) -> Appeal:
    appeal = filed(world)
    with transaction(world.officer) as tx:
        return studying.assign(tx, appeal.id, world.officer.id)


def reported(world: Any) -> Appeal:
    appeal = assigned(world)
    with transaction(world.officer) as tx:
        return studying.report(tx, appeal.id, "Le titre foncier est au dossier.")


def scheduled(world: Any) -> Appeal:
    """On the agenda of an open session."""
    appeal = reported(world)
    world.later = sittings.open_session(world).id
    with transaction(world.officer) as tx:
        return settling.schedule(tx, appeal.id, world.later)


def put(world: Any, amount: int = 24_000_000) -> Appeal:
    appeal = scheduled(world)
    with transaction(world.officer) as tx:
        settling.put(tx, appeal.id, DecisionOutcome.FUNDED, amount)
    return again(appeal.id)


def voted(world: Any, choice: BallotChoice = BallotChoice.FOR) -> Appeal:
    appeal = put(world)
    assert appeal.motion_id
    with transaction(world.officer) as tx:
        for name in ("chair", "evaluator", "second"):
            committees.cast(tx, appeal.motion_id, world.seats[name], choice)
        committees.close_motion(tx, appeal.motion_id)
    return again(appeal.id)


def again(appeal_id: UUID) -> Appeal:
    with transaction(SYSTEM) as tx:
        return tx.session.get_one(Appeal, appeal_id)


def in_each_state(world: Any) -> dict[str, UUID]:
    """Appeals on refused dossiers of one call, one in each state: Tifaout's is filed, none is the rival's."""
    from sqlalchemy import insert
    from uuid_utils.compat import uuid7

    from backend.committees.models import Motion, MotionKind, MotionState

    decisions = given.adopted(world, 6)
    later = sittings.open_session(world).id
    made = {name: uuid7() for name in ("filed", "assigned", "reported", "scheduled", "voted")}
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        hers = {
            one.id: one
            for one in tx.session.scalars(select(Application).where(Application.call_id == world.call))
        }
        mine = sorted(
            (
                one
                for one in decisions
                if one.application_id in hers
                and hers[one.application_id].organisation_id != world.rival_cooperative
            ),
            key=lambda one: hers[one.application_id].organisation_id != world.tifaout,
        )
        tx.session.execute(
            update(Decision)
            .where(Decision.id.in_([one.id for one in mine]))
            .values(outcome=DecisionOutcome.REFUSED, amount_centimes=0)
        )
        motion = uuid7()
        tx.session.execute(
            insert(Motion).values(
                id=motion, session_id=later, province_code="09.001", number=90, text=ANSWER,
                kind=MotionKind.OTHER, state=MotionState.ADOPTED, opened_at=tx.now,
            )
        )  # fmt: skip
        for name, decision in zip(made, mine, strict=False):
            state = name if name in ("filed", "assigned") else "reported"
            tx.session.execute(
                insert(Appeal).values(
                    id=made[name], decision_id=decision.id, application_id=decision.application_id,
                    province_code="09.001", number=f"{hers[decision.application_id].number}-R1", state=state,
                    reasons="Le terrain est à nous.", filed_at=tx.now, filed_by=world.holder.id, version=1,
                    handler_id=None if name == "filed" else world.officer.id,
                    session_id=later if name in ("scheduled", "voted") else None,
                    motion_id=motion if name == "voted" else None,
                    wanted_outcome="waiting" if name == "voted" else None,
                )
            )  # fmt: skip
    made["session"] = sittings.session(world, sittings.later(40)).id
    return made


def standing(world: Any, appeal: Appeal) -> Decision:
    """The decision in force on the dossier of the appeal."""
    with transaction(SYSTEM) as tx:
        asked = select(Decision).where(
            Decision.application_id == appeal.application_id, Decision.state == DecisionState.ADOPTED
        )
        return tx.session.scalars(asked).one()
