"""What decisions ask of conventions: whether one is signed, and that one not signed follows its decision."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import joinedload

from ..calls.models import Call
from ..calls.queries import definition
from ..core.tx import Tx
from ..decisions import hooks
from ..decisions.models import Decision
from .commands import tranches_of
from .models import Convention, ConventionState, Tranche


@hooks.agreement
def signed(tx: Tx, decision: Decision) -> bool:
    """Both have signed the convention of this decision."""
    held = exists().where(Convention.decision_id == decision.id, Convention.state == ConventionState.SIGNED)
    return bool(tx.session.scalar(select(held)))


@hooks.after_replacement
def follow(tx: Tx, old: Decision, new: Decision) -> None:
    """A convention that waits for its signatures rests on the new decision; one a dossier.

    What its holder reads of it, its version included, stays as it is until the letter leaves (`redraw`);
    nobody signs it meanwhile.
    """
    waits = update(Convention).where(
        Convention.decision_id == old.id, Convention.state == ConventionState.PREPARED
    )
    tx.session.execute(waits.values(decision_id=new.id), execution_options={"synchronize_session": "fetch"})


@hooks.after_release
def redraw(tx: Tx, decision_ids: Collection[UUID]) -> None:
    """Her letter left: the convention not signed yet takes the amount that it says, and its tranches."""
    asked = (
        select(Convention, Decision)
        .join(Decision, Decision.id == Convention.decision_id)
        .where(
            Decision.id.in_(list(decision_ids)),
            Convention.state == ConventionState.PREPARED,
            Convention.amount_centimes != Decision.amount_centimes,
        )
        .options(joinedload(Convention.application))
        .order_by(Convention.id)
        .with_for_update(of=Convention)
    )
    for convention, decision in tx.session.execute(asked).all():
        _redrawn(tx, convention, decision)


def _redrawn(tx: Tx, convention: Convention, decision: Decision) -> None:
    tx.session.execute(
        delete(Tranche).where(Tranche.convention_id == convention.id),
        execution_options={"synchronize_session": False},
    )
    for tranche in tranches_of(decision, definition(tx.session.get_one(Call, decision.call_id))):
        tranche.convention_id = convention.id
        tx.session.add(tranche)
    before, convention.amount_centimes = convention.amount_centimes, decision.amount_centimes
    convention.own_centimes = max(0, convention.application.total_centimes - decision.amount_centimes)
    tx.session.flush()
    tx.emit(
        "convention.redrawn",
        convention,
        number=convention.number,
        before=before,
        after=decision.amount_centimes,
    )
