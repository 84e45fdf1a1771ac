"""Decisions, and what follows from them: letters, results, appeals, questions of the public."""

from .after import (
    Appeal,
    AppealFile,
    AppealState,
    Letter,
    LetterKind,
    LetterState,
    Publication,
)
from .condition import (
    ConditionAudience,
    ConditionFile,
    ConditionReminder,
    ConditionState,
    DecisionCondition,
)
from .decision import Decision, DecisionOrigin, DecisionOutcome, DecisionState

__all__ = [
    "Appeal",
    "AppealFile",
    "AppealState",
    "ConditionAudience",
    "ConditionFile",
    "ConditionReminder",
    "ConditionState",
    "Decision",
    "DecisionCondition",
    "DecisionOrigin",
    "DecisionOutcome",
    "DecisionState",
    "Letter",
    "LetterKind",
    "LetterState",
    "Publication",
]
