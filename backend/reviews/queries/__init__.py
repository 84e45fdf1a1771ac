"""What is read in reviews."""

from .board import UNFINISHED, Board, Load, Need, Reader, Steered, board, listed, steered
from .giving import Candidate, Giving, giving, others
from .knowledge import communes_near, evaluators_of, knowledge, knows, may_know, without_commune
from .notes import Notebook, Noted, note, notebook, notes_of, own_review
from .ranking import (
    Method,
    Ranking,
    Totals,
    may_rank,
    method,
    ranges,
    ranked_call,
    ranking,
    totals,
    whole_ranking,
)
from .record import current, document, record
from .report import Panel, panel
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
    "Method",
    "Need",
    "Notebook",
    "Noted",
    "Opened",
    "Panel",
    "Ranking",
    "Reader",
    "Staple",
    "Steered",
    "Totals",
    "asked_of_her",
    "assignment",
    "board",
    "communes_near",
    "current",
    "document",
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
    "method",
    "note",
    "notebook",
    "notes_of",
    "others",
    "own_review",
    "panel",
    "ranges",
    "ranked_call",
    "ranking",
    "record",
    "stack",
    "steered",
    "suspected",
    "ties_listed",
    "told_ties",
    "totals",
    "whole_ranking",
    "without_commune",
]
