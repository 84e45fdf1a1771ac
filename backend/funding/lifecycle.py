"""The life of a convention and of each of its tranches."""

from sqlalchemy import exists, select

from ..core.errors import Problem, problem
from ..core.events import declare
from ..core.machine import Machine, T
from ..core.tx import Tx
from ..decisions.appeals.lifecycle import PENDING
from ..decisions.models import Appeal, Decision
from ..decisions.told import told
from .models import Convention, ConventionState, Tranche, TrancheState

NOT_FUNDED = problem("not_funded", 409)
ALREADY_PREPARED = problem("convention_exists", 409)
NOT_SIGNED = problem("convention_not_signed", 409)
OWN_NOT_PROVEN = problem("own_contribution_not_proven", 409)
EARLIER_TRANCHE = problem("earlier_tranche_not_released", 409)
LETTER_WAITS = problem("letter_waits", 409)
CONTESTED = problem("grant_contested", 409)
OVER_GRANT = problem("more_than_granted", 409)

declare("convention.prepared", "convention.own_proven", "convention.redrawn")


def _convention(tx: Tx, tranche: Tranche) -> Convention:
    convention = tx.session.get(Convention, tranche.convention_id)
    assert convention is not None  # a foreign key says so
    return convention


def signed(tx: Tx, tranche: Tranche) -> Problem | None:
    """No money under an agreement that is not signed, or no longer stands."""
    convention = _convention(tx, tranche)
    if convention.state is ConventionState.SIGNED:
        return None
    return NOT_SIGNED(number=convention.number, state=f"state.convention.{convention.state}")


def own_proven(tx: Tx, tranche: Tranche) -> Problem | None:
    """The holder's own contribution comes first."""
    convention = _convention(tx, tranche)
    if convention.own_proven_at or not convention.own_centimes:
        return None
    return OWN_NOT_PROVEN(number=convention.number, own_centimes=convention.own_centimes)


def in_order(tx: Tx, tranche: Tranche) -> Problem | None:
    """Earlier tranches first, and never more in all than what was granted."""
    convention = _convention(tx, tranche)
    siblings = tx.session.execute(
        select(Tranche.number, Tranche.state, Tranche.amount_centimes)
        .where(Tranche.convention_id == tranche.convention_id, Tranche.id != tranche.id)
        .order_by(Tranche.number)
    ).all()
    waiting = [n for n, state, _amount in siblings if n < tranche.number and state is TrancheState.PLANNED]
    if waiting:
        return EARLIER_TRANCHE(number=tranche.number, earlier=waiting[0])
    released = sum(amount for _n, state, amount in siblings if state is TrancheState.RELEASED)
    if released + tranche.amount_centimes > convention.amount_centimes:
        return OVER_GRANT(released_centimes=released, amount_centimes=convention.amount_centimes)
    return None


def uncontested(tx: Tx, convention: Convention) -> Problem | None:
    """Whoever signs agrees to the amount: her appeal against it is settled or withdrawn first."""
    pending = exists().where(Appeal.decision_id == convention.decision_id, Appeal.state.in_(PENDING))
    return CONTESTED(number=convention.number) if tx.session.scalar(select(pending)) else None


def letter_left(tx: Tx, convention: Convention) -> Problem | None:
    """Nobody signs for what the holder was not told: the letter on the decision in force left first."""
    known = select(told()).where(Decision.id == convention.decision_id)
    if tx.session.scalar(known):
        return None
    return LETTER_WAITS(there=f"/das/calls/{convention.call_id}/letters")


CONVENTION = Machine(
    Convention.state,
    T(
        "sign",
        {ConventionState.PREPARED},
        ConventionState.SIGNED,
        "convention.signed",
        "convention.sign",
        (uncontested, letter_left),
    ),
    T(
        "cancel",
        {ConventionState.PREPARED, ConventionState.SIGNED},
        ConventionState.CANCELLED,
        "convention.cancelled",
        "convention.cancel",
    ),
)

TRANCHE = Machine(
    Tranche.state,
    T(
        "release",
        {TrancheState.PLANNED},
        TrancheState.RELEASED,
        "tranche.released",
        "tranche.release",
        (signed, own_proven, in_order),
    ),
)
