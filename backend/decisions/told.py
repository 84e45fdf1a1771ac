"""What was told of decisions: the one in force as its holder knows it, and what of it is everybody's.

A decision that lapsed, or that another replaced, stands as before for whoever reads by these conditions until
the letter that says so was released (docs/decisions/0016); results are public once published (0017).
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from ..core.calendar import local
from ..core.tx import Tx
from .models import Decision, DecisionOutcome, Letter, LetterKind, LetterState, Publication
from .standing import FINAL

# another name of the table: these conditions also stand in statements that read letters
_Letter = aliased(Letter, name="told_letter")
RELEASED = _Letter.state == LetterState.RELEASED


def appeal_ends(released_at: datetime, days: int) -> date:
    """The last day to contest, on Casablanca's calendar: the day of the letter's release does not count.

    The letter and the decision's page both say this one.
    """
    return local(released_at).date() + timedelta(days=days)


def told() -> ColumnElement[bool]:
    """Adopted, and the letter that says so was released, whatever became of it."""
    sent = exists().where(_Letter.decision_id == Decision.id, RELEASED, _Letter.kind != LetterKind.LAPSED)
    return and_(Decision.state.in_(FINAL), sent)


def lapse_told() -> ColumnElement[bool]:
    """The letter that says that it lapsed was released."""
    return exists().where(_Letter.decision_id == Decision.id, RELEASED, _Letter.kind == LetterKind.LAPSED)


def in_force_as_told() -> ColumnElement[bool]:
    """Told, and no released letter says that it lapsed or that a later decision took its place."""
    later = exists().where(
        _Letter.application_id == Decision.application_id, RELEASED, _Letter.decision_id > Decision.id
    )  # identifiers grow with time
    return and_(told(), ~lapse_told(), ~later)


def published() -> ColumnElement[bool]:
    """The results of its call were published, and its own letter was released: it is everybody's."""
    return and_(Decision.call_id.in_(select(Publication.call_id)), told())


def named() -> ColumnElement[bool]:
    """Public with its project's name: a refused project is counted, never named, not even by its proof."""
    return and_(published(), Decision.outcome != DecisionOutcome.REFUSED)


def known(tx: Tx, keys: Collection[UUID]) -> dict[UUID, UUID]:
    """For each of these decisions the one that the actor may know of.

    The one that it follows, until the letter that says that an appeal replaced it is released.
    """
    mine = tx.visible(select(Decision.id).where(Decision.id.in_(list(keys))), "decision.read")
    asked = select(Decision.id, Decision.follows_id).where(
        Decision.id.in_(list(keys)), Decision.id.not_in(mine)
    )
    before = {key: follows for key, follows in tx.session.execute(asked) if follows}
    return {key: before.get(key, key) for key in keys}


def funded_in_public() -> ColumnElement[bool]:
    """Public, in force as told, and giving money: funded, or its conditions are met."""
    met = and_(Decision.outcome == DecisionOutcome.CONDITIONAL, Decision.conditions_met_at.is_not(None))
    return and_(
        Decision.call_id.in_(select(Publication.call_id)),
        in_force_as_told(),
        or_(Decision.outcome == DecisionOutcome.FUNDED, met),
    )
