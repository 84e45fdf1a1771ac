"""Which decisions count: those that stand on their dossier, and among them those that give money."""

from sqlalchemy import ColumnElement, and_, or_

from .models import Decision, DecisionOutcome, DecisionState

PROPOSED, ADOPTED = DecisionState.PROPOSED, DecisionState.ADOPTED
STANDING = (PROPOSED, ADOPTED)
"""The one decision on a dossier that counts: others were set aside, replaced, or lapsed."""

DECIDED = (*STANDING, DecisionState.LAPSED)
"""Nothing is proposed anew on the dossier: what was given up or lapsed is not decided again."""
FINAL = (ADOPTED, DecisionState.REPLACED, DecisionState.LAPSED)
"""States of a decision that was adopted, whatever became of it."""


def stands() -> ColumnElement[bool]:
    """Proposed or adopted: nothing else may be proposed on its dossier."""
    return Decision.state.in_(STANDING)


def granted() -> ColumnElement[bool]:
    """Adopted, and its money may be drawn on: funded, or its conditions are met."""
    met = and_(Decision.outcome == DecisionOutcome.CONDITIONAL, Decision.conditions_met_at.is_not(None))
    return and_(Decision.state == DecisionState.ADOPTED, or_(Decision.outcome == DecisionOutcome.FUNDED, met))


def gives(decision: Decision) -> bool:
    """The same of one decision."""
    if decision.state is not DecisionState.ADOPTED:
        return False
    return decision.outcome is DecisionOutcome.FUNDED or bool(
        decision.outcome is DecisionOutcome.CONDITIONAL and decision.conditions_met_at
    )
