"""« Puis-je candidater ? »: the questions that a call's own rules ask, and what they say of the answers.

Nothing is kept: answers come, verdicts go. Pure; the province's priority chains are given.
"""

from .answers import read_json, read_typed
from .questions import ELSEWHERE, Question, questions
from .verdict import Told, Verdict, verdict

__all__ = ["ELSEWHERE", "Question", "Told", "Verdict", "questions", "read_json", "read_typed", "verdict"]
