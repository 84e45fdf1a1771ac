"""What is read in reviews."""

from .board import UNFINISHED, Board, Load, Need, Reader, Steered, board, listed, steered
from .giving import Candidate, Giving, giving, others
from .knowledge import communes_near, evaluators_of, knowledge, knows, may_know, without_commune
from .notes import Notebook, Noted, note, notebook, notes_of, own_review
from .ranking import (
    Ranking,
    Totals,
    may_rank,
    ranges,
    ranked_call,
    ranking,
    totals,
    whole_ranking,
)
from .stack import Identity, Opened, Staple, assignment, dossier, identity, stack
from .ties import Closeness, asked_of_her, doubts, suspected, ties_listed, told_ties

__all__ = [
    "UNFINISHED",
    "Board",
    "Candidate",
    "Closeness",
    "Giving",
    "Identity",
    "Load",
    "Need",
    "Notebook",
    "Noted",
    "Opened",
    "Ranking",
    "Reader",
    "Staple",
    "Steered",
    "Totals",
    "asked_of_her",
    "assignment",
    "board",
    "communes_near",
    "dossier",
    "doubts",
    "evaluators_of",
    "giving",
    "identity",
    "knowledge",
    "knows",
    "listed",
    "may_know",
    "may_rank",
    "note",
    "notebook",
    "notes_of",
    "others",
    "own_review",
    "ranges",
    "ranked_call",
    "ranking",
    "stack",
    "steered",
    "suspected",
    "ties_listed",
    "told_ties",
    "totals",
    "whole_ranking",
    "without_commune",
]
