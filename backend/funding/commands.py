"""Preparing conventions from the committee's decisions, and moving their money."""

from collections.abc import Sequence
from datetime import date
from math import lcm
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, cast, func, select, text
from sqlalchemy.orm import joinedload
from uuid_utils.compat import uuid7

from ..applications.models import Application
from ..calls.callfile import CallFile
from ..calls.models import Call
from ..calls.queries import definition
from ..core.calendar import local
from ..core.errors import FORBIDDEN, INVALID, NOT_FOUND, WRONG_STATE, FieldError
from ..core.money import split
from ..core.shapes import written
from ..core.tx import Tx
from ..decisions.models import Decision
from ..decisions.standing import gives, granted, stands
from ..decisions.told import told
from .lifecycle import ALREADY_PREPARED, CONVENTION, LETTER_WAITS, NOT_FUNDED, TRANCHE
from .models import Convention, ConventionState, Tranche


def prepare(tx: Tx, application_id: UUID) -> Convention:
    """The convention of one funded dossier: 404 without a visible decision, 409 if it is not a grant."""
    found = select(Decision).where(Decision.application_id == application_id, stands())
    decision = tx.session.scalars(tx.visible(found, "award.read")).one_or_none()
    if decision is None:
        raise NOT_FOUND(thing="decision")
    if not gives(decision):
        raise NOT_FUNDED(
            state=f"state.decision.{decision.state}", outcome=f"enum.decision_outcome.{decision.outcome}"
        )
    if tx.session.scalar(select(told()).where(Decision.id == decision.id)) is not True:
        raise LETTER_WAITS(there=f"/das/calls/{decision.call_id}/letters")
    made = _prepare(tx, _awards(tx, Decision.id == decision.id))
    if not made:
        raise ALREADY_PREPARED(application_id=str(application_id))
    return made[0]


def prepare_call(tx: Tx, call_id: UUID) -> list[Convention]:
    """Conventions for every funded dossier of a call that has none yet, in rank order."""
    asked = tx.visible(select(Decision.id).where(Decision.call_id == call_id), "award.read")
    if tx.session.execute(asked.limit(1)).first() is None:
        raise NOT_FOUND(thing="call")
    made = _prepare(tx, _awards(tx, Decision.call_id == call_id))
    if not made:  # asked again: nothing was written, and that is an answer, unless letters wait
        untold = select(Decision.id).where(Decision.call_id == call_id, granted(), ~told())
        if tx.session.scalar(tx.visible(untold, "award.prepare").limit(1)):
            raise LETTER_WAITS(there=f"/das/calls/{call_id}/letters")
        tx.allowed = tx.recorded = True
    return made


def _awards(tx: Tx, which: ColumnElement[bool]) -> Sequence[Decision]:
    """Adopted grants without a convention, locked so that two officers do not prepare the same one twice.

    Once their letters left: a convention would tell a holder before hers does.
    """
    grants = (
        select(Decision)
        .where(
            which,
            granted(),
            told(),
            ~Decision.id.in_(select(Convention.decision_id)),
        )
        .order_by(Decision.rank, Decision.id)
        .options(joinedload(Decision.application))
        .with_for_update(of=Decision)
    )
    locked = tx.session.scalars(tx.visible(grants, "award.prepare")).all()
    # the lock may have waited for a colleague's commit: what she prepared meanwhile is not ours
    taken = set(
        tx.session.scalars(
            select(Convention.decision_id).where(Convention.decision_id.in_([d.id for d in locked]))
        )
    )
    return [decision for decision in locked if decision.id not in taken]


def _prepare(tx: Tx, decisions: Sequence[Decision]) -> list[Convention]:
    if not decisions:
        return []
    calls = tx.session.scalars(select(Call).where(Call.id.in_({d.call_id for d in decisions})))
    terms = {call.id: definition(call) for call in calls}
    numbers = _numbers(tx, decisions[0].province_code, len(decisions))
    made = [
        _convention(tx, d, number, terms[d.call_id]) for d, number in zip(decisions, numbers, strict=True)
    ]
    tx.session.add_all(made)
    tx.session.flush()
    mine = tx.visible(
        select(func.count()).select_from(Convention).where(Convention.id.in_([c.id for c in made])),
        "convention.prepare",
    )
    if tx.session.scalar(mine) != len(made):
        raise FORBIDDEN(rule="convention.prepare")
    tx.allowed = True
    for convention in made:
        tx.emit(
            "convention.prepared",
            convention,
            number=convention.number,
            amount_centimes=convention.amount_centimes,
            own_centimes=convention.own_centimes,
        )
    return made


def _numbers(tx: Tx, province: str, count: int) -> list[str]:
    """The next numbers of the year in the province, without a hole; a second officer waits for the first."""
    year = str(local(tx.now).year)
    tx.session.execute(
        text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": f"convention {province} {year}"}
    )
    last = tx.session.scalar(
        select(func.max(cast(func.split_part(Convention.number, "-", 2), Integer))).where(
            Convention.province_code == province, Convention.number.startswith(f"{year}-")
        )
    )
    first = (last or 0) + 1
    return [f"{year}-{n:03d}" for n in range(first, first + count)]


def _convention(tx: Tx, decision: Decision, number: str, terms: CallFile) -> Convention:
    application: Application = decision.application
    return Convention(
        id=uuid7(),
        tranches=tranches_of(decision, terms),
        number=number,
        application_id=application.id,
        decision_id=decision.id,
        call_id=decision.call_id,
        organisation_id=application.organisation_id,
        province_code=decision.province_code,
        amount_centimes=decision.amount_centimes,
        own_centimes=max(0, application.total_centimes - decision.amount_centimes),
        prepared_at=tx.now,
    )


def tranches_of(decision: Decision, terms: CallFile) -> list[Tranche]:
    """The grant shared by the call's exact shares: the parts add up to the centime."""
    over = lcm(*(tranche.share.denominator for tranche in terms.tranches))
    weights = [int(tranche.share * over) for tranche in terms.tranches]
    parts = split(decision.amount_centimes, weights)
    shared = [(amount, tranche) for amount, tranche in zip(parts, terms.tranches, strict=True) if amount]
    return [
        Tranche(
            province_code=decision.province_code,
            number=number,
            amount_centimes=amount,
            condition=dict(tranche.condition),
        )
        for number, (amount, tranche) in enumerate(shared, 1)
    ]


def prove_own(tx: Tx, convention_id: UUID, evidence: str, version: int | None = None) -> Convention:
    """Note the paper that shows the holder's own contribution (a bank statement, an invoice)."""
    convention = tx.get(Convention, convention_id, "convention.prove", version=version)
    if convention.state is ConventionState.CANCELLED:
        raise WRONG_STATE(
            state=f"state.convention.{convention.state}", allowed_verbs=CONVENTION.available(tx, convention)
        )
    convention.own_evidence = written(evidence, "evidence", 500)
    convention.own_proven_at = tx.now
    tx.emit(
        "convention.own_proven",
        convention,
        own_centimes=convention.own_centimes,
        evidence=convention.own_evidence,
    )
    return convention


def sign(tx: Tx, convention_id: UUID, signed_on: date, version: int | None = None) -> Convention:
    """Both have signed on that day: neither before the committee's decision nor in the future."""
    convention = tx.get(Convention, convention_id, "convention.sign", version=version)
    decided = tx.session.scalar(select(Decision.decided_at).where(Decision.id == convention.decision_id))
    first, last = local(decided or convention.prepared_at).date(), local(tx.now).date()
    if not first <= signed_on <= last:
        code = "signed_in_future" if signed_on > last else "signed_before_decision"
        raise INVALID([FieldError("signed_on", code, {"first": first.isoformat(), "last": last.isoformat()})])
    CONVENTION.fire(tx, convention, "sign", signed_on=signed_on.isoformat(), number=convention.number)
    convention.signed_on = signed_on
    return convention


def cancel(tx: Tx, convention_id: UUID, reason: str, version: int | None = None) -> Convention:
    """The agreement no longer stands; what was released stays released, nothing more will be."""
    convention = tx.get(Convention, convention_id, "convention.cancel", version=version)
    reason = written(reason, "reason", 1000)
    CONVENTION.fire(tx, convention, "cancel", reason=reason, number=convention.number)
    return convention


def release(tx: Tx, tranche_id: UUID, evidence: str) -> Tranche:
    """Pay a tranche on its evidence, in order; two officers at once pay it once."""
    parent = select(Tranche.convention_id).where(Tranche.id == tranche_id).scalar_subquery()
    # the convention first, always: every movement of its money queues behind this lock
    convention = tx.session.scalars(
        select(Convention)
        .where(Convention.id == parent)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    tranche = tx.get(Tranche, tranche_id, "tranche.release")
    assert convention is not None  # the tranche exists, and so does what it belongs to
    tranche.evidence = written(evidence, "evidence", 500)
    tranche.released_at = tx.now
    TRANCHE.fire(
        tx,
        tranche,
        "release",
        number=tranche.number,
        amount_centimes=tranche.amount_centimes,
        convention_id=str(convention.id),
        evidence=tranche.evidence,
    )
    return tranche
