"""What decisions ask of conventions: whether one is signed, and that one not signed follows its decision."""

from sqlalchemy import delete, exists, select
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
    """A convention that waits for its signatures takes the new amount and its tranches; one a dossier."""
    asked = select(Convention).where(
        Convention.decision_id == old.id, Convention.state == ConventionState.PREPARED
    )
    held = asked.options(joinedload(Convention.application)).with_for_update(of=Convention)
    convention = tx.session.scalars(held).one_or_none()
    if convention is None:
        return
    terms = definition(tx.session.get_one(Call, new.call_id))
    tx.session.execute(
        delete(Tranche).where(Tranche.convention_id == convention.id),
        execution_options={"synchronize_session": False},
    )
    for tranche in tranches_of(new, terms):
        tranche.convention_id = convention.id
        tx.session.add(tranche)
    before, convention.amount_centimes = convention.amount_centimes, new.amount_centimes
    convention.decision_id = new.id
    convention.own_centimes = max(0, convention.application.total_centimes - new.amount_centimes)
    tx.session.flush()
    tx.emit(
        "convention.redrawn", convention, number=convention.number, before=before, after=new.amount_centimes
    )
