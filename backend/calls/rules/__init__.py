"""Rules of a call as data: catalogue of facts, conditions, exact evaluation, plain words. Pure."""

from backend.calls.rules.derive import Member, complete, member_facts
from backend.calls.rules.evaluate import Outcome
from backend.calls.rules.facts import CATALOGUE, Fact, Facts, FactValue, Kind
from backend.calls.rules.model import Condition, Localized, Result, Rule, evaluate, evaluate_all
from backend.calls.rules.words import in_words

__all__ = [
    "CATALOGUE",
    "Condition",
    "Fact",
    "FactValue",
    "Facts",
    "Kind",
    "Localized",
    "Member",
    "Outcome",
    "Result",
    "Rule",
    "complete",
    "evaluate",
    "evaluate_all",
    "in_words",
    "member_facts",
]
