"""A grant that is given up, or lost by its convention's date: the decision lapses, and its money is free."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, exists, func, select

from ..calls.models import Call
from ..core.calendar import local
from ..core.errors import NOT_FOUND, problem
from ..core.i18n import codes
from ..core.tx import Tx
from ..decisions import commands as decisions
from ..decisions.appeals.lifecycle import PENDING
from ..decisions.models import Appeal, Decision, DecisionState, Letter, LetterState
from ..decisions.standing import granted
from .lifecycle import CONVENTION
from .models import Convention, ConventionState

CONVENTION_STANDS = problem("convention_stands", 409)
BATCH = 200


@codes
def ending_codes() -> Iterable[str]:
    """Why a decision stands no more."""
    yield from (f"enum.ended_because.{why}" for why in decisions.WHY)


def renounce(tx: Tx, application_id: UUID, reason: str) -> Decision:
    """The holder gives up what she was granted, or her place on the list; an officer may note it for her.

    Once the convention is signed it is not the decision that ends: the convention is cancelled.
    """
    asked = select(Decision).where(
        Decision.application_id == application_id, Decision.state == DecisionState.ADOPTED
    )
    found = tx.session.scalars(tx.visible(asked, "decision.read")).one_or_none()
    if found is None:
        raise NOT_FOUND(thing="decision")
    ended = decisions.end(tx, found.id, "renounced", reason)
    held = select(Convention).where(Convention.decision_id == ended.id).with_for_update()
    convention = tx.session.scalars(held).one_or_none()
    if convention is not None and convention.state is not ConventionState.CANCELLED:
        raise CONVENTION_STANDS(number=convention.number)
    return ended


def lapse_late(tx: Tx) -> int:
    """End the grants whose convention was not signed within the call's days of the released letter.

    The last day counts whole, in Casablanca. An appeal against the amount stops the days, which run anew from
    its settlement; of a grant under conditions they run from the day on which the last one was confirmed. A
    missed run loses nothing; a convention that was prepared is cancelled with it. Returns how many.
    """
    ended = 0
    for key in _late(tx)[:BATCH]:
        held = select(Convention).where(Convention.decision_id == key).with_for_update()
        decisions.lock_call(tx, key)
        tx.session.execute(select(Decision.id).where(Decision.id == key).with_for_update(of=Decision))
        conventions = tx.session.scalars(held.execution_options(populate_existing=True)).all()
        if not _late(tx, Decision.id == key):
            continue  # signed or contested a moment before: what the locks waited for stands
        decisions.end(tx, key, "convention_missed")
        for convention in conventions:
            CONVENTION.fire(tx, convention, "cancel", reason="convention_missed", number=convention.number)
        ended += 1
    if not ended:
        tx.allowed = tx.recorded = True
    return ended


def _late(tx: Tx, *which: ColumnElement[bool]) -> list[UUID]:
    """The grants, told, whose days to sign are over; the first told first."""
    days = Call.definition["following"]["convention_days"].astext.cast(Integer)
    signed = exists().where(
        Convention.decision_id == Decision.id, Convention.state != ConventionState.PREPARED
    )
    contested = exists().where(Appeal.decision_id == Decision.id, Appeal.state.in_(PENDING))
    settled = select(func.max(Appeal.settled_at)).where(Appeal.decision_id == Decision.id).scalar_subquery()
    asked = (
        select(Decision.id, func.greatest(Letter.released_at, settled, Decision.conditions_met_at), days)
        .join(Call, Call.id == Decision.call_id)
        .join(Letter, Letter.decision_id == Decision.id)
        .where(granted(), Letter.state == LetterState.RELEASED, days.is_not(None), ~signed)
        .where(~contested, *which)
        .order_by(Letter.released_at, Decision.id)
    )
    return [
        key
        for key, since, allowed in tx.session.execute(asked)
        if local(tx.now).date() > local(since).date() + timedelta(days=allowed)
    ]
