"""Decisions, and what follows from them: letters, results, appeals, questions of the public."""

from .after import (
    Appeal,
    AppealFile,
    AppealState,
    ClockAlert,
    InformationRequest,
    InformationState,
    Letter,
    LetterKind,
    LetterState,
    Publication,
)
from .decision import Decision, DecisionOrigin, DecisionOutcome, DecisionState

__all__ = [
    "Appeal",
    "AppealFile",
    "AppealState",
    "ClockAlert",
    "Decision",
    "DecisionOrigin",
    "DecisionOutcome",
    "DecisionState",
    "InformationRequest",
    "InformationState",
    "Letter",
    "LetterKind",
    "LetterState",
    "Publication",
]
